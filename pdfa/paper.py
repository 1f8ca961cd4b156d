"""The paper without its ink: what is left between the strokes, coarse, with the holes filled from what lies about them."""

from __future__ import annotations

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from pdfa.jpeg import jpeg_picture
from pdfa.pictures import Picture
from pdfa.strokes import Grey, Mask

_EDGE = 0.12
"""Millimetres beside ink that are no clean paper: edges are blurred."""
_ENOUGH = 0.3
"""Part of a coarse pixel that must be paper for its own colour to count."""
_REACHES = (1.5, 6.0, 24.0, 96.0)
"""How far holes look for paper, in coarse pixels, one after the other."""


def paper(picture: Grey, ink: Mask, mm: float, dpi: float) -> Grey:
    """The picture without ink at about `dpi`; `mm`: pixels of a millimetre."""
    high, wide = ink.shape
    factor = min(1.0, dpi / (mm * 25.4))
    size = max(1, round(wide * factor)), max(1, round(high * factor))
    side = 2 * round(_EDGE * mm) + 1
    clean = np.asarray(cv2.dilate(ink.view(np.uint8), np.ones((side, side), np.uint8)) == 0).view(np.uint8)
    weight = cv2.resize(clean * np.uint8(255), size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    masked = picture * (clean if picture.ndim == 2 else clean[..., None])
    total = cv2.resize(masked, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    filled = _filled(total.reshape(*weight.shape, -1), np.asarray(weight[..., None], np.float32))
    return filled if picture.ndim == 3 else filled[..., 0]


def _filled(total: npt.NDArray[np.float32], weight: npt.NDArray[np.float32]) -> Grey:
    """Colours where there is paper enough, else those of the paper about."""
    out = total / np.maximum(weight, 1e-3)
    known = weight[..., 0] >= _ENOUGH
    for reach in _REACHES:
        if known.all():
            break
        near = cv2.GaussianBlur(weight, (0, 0), reach)
        colours = cv2.GaussianBlur(total, (0, 0), reach).reshape(total.shape) / np.maximum(near, 1e-6)[..., None]
        found = ~known & (near > 0.02)
        out[found] = colours[found]
        known |= found
    out[~known] = 255
    return np.asarray(out.clip(0, 255), dtype=np.uint8)


def jpeg(picture: Grey, quality: int, icc: bytes | None = None) -> Picture:
    """A JPEG as small as its quality allows; colours at half the resolution, as scanners do."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=icc)
    return jpeg_picture(out.getvalue())
