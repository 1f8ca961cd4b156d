"""Check boxes: small squares beside the words of a row, drawn by a form to be marked or left empty.

1. They are looked for where a row has room, and where a word was read that a box may have been taken for.
2. Four thin straight strokes of like length that meet are a box. One that goes on beside it is a strip of boxes for digits, or a
   table: no check box.
3. It is marked if there is ink in it, away from its strokes. A digit or a letter written into it stays what it was read as.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import cv2
import numpy as np

from domain.pages import Box, Word
from ocr.engine import Gray
from ocr.rows import Row, rows_of

EMPTY, MARKED = "☐", "☑"
_TAKEN_FOR = frozenset("☐☑☒□■▢XxVvYyKkOoDĐUL✓√~-—_.,|[](){}")
_LEAST, _MOST = 0.085, 0.24
_STROKE = 0.07
"""Inches: sides of a box, and the least stroke that may be one."""
_DARK, _INK = 35.0, 0.3
"""Grey levels below the paper from which a pixel may be ink, and the part of the way to black from which it is one; seals are
paler.
"""
_SQUARE, _MEET, _ALONG = 0.25, 0.2, 0.75
"""Parts of a side: by how much its sides may differ, how near strokes meet, and along how much of it they must run."""
_INSIDE, _MARK = 0.22, 0.04
"""Part of a side that is left out at every edge, and the part of the rest that is ink in a marked box."""
_AROUND = 2.5
"""Heights of a word that are looked at before a row's first and behind its last word."""
_SURE = 0.9

Span = tuple[int, int, int]
"""A stroke: from and to along it, and where it stands across, pixels."""


def with_ticks(words: Sequence[Word], gray: Gray, dpi: float) -> list[Word]:
    """The words, and a word for each check box; what a box was taken for gives way to it. Boxes: pixels of `gray`, straight."""
    black, paper = np.quantile(gray[::16, ::16], (0.003, 0.5)) if gray.size else (0.0, 255.0)
    least = max(_DARK, _INK * (paper - black))
    dark = np.asarray(cv2.threshold(gray, paper - least, 1, cv2.THRESH_BINARY_INV)[1], np.uint8)
    found = list(words)
    for row in rows_of(words):
        for area, marked in _boxes(row, dark, dpi):
            rivals = [word for word in row if word.box.x0 < area.x1 and area.x0 < word.box.x1]
            if all(set(word.text) <= _TAKEN_FOR for word in rivals):
                found = [word for word in found if word not in rivals]
                found.append(Word(MARKED if marked else EMPTY, area, _SURE, row[0].line))
    return found


def _boxes(row: Row, dark: Gray, dpi: float) -> Iterator[tuple[Box, bool]]:
    """The boxes on a row, and whether they are marked."""
    top = max(0, round(min(word.box.y0 for word in row) - _LEAST * dpi))
    strip = dark[top : round(max(word.box.y1 for word in row) + _LEAST * dpi)]
    if not strip.size:
        return
    tall = cv2.reduce(strip, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0] >= round(_STROKE * dpi)
    for left, right in _rooms(row, dark.shape[1], dpi):
        if np.count_nonzero(tall[left:right]) < 2:
            continue
        for x0, y0, x1, y1 in _squares(strip[:, left:right], dpi):
            inset = round(_INSIDE * (x1 - x0))
            inner = strip[y0 + inset : y1 - inset + 1, left + x0 + inset : left + x1 - inset + 1]
            yield Box(left + x0, top + y0, left + x1, top + y1), bool(inner.mean() > _MARK)


def _rooms(row: Row, wide: int, dpi: float) -> Iterator[tuple[int, int]]:
    """From where to where on a row a box may stand (rule 1)."""
    reach = _AROUND * row[0].box.height
    solid = [word.box for word in row if not set(word.text) <= _TAKEN_FOR]
    ends = [(box.x0, box.x1) for box in solid]
    edges = (
        [(0.0, ends[0][0] - reach), *ends, (ends[-1][1] + reach, 0.0)]
        if ends
        else [(0.0, row[0].box.x0 - reach), (row[-1].box.x1 + reach, 0.0)]
    )
    for (_, left), (right, _) in pairwise(edges):
        if right - left > _LEAST * dpi:
            yield max(0, round(left)), min(wide, round(right))


def _squares(part: Gray, dpi: float) -> list[tuple[int, int, int, int]]:
    """The boxes in a room, left to right: x0, y0, x1, y1."""
    down = _strokes(np.ascontiguousarray(part.T), dpi)
    across = _strokes(part, dpi) if len(down) > 1 else []
    found: list[tuple[int, int, int, int]] = []
    for left, right in combinations(down, 2):
        square = _square(left, right, across, dpi)
        if square and not (found and square[0] < found[-1][2]):
            found.append(square)
    return found


def _strokes(dark: Gray, dpi: float) -> list[Span]:
    """Strokes across, top to bottom."""
    length = round(_STROKE * dpi)
    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
    spans = [(int(x), int(x + wide), int(y + high // 2)) for x, y, wide, high, _ in stats[1:] if high < length / 2]
    return sorted(spans, key=lambda span: span[2])


def _square(left: Span, right: Span, across: Sequence[Span], dpi: float) -> tuple[int, int, int, int] | None:
    """Rule 2: x0, y0, x1, y1 of the box between two strokes down."""
    side = right[2] - left[2]
    if not _LEAST * dpi <= side <= _MOST * dpi:
        return None
    near = _MEET * side
    tops, bottoms = (left[0] + right[0]) / 2, (left[1] + right[1]) / 2
    if abs(bottoms - tops - side) > _SQUARE * side or abs(left[0] - right[0]) > near or abs(left[1] - right[1]) > near:
        return None
    beside = [one for one in across if min(one[1], right[2]) - max(one[0], left[2]) > _ALONG * side]
    for height in (tops, bottoms):
        lid = min(beside, key=lambda one: abs(one[2] - height), default=None)
        if lid is None or abs(lid[2] - height) > near or lid[0] < left[2] - near or lid[1] > right[2] + near:
            return None
    return left[2], round(tops), right[2], round(bottoms)
