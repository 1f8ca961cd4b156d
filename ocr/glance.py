"""A small copy of what is read, upright but not straightened, on which the parts of a page are told apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from domain.pages import Box
from ocr import clean, pictures
from ocr.engine import Gray
from ocr.view import View

_FINEST = 100
"""Resolution (dpi) of the copy at most; it is at least half of that where the scan is."""
_INK = 190
"""On evenly lit paper; thin strokes grow pale on a small copy."""
_RED, _PALE = 40, 110
"""What is redder than the paper by so much, and not darker than that, is red ink: the red channel may show a little of it."""
_WHITE = 235.0
"""What the paper is brought to before colours are compared: yellowed sheets are not red."""

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Glance:
    """All of `(height, width)` and of the same size."""

    gray: Gray
    """The red channel, as it is."""
    ink: Gray
    """1 where ink is, 0 elsewhere; red ink is none."""
    red: Gray | None
    """How much redder than the paper, 0..255; None: the scan has no colour."""
    blue: Gray | None
    dpi: float
    factor: float
    """Its size over that of `View.whole`."""

    @property
    def mm(self) -> float:
        """Pixels of a millimetre."""
        return self.dpi / 25.4

    def on_whole(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A box of the copy in pixels of `View.whole`, turned."""
        return Box(left / self.factor, top / self.factor, right / self.factor, bottom / self.factor)

    def of_whole(self, box: Box) -> tuple[int, int, int, int]:
        """Such a box in whole pixels of the copy: x0, y0, x1, y1."""
        high, wide = self.gray.shape
        x0, x1 = (min(max(round(x * self.factor), 0), wide) for x in (box.x0, box.x1))
        y0, y1 = (min(max(round(y * self.factor), 0), high) for y in (box.y0, box.y1))
        return x0, y0, x1, y1


def glance(seen: View, picture: Image.Image, rotation: int) -> Glance:
    """Of a decoded page; `rotation`: the clockwise quarter turns that set it upright."""
    step = 1
    while seen.fine / step > _FINEST:
        step *= 2
    small = pictures.turned(pictures.small(seen.whole, 1 / step), rotation)
    ink = np.asarray(clean.evened(small) < _INK, np.uint8)
    flat = picture if seen.sheet is None else Image.fromarray(seen.sheet.flat(np.asarray(picture)))
    red, blue = _colours(flat, small.shape, rotation)
    if red is not None:
        ink[(red > _RED) & (small > _PALE)] = 0
    return Glance(small, ink, red, blue, seen.fine / step, 1 / step)


def _colours(picture: Image.Image, shape: tuple[int, ...], rotation: int) -> tuple[Gray, Gray] | tuple[None, None]:
    """How much redder and how much bluer than the paper each pixel is; of every few pixels one is looked at."""
    if picture.mode != "RGB":
        return None, None
    high, wide = shape if rotation % 180 == 0 else shape[::-1]
    few = np.rot90(np.asarray(picture.resize((wide, high), Image.Resampling.NEAREST)), -rotation // 90)
    paper = np.median(few[::4, ::4].reshape(-1, 3), axis=0).clip(1)
    r, g, b = (cv2.convertScaleAbs(channel, alpha=_WHITE / bright) for channel, bright in zip(cv2.split(few), paper, strict=True))
    red, blue = cv2.subtract(r, cv2.max(g, b)), cv2.subtract(b, r)
    return (np.asarray(red, np.uint8), np.asarray(blue, np.uint8)) if max(int(red.max()), int(blue.max())) else (None, None)
