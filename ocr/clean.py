"""Cleans the copy that is read: even light, full contrast, no rules, no dotted leaders. Lengths are in inches of paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr import pictures
from ocr.engine import Gray

_INK = 160
"""Darker than this, on evenly lit paper, is ink."""
_RULE_ACROSS, _RULE_DOWN, _THICKEST_RULE = 0.45, 0.30, 0.02
_DOT, _DOT_GAP, _LEADER = 0.03, 0.045, 0.22
_FEWEST_DOTS, _MOST_DOTS = 7, 60_000
"""Fewer small marks are no leader, more are grain."""

Places = npt.NDArray[np.intp]
"""Rows or columns of a page, ascending."""


def evened(gray: Gray) -> Gray:
    """Divided by the paper's own brightness, so that paper is white everywhere: shadows, yellowing and bleed-through go."""
    height, width = gray.shape
    paper = cv2.morphologyEx(pictures.small(gray, 1 / 8), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
    paper = cv2.medianBlur(paper, 11 if min(paper.shape) > 20 else 3)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, paper, scale=255), dtype=np.uint8)


def stretched(gray: Gray) -> Gray:
    """Contrast as wide as it goes: the darkest hundredth becomes black, the paper white."""
    shares = np.cumsum(np.bincount(gray[::4, ::4].ravel(), minlength=256)) / gray[::4, ::4].size
    black = int(np.searchsorted(shares, 0.01))
    white = max(int(np.searchsorted(shares, 0.60)) - 8, black + 40)
    table = np.clip((np.arange(256) - black) * 255.0 / (white - black), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(gray, table), dtype=np.uint8)


def bare(gray: Gray, dpi: float) -> Gray:
    """The copy on which lines of writing are found: without rules and leaders."""
    return without_leaders(without_rules(gray, dpi), dpi)


def without_rules(gray: Gray, dpi: float) -> Gray:
    """Thin ruled lines painted white, strokes that cross them kept: lines of text beside rules are not found, or not whole.

    Rules stand in few rows and columns, and only those are worked on.
    """
    ink = _ink(gray)
    thick = max(3, round(dpi * _THICKEST_RULE))
    rows, across = _across(ink, round(dpi * _RULE_ACROSS))
    columns, down = _down(ink, round(dpi * _RULE_DOWN))
    if not (len(rows) or len(columns)):
        return gray
    bare = gray.copy()
    if len(rows):
        across = _widened(_thin(across, 1, 2 * thick), 1, 3)
        bare[rows] = _erased(gray[rows], across & ~_crossing(ink, rows, thick))
    if len(columns):
        down = _widened(_thin(down, 2 * thick, 1), 3, 1)
        bare[:, columns] = _erased(bare[:, columns], down)
    return bare


def _crossing(ink: Gray, rows: Places, thick: int) -> Gray:
    """Where strokes go through a rule: ink above and below it."""
    height = len(ink)
    above, below = ink[np.maximum(rows - thick, 0)], ink[np.minimum(rows + thick, height - 1)]
    above[rows < thick] = below[rows >= height - thick] = 255
    return above & below


def without_leaders(gray: Gray, dpi: float) -> Gray:
    """Rows of small, evenly spaced marks painted white: the dots on which forms are filled in."""
    most = max(3.0, dpi * _DOT)
    outlines, tree = cv2.findContours(_ink(gray), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [outline for outline, links in zip(outlines, tree[0], strict=True) if links[3] < 0] if len(outlines) else []
    small = [outline for outline in outer if max(cv2.boundingRect(outline)[2:]) <= most]
    if not _FEWEST_DOTS <= len(small) <= _MOST_DOTS:
        return gray
    marks = np.asarray(cv2.drawContours(np.zeros_like(gray), small, -1, 255, cv2.FILLED), dtype=np.uint8)
    rows, leaders = _across(_closed(marks, round(dpi * _DOT_GAP), round(dpi * _LEADER)), round(dpi * _LEADER))
    if not len(rows):
        return gray
    bare = gray.copy()
    bare[rows] = _erased(gray[rows], _widened(leaders, 5, 3) & _widened(marks, 3, 3)[rows])
    return bare


def _ink(gray: Gray) -> Gray:
    return np.asarray(cv2.threshold(gray, _INK - 1, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def _brush(width: int, height: int) -> Gray:
    return np.ones((height, width), np.uint8)


def _opened(ink: Gray, width: int, height: int) -> Gray:
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, _brush(width, height)), dtype=np.uint8)


def _closed(marks: Gray, gap: int, length: int) -> Gray:
    """Gaps of less than `gap` pixels between marks filled, but for rows with too few marks to reach `length` pixels so."""
    filled = marks.copy()
    rows = np.flatnonzero(cv2.reduce(marks, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S) > 255 * (length // gap - 3))
    if len(rows):
        filled[rows] = cv2.morphologyEx(marks[rows], cv2.MORPH_CLOSE, _brush(gap, 1))
    return filled


def _widened(ink: Gray, width: int, height: int) -> Gray:
    return np.asarray(cv2.dilate(ink, _brush(width, height)), dtype=np.uint8)


def _thin(lines: Gray, width: int, height: int) -> Gray:
    """Lines less what is thicker than a rule: bars, seals, pictures."""
    return np.asarray(cv2.subtract(lines, _opened(lines, width, height)), dtype=np.uint8)


def _across(ink: Gray, length: int) -> tuple[Places, Gray]:
    """Horizontal strokes of at least `length` pixels: the rows that hold any and those beside them, and these rows of strokes.

    Only rows with enough wholly inked bytes of eight pixels are looked at.
    """
    whole = np.ascontiguousarray(ink[:, : ink.shape[1] // 8 * 8]).view(np.uint64) == ~np.uint64(0)
    likely = np.flatnonzero(cv2.reduce(whole.view(np.uint8), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S) >= (length - 7) // 8)
    lines = _opened(ink[likely], length, 1) if len(likely) else ink[likely]
    rows = _and_beside(likely[lines.any(axis=1)], len(ink))
    found = np.zeros((len(rows), ink.shape[1]), np.uint8)
    found[np.isin(rows, likely)] = lines[np.isin(likely, rows)]
    return rows, found


def _down(ink: Gray, length: int) -> tuple[Places, Gray]:
    """Vertical strokes of at least `length` pixels, found likewise: columns, and these columns of strokes."""
    whole = ink[: len(ink) // 8 * 8]
    for _ in range(3):
        whole = whole[::2] & whole[1::2]
    likely = np.flatnonzero(cv2.erode(whole, _brush(1, max(1, (length - 7) // 8))).any(axis=0))
    lines = _opened(ink[:, likely], 1, length) if len(likely) else ink[:, likely]
    columns = _and_beside(likely[lines.any(axis=0)], ink.shape[1])
    found = np.zeros((len(ink), len(columns)), np.uint8)
    found[:, np.isin(columns, likely)] = lines[:, np.isin(likely, columns)]
    return columns, found


def _and_beside(places: Places, end: int) -> Places:
    """With the rows, or columns, on both sides of each: room to be widened into, and what is apart stays apart."""
    near = np.unique(np.concatenate((places - 1, places, places + 1)))
    return near[(near >= 0) & (near < end)]


def _erased(gray: Gray, mask: Gray) -> Gray:
    return np.asarray(cv2.max(gray, mask), dtype=np.uint8)
