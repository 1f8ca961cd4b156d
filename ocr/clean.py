"""Cleans the copy that is read: even light, full contrast, no rules, no dotted leaders. Lengths are in inches of paper."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.engine import Gray

_INK = 160
"""Darker than this, on evenly lit paper, is ink."""
_RULE_ACROSS, _RULE_DOWN, _THICKEST_RULE = 0.45, 0.30, 0.02
_DOT, _DOT_GAP, _LEADER = 0.03, 0.045, 0.22
_MOST_DOTS = 60_000
"""More small marks than this are grain, not leaders."""


def evened(gray: Gray) -> Gray:
    """Divided by the paper's own brightness, so that paper is white everywhere: shadows, yellowing and bleed-through go."""
    height, width = gray.shape
    small = cv2.resize(gray, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
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


def without_rules(gray: Gray, dpi: float) -> Gray:
    """Thin ruled lines painted white, strokes that cross them kept: Tesseract drops whole lines of text beside rules."""
    ink = _ink(gray)
    thick = max(3, round(dpi * _THICKEST_RULE))
    across = _thin(_opened(ink, round(dpi * _RULE_ACROSS), 1), 1, 2 * thick)
    down = _thin(_opened(ink, 1, round(dpi * _RULE_DOWN)), 2 * thick, 1)
    across, down = _widened(across, 1, 3), _widened(down, 3, 1)
    above, below = np.roll(ink, thick, 0), np.roll(ink, -thick, 0)
    crossing = above & below & across & ~down
    return _erased(gray, (across | down) & ~crossing)


def without_leaders(gray: Gray, dpi: float) -> Gray:
    """Rows of small, evenly spaced marks painted white: the dots on which forms are filled in."""
    ink = _ink(gray)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    most = max(3.0, dpi * _DOT)
    small = (stats[:, cv2.CC_STAT_WIDTH] <= most) & (stats[:, cv2.CC_STAT_HEIGHT] <= most)
    small[0] = False
    if not 7 <= small.sum() <= _MOST_DOTS or count < 2:
        return gray
    marks = np.where(small[labels], np.uint8(255), np.uint8(0))
    rows = np.asarray(cv2.morphologyEx(marks, cv2.MORPH_CLOSE, _brush(round(dpi * _DOT_GAP), 1)), dtype=np.uint8)
    return _erased(gray, _widened(_opened(rows, round(dpi * _LEADER), 1), 5, 3) & _widened(marks, 3, 3))


def _ink(gray: Gray) -> Gray:
    return np.asarray(cv2.threshold(gray, _INK - 1, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)


def _brush(width: int, height: int) -> Gray:
    return np.ones((height, width), np.uint8)


def _opened(ink: Gray, width: int, height: int) -> Gray:
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, _brush(width, height)), dtype=np.uint8)


def _widened(ink: Gray, width: int, height: int) -> Gray:
    return np.asarray(cv2.dilate(ink, _brush(width, height)), dtype=np.uint8)


def _thin(lines: Gray, width: int, height: int) -> Gray:
    """Lines less what is thicker than a rule: bars, seals, pictures."""
    return np.asarray(cv2.subtract(lines, _opened(lines, width, height)), dtype=np.uint8)


def _erased(gray: Gray, mask: Gray) -> Gray:
    copy = gray.copy()
    copy[mask > 0] = 255
    return copy
