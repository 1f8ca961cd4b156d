"""Text beside text: what is read column by column, and what row by row.

1. Rows that a white gutter runs through, one under the other, are looked at together. A dotted leader or a line to write on
   bridges the gap: such fields are one row.
2. They are columns if they are the head of the page (hospital at the left, motto or code at the right), signatures (centred under
   each other, with capitals or "ký" among them), running text, or if their lines do not stand at the same heights.
3. Anything else, a form or a table without rules, is read row by row.
4. What is not beside the columns but above or below them does not belong to them: another size, another edge, too far away.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.pages import Box, Word, around
from domain.text import fold
from ocr.engine import Gray
from ocr.rows import Row, rows_of

_GUTTER = 1.2
"""Least width of a gutter; this and all lengths below in usual heights of a word."""
_IN_HEAD, _SPACES = 0.65, 2.0
"""The same in the head of a page, where motto and code stand close, also in usual spaces: typewriters leave wide ones."""
_TIGHT, _TIGHT_IN_HEAD, _FAR = 2.5, 2.1, 8.0
"""From middle to middle: lines that follow on each other, and the most that lies between a role and the name of who signed."""
_ALIGNED = 1.2
"""How far edges or middles of lines that stand under each other may be apart."""
_LEVEL = 0.3
"""How far the middles of two words that stand at the same height may be apart."""
_LEADER, _PIECES, _THIN = 6.0, 4, 0.12
"""Grey levels by which a row of pixels in a gap is darker than those over and under it where there is a leader, in how many
pieces of the gap that is looked for, and how thick a leader is at most.
"""
_CAPITALS = 0.7
_LONGEST_HEAD, _MOST_SIGNED, _ROOM = 9, 8, 2.5
"""Lines of a column in a head, and of one that ends in a signature; the least that is left free for signing."""
_LONG = 4
"""Words of an authority's or the republic's line; headings of tables have fewer."""
_HOSPITAL = re.compile(r"\b(so y te|bo y te|benh vien|bv|trung tam|phong kham|tram y te)\b")
_SIGNED = re.compile(r"\b(ky|ghi ro|dong dau|ho ten)\b|\bngay\b.*\bthang\b.*\bnam\b")

Span = tuple[float, float]
Column = list[Row]


@dataclass(frozen=True, slots=True)
class Part:
    """Words to be put in order. `gray`: the straight page in whose pixels their boxes are, None if there is none; `top`: whether
    they begin the page.
    """

    words: Sequence[Word]
    gray: Gray | None = None
    top: bool = False


def lines_of(part: Part) -> list[Row]:
    """The lines in reading order."""
    rows = rows_of(part.words)
    if len(rows) < 2:
        return rows
    height = statistics.median(word.box.height for word in part.words)
    page = _Page(rows, part.gray, height)
    found: list[Row] = []
    done = 0
    run = page.head() if part.top else None
    while run := run or page.columns(done):
        found += rows[done : run.start]
        for column in run.columns:
            found += lines_of(Part([word for line in column for word in line], part.gray))
        done, run = run.end, None
    return found + rows[done:]


@dataclass(frozen=True, slots=True)
class _Looked:
    """A row, and what of its width is taken: words, and gaps that are bridged or narrow."""

    row: Row
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows `start` to `end` are these columns."""

    start: int
    end: int
    columns: list[Column]


@dataclass(frozen=True, slots=True)
class _Reach:
    """The least gutter of columns in pixels, and how far apart their lines may be: any, and those centred under each other."""

    gutter: float
    tight: float
    far: float = 0.0


