"""Where the words of a line begin and end: the network knows roughly, the ink knows exactly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_REACH, _GAP, _USUAL = 0.8, 0.2, 0.3
"""How far outside its anchor the first and last character of a line may go, the gap that ends them, and how far they go where no
ink is found; in heights of the line."""
_LEAST = 0.15
"""Heights of the line between two words at least: where a rule under the writing fills the gap, two words must still be seen."""

Columns = npt.NDArray[np.intp]


def extents(ink: Columns, anchors: Sequence[tuple[float, float]], height: float) -> list[tuple[float, float]]:
    """From where to where words stand, in pixels.

    `ink`: the columns of the line that hold ink, ascending. `anchors`: for each word, left to right, a point within its first and
    one within its last character. Words part where the gap between their anchors is widest, and never touch.
    """
    parted = [_widest_gap(ink, (one[1], other[0]), _LEAST * height) for one, other in pairwise(anchors)]
    lefts = [-_outer(-ink[::-1], -anchors[0][0], height), *(right for _, right in parted)]
    rights = [*(left for left, _ in parted), _outer(ink, anchors[-1][1], height) + 1]
    return [(left, max(left + 1, right)) for left, right in zip(lefts, rights, strict=True)]


def _widest_gap(ink: Columns, anchors: tuple[float, float], least: float) -> tuple[float, float]:
    """Where it begins and ends, between two anchors; about the same middle a gap of at least `least`, where it is narrower."""
    start, end = anchors[0], max(anchors)
    first, last = np.searchsorted(ink, (start, end))
    marks = np.concatenate(([start], ink[first:last], [end]))
    widest = int(np.argmax(np.diff(marks)))
    left, right = float(marks[widest]) + 1, float(marks[widest + 1])
    if right - left >= least:
        return left, right
    middle = (left + right) / 2
    return max(start, middle - least / 2), min(end, middle + least / 2)


def _outer(ink: Columns, anchor: float, height: float) -> float:
    """The last column of the ink that goes on rightwards from an anchor."""
    first, last = np.searchsorted(ink, (anchor, anchor + _REACH * height))
    marks = ink[first:last]
    if not len(marks):
        return anchor + _USUAL * height
    gaps = np.flatnonzero(np.diff(marks) > _GAP * height)
    return float(marks[gaps[0]] if len(gaps) else marks[-1])
