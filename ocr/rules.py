"""Ruled tables: the thin straight lines in the picture of a page, the grid they make, and its cells.

1. On a small copy a rule is a dark line without gaps that is darker than what stands beside it: dotted leaders have
   gaps, bars and pictures are thick. Faint rules count too: what is compared is paper beside ink, not ink with a fixed black.
2. Rules that touch are one table. Its columns stand between its vertical rules, its rows between the others; where it is open at
   a side, it ends where its rules end.
3. Where no rule parts two fields of that grid, they are one cell: a heading over several columns, a day beside several rows.
4. A row of boxes for single digits is no table.

The grid is upright: pages must be straight.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from domain.pages import Box
from ocr import pictures
from ocr.engine import Gray

_COARSEST = 90
"""Resolution of the copy that is looked at, dpi; at most twice as fine."""
_SHORTEST, _THICKEST = 0.24, 0.03
"""Inches: letters have no straight strokes of that length, rules are no thicker."""
_DARKER = 25
"""Grey levels by which a rule is darker than the paper beside it. Measured on faint, blurred pages: rules 60, letters 18."""
_TOUCH, _SAME = 0.08, 0.06
"""Inches within which rules touch, and within which they stand on the same line of the grid."""
_COVERED = 0.6
"""Part of a side of a field along which a rule must run."""
_DIGIT = 0.4
"""Inches: a single row of fields no larger than that holds digits, one each."""
_SURE = 0.5
"""Inches from which a stroke that touches a rule is one."""
_MOST = 400
"""More strokes one way than this are a drawing or a grille."""

Strokes = npt.NDArray[np.float64]
"""`(N, 3)`: from and to along the stroke, and where it stands across, in inches."""
Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class GridCell:
    """Row and column, from 0, of a cell's first field, how many of each it spans, and its box in pixels."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: the lines between columns and rows in pixels, and `(rows, columns)` the number of the cell of each field."""

    xs: npt.NDArray[np.float64]
    ys: npt.NDArray[np.float64]
    fields: Numbers
    cells: tuple[GridCell, ...] = field(default=())

    @property
    def box(self) -> Box:
        """The whole table."""
        return Box(float(self.xs[0]), float(self.ys[0]), float(self.xs[-1]), float(self.ys[-1]))

    def cell_at(self, x: float, y: float) -> int:
        """The number of the cell that holds a point, or that is nearest to one outside."""
        rows, columns = self.fields.shape
        column = min(max(int(np.searchsorted(self.xs, x)) - 1, 0), columns - 1)
        return int(self.fields[min(max(int(np.searchsorted(self.ys, y)) - 1, 0), rows - 1), column])


def grids(gray: Gray, dpi: float) -> list[Grid]:
    """The tables of a straight page, evenly lit or nearly so, from top to bottom; a frame is a table of one cell."""
    step = 1
    while dpi / step >= 2 * _COARSEST:
        step *= 2
    high, wide = (side // (8 * step) * 8 * step for side in gray.shape)
    if min(high, wide) < _SHORTEST * dpi:
        return []
    small, inches = pictures.small(gray[:high, :wide], 1 / step), step / dpi
    across, down = _strokes(small, inches), _strokes(np.asarray(cv2.transpose(small), np.uint8), inches)
    if not (len(across) and len(down)) or max(len(across), len(down)) > _MOST:
        return []
    found = [_grid(across[rows], down[columns], dpi) for rows, columns in _touching(across, down)]
    return sorted((grid for grid in found if grid), key=lambda grid: grid.ys[0])


def _strokes(small: Gray, inches: float) -> Strokes:
    """Rule 1, for strokes across; `small`: its sides are multiples of eight; `inches`: what a pixel measures."""
    length, thick = round(_SHORTEST / inches), max(3, 2 * round(_THICKEST / inches) + 1)
    thin = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((thick, 1), np.uint8))
    dark = np.asarray(cv2.threshold(thin, _DARKER, 255, cv2.THRESH_BINARY)[1], np.uint8)
    rows = _promising(dark, length)
    if not len(rows):
        return np.empty((0, 3))
    places = np.insert(rows, np.flatnonzero(np.diff(rows) > 1) + 1, -1)
    picked = dark[places]
    picked[places < 0] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(picked, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)))
    left, top, wide, high = stats[1:, :4][stats[1:, cv2.CC_STAT_HEIGHT] <= thick].T
    return np.stack([left, left + wide, places[top] + high / 2], axis=1) * inches


