"""Our own recogniser, and Tesseract as a second voice where it is unsure.

1. Lines with a word below `_UNSURE` are read again by Tesseract, each as a single line, from the copy without rules.
2. Words are put side by side by where they stand. Only where one word faces one word do the two have a say.
3. Where both read the same, the word is surer than either. Else a doubtful word gives way to a surer one; what is shaped like a
   Vietnamese syllable counts for more.
4. A word with a digit never gives way, nor one that a rule of numbers changed: what a number says is not decided by a vote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from domain.pages import Box, Word
from ocr.engine import Cleaned, Gray
from ocr.recogniser import Line, Recogniser
from ocr.syllables import is_syllable
from ocr.tesseract import Tesseract

_UNSURE = 0.6
"""Confidence below which a word is read again."""
_BOAST, _SYLLABLE = 0.7, 0.2
"""By how much Tesseract thinks itself surer than it is, and what the shape of a syllable is worth. On 40 damaged made-up pages in
faces never seen it mends as many words with these as it spoils; at 0.4 it spoilt more.
"""
_SAME_PLACE = 0.5
"""Part of the narrower word that two words share which face each other."""
_ABOVE, _BESIDE, _MARGIN = 0.15, 0.3, 8
"""What Tesseract sees of a line's surroundings, in heights of the line; and the white around it, in pixels."""


class Fusion:
    """The engine."""

    asked_first = True

    def __init__(self, own: Recogniser, second: Tesseract) -> None:
        self._own = own
        self._second = second

    @property
    def name(self) -> str:
        """Both, in three words."""
        mine, other = self._own.name.split(), self._second.name.split()
        return f"{mine[0]}+{other[0]} {mine[1]}+{other[1]} {mine[2]}"

    def read(self, page: Cleaned) -> list[Word]:
        """See `Engine`."""
        lines = self._own.lines(page)
        doubtful = [line for line in lines if any(word.confidence < _UNSURE for word in line.words)]
        cuts = [_cut(page.bare, line) for line in doubtful]
        seconds = self._second.read_lines([cut for cut, _ in cuts], page.dpi)
        again = {
            id(line): list(agreed(line.words, [_moved(word, offset) for word in words]))
            for line, words, (_, offset) in zip(doubtful, seconds, cuts, strict=True)
        }
        return [word for line in lines for word in again.get(id(line), line.words)]

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """See `Engine`."""
        return self._own.orientation(gray)


def agreed(own: Sequence[Word], second: Sequence[Word]) -> Iterator[Word]:
    """The words of `own`, each as the two readings of the line have it (2 to 4)."""
    for word in own:
        rivals = [other for other in second if _face(word, other)]
        alone = len(rivals) == 1 and sum(_face(other, rivals[0]) for other in own) == 1
        yield _decided(word, rivals[0]) if alone else word


def _decided(word: Word, other: Word) -> Word:
    sure = max(0.0, other.confidence - _BOAST)
    if word.text == other.text:
        return replace(word, confidence=1 - (1 - word.confidence) * (1 - sure))
    if word.confidence >= _UNSURE or word.changed or any(char.isdigit() for char in word.text + other.text):
        return word
    mended = replace(word, text=other.text, confidence=sure)
    return max(word, mended, key=lambda one: one.confidence + _SYLLABLE * is_syllable(one.text))


def _face(one: Word, other: Word) -> bool:
    shared = min(one.box.x1, other.box.x1) - max(one.box.x0, other.box.x0)
    return shared > _SAME_PLACE * min(one.box.x1 - one.box.x0, other.box.x1 - other.box.x0)


def _cut(bare: Gray, line: Line) -> tuple[Gray, tuple[int, int]]:
    """The picture of a line, and where its corner lies on the page (x, y)."""
    x0, y0, x1, y1 = line.box
    height = y1 - y0
    left, top = max(0, round(x0 - _BESIDE * height)), max(0, round(y0 - _ABOVE * height))
    part = bare[top : round(y1 + _ABOVE * height), left : round(x1 + _BESIDE * height)]
    framed = cv2.copyMakeBorder(part, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=255)
    return np.asarray(framed, dtype=np.uint8), (left - _MARGIN, top - _MARGIN)


def _moved(word: Word, by: tuple[int, int]) -> Word:
    box = word.box
    return replace(word, box=Box(box.x0 + by[0], box.y0 + by[1], box.x1 + by[0], box.y1 + by[1]))
