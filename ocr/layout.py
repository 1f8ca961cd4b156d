"""Puts words into lines and lines into reading order: from top to bottom, each from left to right.

Recognisers of sparse text find the words of a form but number them in the order of discovery. A word belongs to the line that its
own height overlaps most; lines are measured by their median word, so that one tall letter or seal does not join two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from domain.pages import Word

_SHARED = 0.5
"""Part of the smaller height that a word and its line must share."""


class _Line:
    def __init__(self) -> None:
        self.words: list[Word] = []
        self.top = self.bottom = 0.0

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    def add(self, word: Word) -> None:
        self.words.append(word)
        self.top = median(word.box.y0 for word in self.words)
        self.bottom = median(word.box.y1 for word in self.words)

    def shares(self, word: Word) -> float:
        overlap = min(self.bottom, word.box.y1) - max(self.top, word.box.y0)
        return overlap / max(min(self.bottom - self.top, word.box.height), 1.0)


def in_reading_order(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same words, sorted, with `line` counting the lines of the page from 0. Boxes must stand straight."""
    lines: list[_Line] = []
    for word in sorted(words, key=lambda word: word.box.y0 + word.box.y1):
        near = lines[-12:]
        best = max(near, key=lambda line: line.shares(word), default=None)
        if best is None or best.shares(word) < _SHARED:
            best = _Line()
            lines.append(best)
        best.add(word)
    lines.sort(key=lambda line: line.middle)
    return tuple(
        replace(word, line=number)
        for number, line in enumerate(lines)
        for word in sorted(line.words, key=lambda word: word.box.x0)
    )
