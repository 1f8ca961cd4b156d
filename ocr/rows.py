"""Puts words into rows, from top to bottom, each from left to right.

Recognisers of sparse text find the words of a form but number them in the order of discovery. A word belongs to the row that its
own height overlaps most; rows are measured by their median word, so that one tall letter or seal does not join two rows.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

from domain.pages import Word

_SHARED = 0.5
"""Part of the smaller height that a word and its row must share."""
_NEAR = 12
"""Rows looked at for a word: those begun last."""

Row = list[Word]
"""Words beside each other, left to right; at least one."""


class _Growing:
    def __init__(self) -> None:
        self.words: Row = []
        self._tops: list[float] = []
        self._bottoms: list[float] = []
        self.top = self.bottom = 0.0

    def add(self, word: Word) -> None:
        self.words.append(word)
        insort(self._tops, word.box.y0)
        insort(self._bottoms, word.box.y1)
        self.top, self.bottom = _middle(self._tops), _middle(self._bottoms)


def rows_of(words: Sequence[Word]) -> list[Row]:
    """The words as rows. Boxes must stand straight."""
    rows: list[_Growing] = []
    for word in sorted(words, key=lambda word: word.box.y0 + word.box.y1):
        y0, y1 = word.box.y0, word.box.y1
        best, most = None, _SHARED
        for row in rows[-_NEAR:]:
            overlap = min(row.bottom, y1) - max(row.top, y0)
            if overlap > 0 and (shared := overlap / max(min(row.bottom - row.top, y1 - y0), 1.0)) >= most:
                best, most = row, shared
        if best is None:
            best = _Growing()
            rows.append(best)
        best.add(word)
    rows.sort(key=lambda row: row.top + row.bottom)
    return [sorted(row.words, key=lambda word: word.box.x0) for row in rows]


def _middle(ordered: list[float]) -> float:
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
