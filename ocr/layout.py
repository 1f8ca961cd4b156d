"""The words of a page in the order in which a person reads them, and the tables they stand in.

Of a double leaf (`fold.py`) the left page is read to its end, then the right one; what follows is for each.

1. Ruled tables come first (`rules.py`): a cell's words are read together, cell by cell, row by row. A row whose cells hold one
   line each is one line. What stands in a frame is read together too.
2. What is over a table is read before it, what is below it after it; beside it, left before and right after.
3. The rest is read in columns or row by row (`columns.py`); cells and frames as well, each for itself.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from domain.pages import Box, Cell, Word
from ocr import fold, rules
from ocr.columns import Part, lines_of
from ocr.engine import Gray
from ocr.rows import Row, rows_of
from ocr.rules import Grid, GridCell


@dataclass(frozen=True, slots=True)
class Arranged:
    """The words in reading order, `line` counting the lines of the page from 0; cells in the same pixels as the words."""

    words: tuple[Word, ...]
    cells: tuple[Cell, ...] = ()


def arranged(words: Sequence[Word], gray: Gray, dpi: float) -> Arranged:
    """All of it. Boxes: pixels of `gray`, which must stand straight."""
    reader = _Reader(gray)
    grids = [grid for grid in rules.grids(gray, dpi) if _useful(grid, words)]
    for leaf, own in fold.leaves(words, grids, gray.shape):
        reader.read(leaf, own, top=True)
    return reader.done()


def joined(parts: Sequence[Arranged]) -> Arranged:
    """Parts of a page that were read one after the other; boxes: in the same pixels."""
    words: list[Word] = []
    cells: list[Cell] = []
    for part in parts:
        start, line = len(words), words[-1].line + 1 if words else 0
        table = cells[-1].table + 1 if cells else 0
        words += [replace(word, line=word.line + line) for word in part.words]
        cells += [replace(cell, table=cell.table + table, start=cell.start + start, end=cell.end + start) for cell in part.cells]
    return Arranged(tuple(words), tuple(cells))


class _Reader:
    """Goes over a page and notes its lines and cells as they come."""

    def __init__(self, gray: Gray) -> None:
        self._gray = gray
        self._lines: list[Row] = []
        self._cells: list[Cell] = []
        self._words = self._tables = 0

    def done(self) -> Arranged:
        return Arranged(_numbered(self._lines), tuple(self._cells))

    def read(self, words: Sequence[Word], grids: Sequence[Grid], *, top: bool = False) -> None:
        """Words and tables of the page or of a cell (rule 2)."""
        grid = next((one for one in grids if not any(_within(one, other) for other in grids)), None)
        if grid is None:
            self._note(lines_of(Part(words, self._gray, top)) if words else [])
            return
        places = [_place(word.box, grid.box) for word in words]
        others = [(_place(one.box, grid.box), one) for one in grids if one is not grid]
        for place in _Place:
            own = [word for word, there in zip(words, places, strict=True) if there is place]
            inner = [one for there, one in others if there is place]
            if place is _Place.INSIDE:
                self._table(grid, own, inner, top=top)
            else:
                self.read(own, inner, top=top)
            top = top and not own

    def _table(self, grid: Grid, words: Sequence[Word], inner: Sequence[Grid], *, top: bool) -> None:
        if len(grid.cells) == 1:
            self.read(words, inner, top=top)
            return
        table, self._tables = self._tables, self._tables + 1
        held: list[list[Word]] = [[] for _ in grid.cells]
        for word in words:
            held[grid.cell_at(*word.box.middle)].append(word)
        for _, row in groupby(zip(grid.cells, held, strict=True), key=lambda pair: pair[0].row):
            self._row(table, [(cell, own, _inside(inner, cell.box)) for cell, own in row])

    def _row(self, table: int, row: Sequence[tuple[GridCell, list[Word], list[Grid]]]) -> None:
        """Cells that begin on the same row of a table (rule 1)."""
        lines = [lines_of(Part(own, self._gray)) for _, own, _ in row]
        whole = all(len(one) < 2 for one in lines)
        if whole:
            self._note([[word for one in lines for line in one for word in line]], count=False)
        for (cell, own, inner), one in zip(row, lines, strict=True):
            start = self._words
            if whole:
                self._words += len(own)
            elif inner:
                self.read(own, inner)
            else:
                self._note(one)
            self._cells.append(Cell(table, cell.row, cell.column, cell.rows, cell.columns, cell.box, start, self._words))

    def _note(self, lines: Sequence[Row], *, count: bool = True) -> None:
        self._lines += [line for line in lines if line]
        self._words += count * sum(map(len, lines))


class _Place(enum.Enum):
    """Where something stands that a table does not hold, in the order of reading."""

    ABOVE = enum.auto()
    LEFT = enum.auto()
    INSIDE = enum.auto()
    RIGHT = enum.auto()
    BELOW = enum.auto()


def _place(box: Box, table: Box) -> _Place:
    x, y = box.middle
    if y < table.y0:
        return _Place.ABOVE
    if y > table.y1:
        return _Place.BELOW
    if x < table.x0:
        return _Place.LEFT
    return _Place.RIGHT if x > table.x1 else _Place.INSIDE


def _within(one: Grid, other: Grid) -> bool:
    return one is not other and other.box.area > one.box.area and _place(one.box, other.box) is _Place.INSIDE


def _inside(grids: Sequence[Grid], box: Box) -> list[Grid]:
    return [grid for grid in grids if _place(grid.box, box) is _Place.INSIDE]


def _useful(grid: Grid, words: Sequence[Word]) -> bool:
    """Whether words stand in two of its cells, or two lines of them in a frame."""
    own = [word for word in words if _place(word.box, grid.box) is _Place.INSIDE]
    if len(grid.cells) == 1:
        return len(rows_of(own)) > 1
    return len({grid.cell_at(*word.box.middle) for word in own}) > 1


def _numbered(lines: Sequence[Row]) -> tuple[Word, ...]:
    return tuple(replace(word, line=number) for number, line in enumerate(lines) for word in line)
