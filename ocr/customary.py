"""A doubtful word that nobody writes gives way to a syllable that hospitals write, where what was seen allows it.

1. Only words of letters alone are looked at, in which one is unsure, and which the texts of the trade (`marks.py`) have nowhere:
   what is known stays, and so does what is clear to see, as the name of a new drug.
2. The steps of the network are searched for its likeliest texts (`beam.py`). A Vietnamese syllable among them that the texts have
   becomes the word where, weighed with how often it is written, it is likelier than what was read: no drug becomes another.
3. The word says what was read at first, and is no surer than that was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import log

import numpy as np

from domain.pages import Changed
from ocr import beam
from ocr.beam import Likely
from ocr.marks import Marks
from ocr.spelling import Spelt
from ocr.syllables import is_syllable

RULE = "syllable"
"""Its name in `Word.changed`."""
_CLEAR = 0.9
"""A word whose letters are all surer than this is clear to see."""
_UNKNOWN, _STRANGE = 0.5, 0.02
"""How often a syllable is taken to be written that the texts have nowhere, and what is shaped like none."""
_LETTERS = re.compile(r"[^\W\d_]{2,}")


class Customary:
    """Reads doubtful words of a line again."""

    def __init__(self, charset: Sequence[str], marks: Marks) -> None:
        """`charset` as in the recogniser's card; `marks`: the tallies, and what they count."""
        letters = [number for number, char in enumerate(charset) if char.isalpha()]
        self._rows = np.array(letters) + 1
        self._letters = [charset[number] for number in letters]
        self._all = "".join(self._letters)
        self._space = list(charset).index(" ") + 1
        self._marks = marks

    def settled(self, words: Sequence[Spelt], likely: Likely) -> list[Spelt]:
        """The words of a line; `likely` `(classes, steps)`: what the network said of it."""
        if self._marks.weight <= 0:
            return list(words)
        begins = [0, *accumulate(len(word.text) for word in words)]
        return [self._word(words, place, begin, likely) for place, begin in zip(range(len(words)), begins, strict=False)]

    def _word(self, words: Sequence[Spelt], place: int, begin: int, likely: Likely) -> Spelt:
        word = words[place]
        runs = list(_LETTERS.finditer(word.text))
        if len(runs) != 1 or any(char.isalnum() for char in word.text[: runs[0].start()] + word.text[runs[0].end() :]):
            return word
        read, (first, end) = runs[0].group(), runs[0].span()
        if min(word.letters[first:end]) > _CLEAR or self._marks.times(read.casefold()):
            return word
        nothing, piece = beam.piece(words, begin + first, begin + end - 1, likely, self._space)
        said = beam.seen(nothing, piece[self._rows], self._letters)
        found = beam.readings(said, lambda _: self._all)
        text = max(found, key=lambda one: found[one] + self._prior(one), default=read)
        cased = text in (text.lower(), text.upper(), text.capitalize())
        if text == read or not (cased and is_syllable(text) and self._marks.times(text.casefold())):
            return word
        return _made(word, text, (first, end))

    def _prior(self, text: str) -> float:
        """The weighed logarithm of how often a text is written."""
        times = self._marks.times(text.casefold()) or (_UNKNOWN if is_syllable(text) else _STRANGE)
        return self._marks.weight * log(times / self._marks.total)


def _made(word: Spelt, text: str, span: tuple[int, int]) -> Spelt:
    first, end = span
    whole = word.text[:first] + text + word.text[end:]
    peaks = np.linspace(word.peaks[first], word.peaks[end - 1], len(text)).astype(int).tolist()
    letters = (word.confidence ** (1 / len(whole)),) * len(whole)
    return replace(
        word,
        text=whole,
        letters=letters,
        peaks=(*word.peaks[:first], *peaks, *word.peaks[end:]),
        changed=Changed(word.text, RULE),
    )