class _Page:
    """Rows, and the runs of them that are columns."""

    def __init__(self, rows: Sequence[Row], gray: Gray | None, height: float) -> None:
        self._rows, self._gray, self._height = rows, gray, height
        self._usual = self._looked(rows, _GUTTER * height)

    def head(self) -> _Run | None:
        """The columns that a page begins with."""
        top = self._rows[: _LONGEST_HEAD + 2]
        gaps = [after.box.x0 - word.box.x1 for row in top for word, after in itertools.pairwise(row)]
        gutter = max(_IN_HEAD * self._height, _SPACES * statistics.median(gaps or [0]))
        runs = [
            run for run in self._runs(self._looked(top, gutter), range(2), _Reach(gutter, _TIGHT_IN_HEAD)) if self._is_head(run)
        ]
        return max(runs, key=lambda run: (len(run.columns), run.end - run.start), default=None)

    def _is_head(self, run: _Run) -> bool:
        """A column begins with a long line in capitals, or one names a hospital and a title stands among or below them."""
        if max(map(len, run.columns)) > _LONGEST_HEAD or any(map(_capitals, self._rows[: run.start])):
            return False
        if any(len(column[0]) >= _LONG and _capitals(column[0]) for column in run.columns):
            return True
        edge = run.columns[0][0][0].box.x0 + 3 * self._height
        beside = [column[0] for column in run.columns[1:]]
        titled = any(_capitals(row) and row[0].box.x0 > edge for row in (*beside, *self._rows[run.end : run.end + 1]))
        return titled and any(_HOSPITAL.search(fold(_text(line))) for column in run.columns for line in column)

    def columns(self, done: int) -> _Run | None:
        """The first columns from row `done` on."""
        runs = self._runs(self._usual, range(done, len(self._rows)), _Reach(_GUTTER * self._height, _TIGHT, _FAR))
        return next((run for run in runs if _are_columns(run.columns, self._height)), None)

    def _runs(self, rows: Sequence[_Looked], seeds: range, reach: _Reach) -> Iterator[_Run]:
        for number in seeds[: len(rows)]:
            for one, other in itertools.pairwise(rows[number].spans):
                start, end = _Growing(rows, self._height, reach, (one[1], other[0])).grow(number, seeds.start)
                if end - start > 1:
                    yield _Run(start, end, _parted(rows[start:end], reach.gutter))

    def _looked(self, rows: Sequence[Row], gutter: float) -> list[_Looked]:
        return [_Looked(row, list(self._spans(row, gutter))) for row in rows]

    def _spans(self, row: Row, gutter: float) -> Iterator[Span]:
        left, right = row[0].box.x0, row[0].box.x1
        for word in row[1:]:
            x0, x1 = word.box.x0, word.box.x1
            if x0 - right >= gutter and not (self._gray is not None and _bridged(self._gray, (right, x0), word.box)):
                yield left, right
                left, right = x0, x1
            right = max(right, x1)
        yield left, right


def _bridged(gray: Gray, gap: Span, box: Box) -> bool:
    """Whether a thin row of dots or a line runs through a gap from end to end; `box`: of the word behind it.

    Grain is as dark in every row of pixels, and what shines through from the other side is not thin.
    """
    inset, thick = 0.3 * box.height, max(3, round(_THIN * box.height))
    part = gray[round(box.y0 + inset) : round(box.y1 + inset), round(gap[0] + inset) : round(gap[1] - inset)]
    if part.shape[0] <= 2 * thick or part.shape[1] < box.height:
        return False
    pieces = np.stack([piece.mean(axis=1) for piece in np.array_split(part, _PIECES, axis=1)])
    darker = np.minimum(pieces[:, : -2 * thick], pieces[:, 2 * thick :]) - pieces[:, thick:-thick]
    lowest = int(darker.mean(axis=0).argmax())
    here = darker[:, max(0, lowest - 1) : lowest + 2].max(axis=1)
    return bool(darker[:, lowest].mean() > _LEADER and here.min() > _LEADER / 2)