def _promising(dark: Gray, length: int) -> Numbers:
    """The rows that may hold a run of so many dark pixels: those with enough wholly dark bytes of eight in a row."""
    whole = dark.view(np.uint64) == ~np.uint64(0)
    runs = whole.copy()
    for shift in range(1, max(1, (length - 7) // 8)):
        runs[:, :-shift] &= whole[:, shift:]
        runs[:, -shift:] = False
    return np.flatnonzero(runs.any(axis=1))


def _meeting(across: Strokes, down: Strokes) -> npt.NDArray[np.bool_]:
    """Whether each stroke across touches each stroke down."""
    meet = (across[:, None, 0] - _TOUCH <= down[None, :, 2]) & (down[None, :, 2] <= across[:, None, 1] + _TOUCH)
    meet &= (down[None, :, 0] - _TOUCH <= across[:, None, 2]) & (across[:, None, 2] <= down[None, :, 1] + _TOUCH)
    return np.asarray(meet, np.bool_)


def _touching(across: Strokes, down: Strokes) -> list[tuple[Numbers, Numbers]]:
    """Rule 2: the strokes across and down of each table, at least two and one."""
    meet = _meeting(across, down)
    tables, left = [], np.ones(len(across), bool)
    for first in range(len(across)):
        if not left[first]:
            continue
        rows = np.zeros(len(across), bool)
        rows[first] = True
        while True:
            columns = meet[rows].any(axis=0)
            grown = rows | meet[:, columns].any(axis=1)
            if (grown == rows).all():
                break
            rows = grown
        left &= ~rows
        if rows.sum() > 1 and columns.any():
            tables.append((np.flatnonzero(rows), np.flatnonzero(columns)))
    return tables


def _grid(across: Strokes, down: Strokes, dpi: float) -> Grid | None:
    meet = _meeting(across, down)
    xs = _lines_of(down[:, 2], _ends(across, meet.sum(axis=1)))
    ys = _lines_of(across[:, 2], _ends(down, meet.sum(axis=0)))
    if len(xs) < 2 or len(ys) < 2:
        return None
    xs, ys = _used(xs, _sides(down, xs, ys)), _used(ys, _sides(across, ys, xs))
    if len(ys) == 2 and max(np.diff(xs).max(), np.diff(ys).max()) < _DIGIT:
        return None
    numbers = _joined(_sides(down, xs[1:-1], ys).T, _sides(across, ys[1:-1], xs))
    cells = tuple(_cell(numbers == number, xs * dpi, ys * dpi) for number in range(int(numbers.max()) + 1))
    return Grid(xs * dpi, ys * dpi, numbers, cells)


def _used(lines: Strokes, sides: npt.NDArray[np.bool_]) -> Strokes:
    """The first and the last line, and those that part at least two fields: seals and letters have straight strokes too."""
    kept = np.asarray(sides.any(axis=1), np.bool_)
    kept[[0, -1]] = True
    return lines[kept]


def _ends(strokes: Strokes, touched: Numbers) -> Strokes:
    """From where to where the strokes of a table go; those of a seal are short and hang on one of its rules."""
    own = strokes[(touched > 1) | (strokes[:, 1] - strokes[:, 0] > _SURE)]
    return np.array([own[:, 0].min(), own[:, 1].max()]) if len(own) else np.empty(0)


def _lines_of(places: Strokes, ends: Strokes) -> Strokes:
    """Where the lines of a grid stand: strokes near each other are one; the ends are lines too."""
    ordered = np.sort(np.append(places, ends))
    starts = np.flatnonzero(np.append(True, np.diff(ordered) > _SAME))
    return np.array([float(np.median(part)) for part in np.split(ordered, starts[1:])])


def _sides(strokes: Strokes, lines: Strokes, marks: Strokes) -> npt.NDArray[np.bool_]:
    """`(lines, fields)`: whether a stroke on each line runs along each field between two marks."""
    found = np.zeros((len(lines), len(marks) - 1), bool)
    for number, line in enumerate(lines):
        own = strokes[np.abs(strokes[:, 2] - line) <= _SAME]
        shared = np.minimum(own[:, None, 1], marks[None, 1:]) - np.maximum(own[:, None, 0], marks[None, :-1])
        found[number] = shared.clip(0).sum(axis=0) >= _COVERED * np.diff(marks)
    return found


def _joined(beside: npt.NDArray[np.bool_], below: npt.NDArray[np.bool_]) -> Numbers:
    """Rule 3: the number of each field's cell, counted row by row.

    `beside`: `(rows, columns - 1)`, whether a rule parts a field from the next; `below`: `(rows - 1, columns)`, from the lower.
    """
    rows, columns = len(below) + 1, beside.shape[1] + 1
    numbers = np.arange(rows * columns).reshape(rows, columns)
    while True:
        before = numbers.copy()
        for one, other, parted in ((numbers[:, :-1], numbers[:, 1:], beside), (numbers[:-1], numbers[1:], below)):
            least = np.minimum(one, other)
            one[~parted] = least[~parted]
            other[~parted] = least[~parted]
        if (before == numbers).all():
            return np.unique(numbers, return_inverse=True)[1].reshape(rows, columns)


def _cell(own: npt.NDArray[np.bool_], xs: Strokes, ys: Strokes) -> GridCell:
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    row, column, below, behind = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
    box = Box(float(xs[column]), float(ys[row]), float(xs[behind]), float(ys[below]))
    return GridCell(row, column, below - row, behind - column, box)
