"""Two sheets fed at once: the edge of one of them within the picture.

1. A dark straight line from border to border is an edge, a fold or a rule. It is looked for in strips side by side, in each of
   which writing is left out: most of a row of letters is paper.
2. It is an edge if the writing above it leans otherwise than the writing below, or if the picture is longer than any sheet of
   its width. Writing above and below a fold leans alike.
3. Nothing else tells an edge from a fold for certain: sheets that lie upon each other straight, on a picture no longer than one
   of them, are not told.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.engine import Gray
from ocr.straighten import lean, thumbnail_of_ink

_DPI = 100
"""Resolution at which is looked, at most."""
_STRIPS, _MISSING = 20, 1
"""Strips side by side, and in how many of them, the outer two excepted, the line may not be seen."""
_DARKER = 7.0
"""Grey levels by which the line is darker than the paper above and below it."""
_STEEPEST, _SLOPES = 3.5, 29
"""Degrees by which an edge leans at most, and leans that are tried."""
_BAND, _MARGIN = 1.6, 18.0
"""Millimetres over which paper is compared, and millimetres at the ends of a sheet where no second edge is looked for."""
_TURNED = 0.5
"""Degrees by which the writing of two sheets differs."""
_WRITTEN, _ENOUGH = 0.004, 42.0
"""Part of a sheet that is ink, and millimetres of it, below which nobody can say how its writing leans."""
_WIDTH, _LONGEST = (200.0, 222.0), 362.0
"""Millimetres: how wide a sheet of A4 or Letter is on a scan, and the longest of that width."""


def second_sheet(gray: Gray, dpi: float) -> float:
    """Millimetres of a second sheet that are seen, measured from its edge to the nearer end of the picture; 0: there is none."""
    step = max(1, round(dpi / _DPI))
    small = np.asarray(cv2.blur(gray[::step, ::step], (1, 2)), np.uint8)
    mm = dpi / step / 25.4
    if min(small.shape) < 3 * _MARGIN * mm:
        return 0.0
    for height in _lines(small, mm):
        seen = min(height, len(small) - height) / mm
        if _too_long(small, mm) or (seen > _ENOUGH and _turned(small, height)):
            return seen
    return 0.0


def _lines(small: Gray, mm: float) -> Iterator[int]:
    """Rule 1: the heights, at the middle, of lines from border to border."""
    wide = small.shape[1] // _STRIPS
    strips = small[:, : wide * _STRIPS].reshape(len(small), _STRIPS, wide)[:, :, :: max(1, wide // 10)]
    light = np.percentile(strips, 60, axis=2).astype(np.float32)
    paper = cv2.blur(light, (1, round(2 * _BAND * mm) | 1))
    off = round(_BAND * mm)
    above, below = np.roll(paper, off + 2, axis=0), np.roll(paper, -off - 2, axis=0)
    dark = np.minimum(above, below) - light > _DARKER
    dark = cv2.dilate(dark.astype(np.uint8), np.ones((3, 1), np.uint8)) > 0
    places = (np.arange(_STRIPS) - (_STRIPS - 1) / 2) * wide
    rows, margin = np.arange(len(small)), round(_MARGIN * mm)
    best = np.zeros(len(small), np.int32)
    for slope in np.tan(np.radians(np.linspace(-_STEEPEST, _STEEPEST, _SLOPES))):
        shifted = (rows[:, None] + np.rint(slope * places).astype(np.intp)).clip(0, len(small) - 1)
        there = np.take_along_axis(dark, shifted, axis=0)
        count = there.sum(axis=1) * (there[:, 0] & there[:, -1])
        np.maximum(best, count, out=best)
    best[:margin] = best[-margin:] = 0
    while best.max() >= _STRIPS - _MISSING:
        row = int(best.argmax())
        yield row
        best[max(0, row - margin // 2) : row + margin // 2] = 0


def _too_long(small: Gray, mm: float) -> bool:
    high, wide = (float(side) / mm for side in small.shape)
    return _WIDTH[0] <= wide <= _WIDTH[1] and high > _LONGEST


def _turned(small: Gray, row: int) -> bool:
    """Whether the writing above a row leans otherwise than that below."""
    parts = [thumbnail_of_ink(np.ascontiguousarray(part)) for part in (small[:row], small[row:])]
    if any(part.mean() < _WRITTEN for part in parts):
        return False
    one, other = (lean(part) for part in parts)
    return bool(abs(one - other) >= _TURNED)
