"""Which pixels of a scan are ink: strokes that are darker than the paper about them, however dark or uneven that is.

1. The paper's own lightness is what remains when everything narrower than `_CLOSED` is taken away.
2. Ink is darker than halfway between the paper and the darkest ink nearby; paler ink is found only where there is no dark one.
3. What is as broad as it is long (pictures, black edges, holes) is no ink, nor are specks: both stay in the paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

_CLOSED, _SMOOTH = 7.0, 2.0
"""Millimetres: the broadest ink that paper is seen through, and over how much its lightness is smoothed."""
_NEAR = 1.0
"""Millimetres within which ink is compared with ink."""
_DARKEST_PAPER = 0.4
"""Of the lightest paper of a page: what is darker is no paper but the lid of the scanner."""
WHITE = 250
"""Lightness of paper once it is made even."""
_HALFWAY = 0.58
"""Where ink begins, from the darkest nearby (0) to the paper (1)."""
_SURELY = 150
"""Lightness below which everything is ink, however dark its neighbours are."""
_LEAST, _ABOVE_GRAIN = 30.0, 8.0
"""By how much ink must be darker than even paper: at least, and as a multiple of the grain, of which dark paper has more."""
_BROAD = 6.0
"""Millimetres from which what is broad and long is no stroke."""
_SPECK = 0.03
"""Square millimetres of black: what has less ink is a speck."""
_COARSE = 4
"""Paper is looked for on a copy so many times smaller."""


def lightness(picture: Grey) -> Grey:
    """`(height, width)` of a grey or an RGB picture: coloured ink counts as dark as its darkest colour makes it, by half."""
    if picture.ndim == 2:
        return picture
    darkest = cv2.min(cv2.min(picture[..., 0], picture[..., 1]), picture[..., 2])
    return np.asarray(cv2.addWeighted(darkest, 0.5, cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 0.5, 0), np.uint8)


@dataclass(frozen=True, slots=True)
class Evened:
    """Lightness with the paper at `WHITE` everywhere, and the paper's own lightness on a smaller copy."""

    light: Grey
    paper: Grey


def even(light: Grey, mm: float) -> Evened:
    """The lightness of a page made even; `mm`: pixels of a millimetre."""
    high, wide = light.shape
    side = mm / _COARSE
    paper = cv2.morphologyEx(_smaller(light, _COARSE), cv2.MORPH_CLOSE, _square(_CLOSED * side), borderType=cv2.BORDER_REPLICATE)
    paper = cv2.GaussianBlur(paper, (0, 0), max(_SMOOTH * side / 2, 0.5), borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(paper, np.uint8(max(1, _DARKEST_PAPER * np.percentile(paper, 90))))
    whole = cv2.resize(paper, (wide, high), interpolation=cv2.INTER_LINEAR)
    return Evened(np.asarray(cv2.divide(light, whole, scale=WHITE), np.uint8), np.asarray(paper, np.uint8))


def strokes(page: Evened, mm: float) -> Mask:
    """The ink of a page."""
    high, wide = page.light.shape
    soft = _smaller(page.light, 2)
    darkest = cv2.erode(soft, _square(_NEAR * mm / 2)).astype(np.float32)
    gain = float(np.median(page.paper)) / cv2.resize(page.paper, soft.shape[::-1], interpolation=cv2.INTER_LINEAR)
    contrast = np.maximum(_LEAST, _ABOVE_GRAIN * grain(soft) * gain)
    limit = np.maximum(darkest + _HALFWAY * (WHITE - darkest), _SURELY)
    limit[darkest > WHITE - contrast] = 0
    inside = page.light < cv2.resize(limit.astype(np.uint8), (wide, high), interpolation=cv2.INTER_LINEAR)
    return without_specks(inside & ~_broad(inside, mm), page.light, _SPECK * mm * mm)


def without_specks(mask: Mask, evened: Grey, least: float) -> Mask:
    """The mask without components of less ink than so many pixels of black have."""
    _, labels = cv2.connectedComponents(mask.view(np.uint8), connectivity=8)
    where = np.flatnonzero(mask)
    of = labels.reshape(-1)[where]
    ink = np.bincount(of, weights=np.float32(WHITE) - evened.reshape(-1)[where])
    out = np.zeros(mask.shape, np.bool_)
    out.reshape(-1)[where[(ink >= least * WHITE)[of]]] = True
    return out


def _broad(mask: Mask, mm: float) -> Mask:
    """Where the mask is filled over more than a stroke's breadth."""
    high, wide = mask.shape
    small = _smaller(mask.view(np.uint8) * np.uint8(255), _COARSE)
    filled = cv2.morphologyEx((small > 200).view(np.uint8), cv2.MORPH_OPEN, _square(_BROAD * mm / _COARSE))
    if not filled.any():
        return np.zeros(mask.shape, np.bool_)
    around = cv2.dilate(filled, _square(_BROAD / 2 * mm / _COARSE))
    return np.asarray(cv2.resize(around, (wide, high), interpolation=cv2.INTER_NEAREST), np.bool_)


def grain(soft: Grey) -> float:
    """Standard deviation of the paper's lightness, by the median of differences between neighbours that are paper."""
    one, other = soft[::2, 2::2], soft[::2, :-2:2][:, : soft[::2, 2::2].shape[1]]
    step = np.abs(one.astype(np.int16) - other)[(one > 200) & (other > 200)]
    return float(np.median(step)) * 1.05 if step.size else 0.0


def _smaller(picture: Grey, times: int) -> Grey:
    high, wide = picture.shape
    return np.asarray(cv2.resize(picture, (max(1, wide // times), max(1, high // times)), interpolation=cv2.INTER_AREA), np.uint8)


def _square(across: float) -> Grey:
    side = max(3, round(across) | 1)
    return np.ones((side, side), np.uint8)