class _Growing:
    """Rows with a common gutter, taken in one by one (rules 1 and 4)."""

    def __init__(self, rows: Sequence[_Looked], height: float, reach: _Reach, gutter: Span) -> None:
        self._rows, self._height, self._reach, self._gutter = rows, height, reach, gutter

    def grow(self, seed: int, least: int) -> tuple[int, int]:
        """The run around a row that has the gutter: its first row, not before `least`, and the one after its last."""
        sides = self._split(seed)
        start, end = seed, seed + 1
        last = first = sides
        while end < len(self._rows) and (taken := self._taken(end, last)):
            last = (taken[0] or last[0], taken[1] or last[1])
            end += 1
        while start > least and (taken := self._taken(start - 1, first)) and not all(taken):
            first = (taken[0] or first[0], taken[1] or first[1])
            start -= 1
        return start, end

    def _split(self, number: int) -> tuple[Row, Row]:
        row = self._rows[number].row
        middle = sum(self._gutter) / 2
        left = [word for word in row if word.box.x0 < middle]
        return left, row[len(left) :]

    def _taken(self, number: int, beside: tuple[Row, Row]) -> tuple[Row, Row] | None:
        """A row's words on either side if it has the gutter too and goes on from those it stands next to."""
        gutter = self._narrowed(self._rows[number].spans)
        if gutter is None:
            return None
        before, self._gutter = self._gutter, gutter
        sides = self._split(number)
        strict = not all(sides)
        if all(self._goes_on(new, old, strict=strict) for new, old in zip(sides, beside, strict=True) if new):
            return sides
        self._gutter = before
        return None

    def _goes_on(self, new: Row, old: Row, *, strict: bool) -> bool:
        """Whether two lines, one over the other, belong together; `strict`: where nothing stands beside the new one."""
        one, other = around(new), around(old)
        near = _ALIGNED * self._height
        apart = abs(one.middle[1] - other.middle[1])
        centred = abs(one.middle[0] - other.middle[0]) < near
        if apart > self._reach.tight * self._height:
            return apart < self._reach.far * self._height and centred
        edge = abs(one.x0 - other.x0) < near or centred
        return not strict or (edge and 0.7 < one.height / max(other.height, 1.0) < 1.4)

    def _narrowed(self, spans: Sequence[Span]) -> Span | None:
        ends = [-np.inf, *itertools.chain(*spans), np.inf]
        shared = [(max(a, self._gutter[0]), min(b, self._gutter[1])) for a, b in zip(ends[::2], ends[1::2], strict=True)]
        best = max(shared, key=lambda span: span[1] - span[0])
        return best if best[1] - best[0] >= self._reach.gutter else None


def _parted(rows: Sequence[_Looked], gutter: float) -> list[Column]:
    """The words of a run by column, each column as rows of its own."""
    spans: list[Span] = []
    for left, right in sorted(span for row in rows for span in row.spans):
        if spans and left - spans[-1][1] < gutter:
            spans[-1] = (spans[-1][0], max(spans[-1][1], right))
        else:
            spans.append((left, right))
    words = [word for row in rows for word in row.row]
    return [rows_of([word for word in words if left <= word.box.x0 <= right]) for left, right in spans]


def _are_columns(columns: list[Column], height: float) -> bool:
    """Rule 2, but for the head."""
    return _are_signatures(columns, height) or _are_prose(columns) or _are_uneven(columns, height)


def _are_signatures(columns: list[Column], height: float) -> bool:
    lines = [line for column in columns for line in column]
    if max(map(len, columns)) > _MOST_SIGNED or sum(map(_labelled, lines)) > len(lines) / 2:
        return False
    roles = all(any(_capitals(line) or _signed(line) for line in column[:3]) for column in columns)
    room = any(_level(low) - _level(high) > _ROOM * height for column in columns for high, low in itertools.pairwise(column))
    return roles and (room or any(map(_signed, lines))) and all(_centred(column, height) for column in columns)


def _are_prose(columns: list[Column]) -> bool:
    return all(
        len(column) >= 3
        and statistics.median(map(len, column)) >= 4
        and sum(map(_labelled, column)) < len(column) / 2
        and statistics.median(around(line).width for line in column) > 0.6 * max(around(line).width for line in column)
        for column in columns
    )


def _are_uneven(columns: list[Column], height: float) -> bool:
    fewer, *_, more = sorted(columns, key=len)
    if len(fewer) < 3:
        return False
    heights = [_level(line) for line in more]
    level = sum(min(abs(_level(line) - other) for other in heights) < _LEVEL * height for line in fewer)
    return level < len(fewer) / 2


def _centred(column: Column, height: float) -> bool:
    middles = [around(line).x0 + around(line).x1 for line in column]
    return (max(middles) - min(middles)) / 2 < 2 * _ALIGNED * height


def _level(line: Row) -> float:
    return statistics.median(word.box.y0 + word.box.y1 for word in line) / 2


def _signed(line: Row) -> bool:
    return _SIGNED.search(fold(_text(line))) is not None


def _text(line: Iterable[Word]) -> str:
    return " ".join(word.text for word in line)


def _capitals(line: Row) -> bool:
    letters = [char for char in _text(line) if char.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > _CAPITALS * len(letters)


def _labelled(line: Row) -> bool:
    return any(word.text.endswith(":") for word in line)
