"""What the borders of a scan say: writing that runs out of the picture, and black where there was no paper."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.engine import Gray

_BLACK, _INK = 0.4, 0.68
"""Parts of the paper's brightness below which a pixel is black, or ink."""
_THICK = 5
"""Pixels of 0.6 mm: black that is thinner anywhere is writing."""
_COARSE, _FINE = 40, 125
"""Resolutions (dpi) below which black and ink need not be looked at."""
_DEPTH = 4.0
"""Millimetres of the border that are looked at."""
_LEAST, _LONGEST, _INWARD, _STROKE = 0.9, 12.0, 0.5, 1.3
"""Millimetres: a mark of writing that the border cuts is so long along it, reaches so far in, and is nowhere thicker."""
_APART = 1.2
"""Millimetres between two lines of writing, or two words."""
_FEWEST_LINES, _FEWEST_MARKS = 3, 5
"""Lines or words cut on one side, or letters, from which it is writing that runs out: a signature may reach the border too."""


def black_share(gray: Gray, dpi: float, paper: float) -> float:
    """Part of the picture (0..1) that is black from its border inward: the lid was open, or the paper smaller than the glass.

    `paper`: the brightness of paper.
    """
    step = max(1, round(dpi / _COARSE))
    black = (gray[::step, ::step] < _BLACK * paper).astype(np.uint8)
    if not (black[0].any() or black[-1].any() or black[:, 0].any() or black[:, -1].any()):
        return 0.0
    framed = cv2.copyMakeBorder(black, _THICK, _THICK, _THICK, _THICK, cv2.BORDER_REPLICATE)
    solid = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((_THICK, _THICK), np.uint8))[_THICK:-_THICK, _THICK:-_THICK]
    _, labels = cv2.connectedComponents(solid, connectivity=4)
    touching = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return float(np.isin(labels, touching[touching > 0]).mean())


def cut_off(gray: Gray, dpi: float, paper: float) -> int:
    """Letters, or parts of them, that the borders of the picture cut, on all sides where it is writing that runs out."""
    if min(gray.shape) < 4 * _DEPTH * dpi / 25.4:
        return 0
    return sum(_cut(strip, unit, paper) for strip, unit in _strips(gray, dpi))


def _strips(gray: Gray, dpi: float) -> Iterator[tuple[Gray, float]]:
    """The four borders, each with the border of the picture as column 0, and pixels per millimetre."""
    step = max(1, int(dpi // _FINE))
    depth = round(_DEPTH * dpi / 25.4 / step) * step
    sides = ((gray[:, :depth], False, 1), (gray[:, -depth:], False, -1), (gray[:depth], True, 1), (gray[-depth:], True, -1))
    for side, lying, way in sides:
        size = side.shape[1] // step, side.shape[0] // step
        small = cv2.resize(side, size, interpolation=cv2.INTER_AREA) if step > 1 else side
        upright = small.T if lying else small
        yield np.ascontiguousarray(upright[:, ::way], dtype=np.uint8), dpi / step / 25.4


def _cut(strip: Gray, unit: float, paper: float) -> int:
    """Letters that column 0 of a strip cuts, if they are writing that runs out. `unit`: pixels per millimetre."""
    light = float(np.percentile(strip[::4, ::4], 70))  # this border may lie in shade
    ink = (strip < _INK * max(light, paper / 2)).astype(np.uint8)
    if np.count_nonzero(np.diff(ink[:, 0], prepend=0, append=0)) < 2 * _FEWEST_LINES:
        return 0
    marks, lines, end = 0, 0, -_APART * unit
    for top, bottom in _marks(ink, unit):
        marks += 1
        lines += int(top > end + _APART * unit)
        end = max(end, float(bottom))
    return marks if lines >= _FEWEST_LINES or marks >= _FEWEST_MARKS else 0


def _marks(ink: Gray, unit: float) -> Iterator[tuple[int, int]]:
    """First row and the one after the last of each mark of writing that column 0 cuts."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    to_edge = cv2.distanceTransform(cv2.copyMakeBorder(ink, 1, 1, 0, 0, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 3)[1:-1]
    for number in np.unique(labels[:, 0])[1:] if (labels[:, 0] == 0).any() else ():
        _, top, wide, high = (int(value) for value in stats[number, : cv2.CC_STAT_AREA])
        if _LEAST * unit <= high <= _LONGEST * unit and wide >= _INWARD * unit:
            there = labels[top : top + high, :wide] == number
            if 2 * to_edge[top : top + high, :wide][there].max() <= _STROKE * unit:
                yield top, top + high
