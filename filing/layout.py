"""Rows of words as they stand on the paper, whatever order the reader found them in.

A reader may give a label and its value as two lines of different blocks. Rows put words of the same height together, after
taking out the slope of the scan; a gap much wider than the letters are high parts a row into segments.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.pages import Box, PageReading, Reading, Word
from domain.text import nfc

WIDE = 1.8
"""A gap of so many letter heights parts two columns."""

_GLUED = re.compile(r"[^\W\d_]\)?[:：](?=\S)|(?<=[^\s.…_·])(?=[.…_·]{3,})|[.…_·]{3,}(?=[^\s.…_·])")
_LEADER = re.compile(r"[.…_·\-–—:]{2,}|[…_]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a part of one where a colon or a dotted line was glued to its value. `after_dots`: a dotted line stands before
    it, so what comes before is filled in and over. `read`: what its word was read as, where a rule chose other letters or digits.
    """

    text: str
    box: Box
    confidence: float
    after_dots: bool = False
    read: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens that stand beside each other, left to right; `page` counts from 1 in the document, `middle` is the height in pixels
    with the slope taken out.
    """

    page: int
    middle: float
    tokens: tuple[Token, ...]

    @property
    def height(self) -> float:
        """The usual height of its letters, pixels."""
        return max(1.0, statistics.median(token.box.height for token in self.tokens))

    @property
    def text(self) -> str:
        """Its words with single spaces."""
        return joined(self.tokens)

    def gap_before(self, index: int) -> float:
        """White space before a token, in letter heights; infinite before the first."""
        if index == 0:
            return math.inf
        return (self.tokens[index].box.x0 - self.tokens[index - 1].box.x1) / self.height

    def segments(self) -> list[tuple[Token, ...]]:
        """The row parted at wide gaps."""
        starts = [index for index in range(len(self.tokens)) if self.gap_before(index) > WIDE]
        return [self.tokens[start:end] for start, end in zip(starts, [*starts[1:], len(self.tokens)], strict=True)]


def joined(tokens: Iterable[Token]) -> str:
    """The text of tokens, with single spaces."""
    return " ".join(token.text for token in tokens)


def rows_of(reading: Reading) -> list[Row]:
    """All rows of a document, page by page, top to bottom."""
    return [row for number, page in enumerate(reading.pages, start=1) for row in page_rows(page, number)]


def page_rows(page: PageReading, number: int) -> list[Row]:
    """The rows of one page, which is page `number` of the document."""
    lines = [line for line in page.lines if any(word.text.strip() for word in line)]
    slope = _slope(lines)
    placed = sorted(((_middle(line, slope), line) for line in lines), key=lambda pair: pair[0])
    groups: list[tuple[float, list[Word]]] = []
    for middle, line in placed:
        last = groups[-1] if groups else None
        if last and middle - last[0] < 0.4 * min(_height(line), _height(last[1])) and not _overlap(last[1], line):
            last[1].extend(line)
        else:
            groups.append((middle, list(line)))
    rows = (Row(number, middle, _tokens(words)) for middle, words in groups)
    return [row for row in rows if row.tokens]


def _slope(lines: list[list[Word]]) -> float:
    """Rise over run of the page's lines, from those long enough to tell (median)."""
    slopes = []
    for line in lines:
        middles = [((w.box.x0 + w.box.x1) / 2, (w.box.y0 + w.box.y1) / 2) for w in line]
        (x0, y0), (x1, y1) = min(middles), max(middles)
        if len(line) >= 3 and x1 - x0 > 8 * max(1.0, _height(line)):
            slopes.append((y1 - y0) / (x1 - x0))
    return statistics.median(slopes) if slopes else 0.0


def _middle(line: list[Word], slope: float) -> float:
    return statistics.median((w.box.y0 + w.box.y1) / 2 - slope * (w.box.x0 + w.box.x1) / 2 for w in line)


def _height(line: list[Word]) -> float:
    return statistics.median(word.box.height for word in line)


def _overlap(one: list[Word], other: list[Word]) -> bool:
    """Whether two lines stand over each other rather than side by side."""
    left, right = max(_left(one), _left(other)), min(_right(one), _right(other))
    shared = sum(1 for w in other if any(w.box.x0 < o.box.x1 and o.box.x0 < w.box.x1 for o in one))
    return right > left and shared > 0.2 * len(other)


def _left(line: list[Word]) -> float:
    return min(word.box.x0 for word in line)


def _right(line: list[Word]) -> float:
    return max(word.box.x1 for word in line)


def _tokens(words: list[Word]) -> tuple[Token, ...]:
    ordered = sorted(words, key=lambda word: word.box.x0)
    found: list[Token] = []
    dots = False
    for token in (part for word in ordered for part in _parts(word)):
        if _LEADER.fullmatch(token.text):
            dots = True
        else:
            found.append(replace(token, after_dots=dots))
            dots = False
    return tuple(found)


def _parts(word: Word) -> list[Token]:
    """A word cut after a glued colon and around dotted lines; boxes are shared out by letters."""
    text = nfc(word.text.strip())
    if not text:
        return []
    cuts = [0, *(match.end() for match in _GLUED.finditer(text)), len(text)]
    width = (word.box.x1 - word.box.x0) / len(text)
    return [
        Token(
            text[a:b],
            Box(word.box.x0 + a * width, word.box.y0, word.box.x0 + b * width, word.box.y1),
            word.confidence,
            read=_ruled(word),
        )
        for a, b in itertools.pairwise(cuts)
        if b > a
    ]


def _ruled(word: Word) -> str | None:
    """What a word was read as, where a rule chose others of its letters and digits: spaces and signs are no matter."""
    changed = word.changed
    return changed.read if changed and changed.rule and _plain(changed.read) != _plain(word.text) else None


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
