"""How far a page leans, and the matrix that sets it upright."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from domain.pages import Box
from ocr import clean, pictures
from ocr.engine import Gray

_SIDE = 900
"""Longer side, in pixels, of the copy on which the lean is measured."""
_LONGEST = 3.0
"""How often the shorter side goes into what of a longer one counts for that: a strip from a roll keeps its width."""
_COARSE = np.arange(-12.0, 12.01, 0.5)
_FINE = np.arange(-0.4, 0.41, 0.1)
MARGIN_ACROSS, _MARGIN_DOWN = 0.05, 0.03
"""Parts of a page's sides that a thumbnail leaves out at each end."""
_UNNOTICED = 0.08
"""Degrees below which a page counts as straight."""

Numbers = npt.NDArray[np.intp]
Transform = npt.NDArray[np.float64]
"""2 × 3: from pixels of the scan after quarter turns to pixels of the straightened copy."""


def thumbnail_of_ink(gray: Gray) -> Gray:
    """Ink as ones on a small, evenly lit copy, the outermost strips left out: scanners' borders and holes lie there."""
    ink = (clean.evened(pictures.small(gray, min(1.0, _SIDE / min(max(gray.shape), _LONGEST * min(gray.shape))))) < 190).astype(
        np.uint8
    )
    margin_x, margin_y = round(ink.shape[1] * MARGIN_ACROSS), round(ink.shape[0] * _MARGIN_DOWN)
    return ink[margin_y : ink.shape[0] - margin_y, margin_x : ink.shape[1] - margin_x]


def lean(thumbnail: Gray) -> float:
    """Degrees by which a page leans clockwise (−12..12): the shear under which rows of its ink and rows of its paper differ most.

    `thumbnail`: as `thumbnail_of_ink` makes it of the page.
    """
    return _measured(thumbnail)[0]


def lean_of_columns(thumbnail: Gray) -> float | None:
    """The same of a page whose lines run up or down; None where they do not."""
    across, down = _measured(thumbnail), _measured(np.rot90(thumbnail))
    return down[0] if down[1] > across[1] else None


def _measured(thumbnail: Gray) -> tuple[float, float]:
    """The lean, and how much rows differ under it."""
    rows, columns = np.nonzero(_writing(np.ascontiguousarray(thumbnail)))
    if not len(rows):
        return 0.0, 0.0
    best = max(_COARSE, key=lambda angle: _contrast_of_rows(rows, columns, angle))
    best = max(best + _FINE, key=lambda angle: _contrast_of_rows(rows, columns, angle))
    return round(float(best), 2) if abs(best) >= _UNNOTICED else 0.0, _contrast_of_rows(rows, columns, best)


def _writing(ink: Gray) -> Gray:
    """Ink without pictures, frames and borders: what is much taller than a line or a very long stroke."""
    height, width = ink.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall = stats[:, cv2.CC_STAT_HEIGHT] > height * 0.08
    long = (stats[:, cv2.CC_STAT_WIDTH] > width * 0.5) & (stats[:, cv2.CC_STAT_HEIGHT] > 40)
    bad = tall | long
    bad[0] = True
    return np.asarray(~bad[labels], dtype=np.uint8)


def _contrast_of_rows(rows: Numbers, columns: Numbers, degrees: float) -> float:
    sheared = np.rint(rows - columns * math.tan(math.radians(degrees))).astype(np.intp)
    steps = np.diff(np.bincount(sheared - sheared.min()))
    return float((steps * steps).sum())


@dataclass(frozen=True, slots=True)
class Straightened:
    """The straight copy and how to go back from it."""

    gray: Gray
    transform: Transform
    inverse: tuple[tuple[float, float, float], ...]
    """The way back, as numbers: a page has hundreds of boxes."""

    def back(self, box: Box) -> Box:
        """The upright rectangle on the scan that holds a box of the straight copy."""
        (x0, x1), (y0, y1) = (_reach(row, box) for row in self.inverse)
        return Box(x0, y0, x1, y1)


def _reach(row: tuple[float, float, float], box: Box) -> tuple[float, float]:
    """The least and the greatest value that a row of a matrix takes in a box."""
    across, down, shift = row
    left, right, top, bottom = across * box.x0, across * box.x1, down * box.y0, down * box.y1
    return min(left, right) + min(top, bottom) + shift, max(left, right) + max(top, bottom) + shift


def straightened(gray: Gray, degrees: float, factor: float, left: int = 0) -> Straightened:
    """Turn back a lean, on a canvas that loses no corner. `factor`: size of `gray` over that of the scan; `left`: where `gray`
    begins on a copy of that size, in pixels.
    """
    height, width = gray.shape
    scale = np.array([[factor, 0, -left], [0, factor, 0], [0, 0, 1.0]])
    if degrees == 0:
        return _with_way_back(gray, scale[:2])
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    sine, cosine = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    wide, high = math.ceil(width * cosine + height * sine), math.ceil(height * cosine + width * sine)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    turned = cv2.warpAffine(gray, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return _with_way_back(np.asarray(turned, dtype=np.uint8), matrix @ scale)


def _with_way_back(gray: Gray, transform: Transform) -> Straightened:
    first, second = cv2.invertAffineTransform(transform).tolist()
    return Straightened(gray, transform, (tuple(first), tuple(second)))
