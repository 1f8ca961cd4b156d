"""Which tones and hats a syllable carries where the eye is unsure: what the network saw, weighed with what hospitals write.

1. Only marks are weighed (`ẩ ẫ ấ â a`, `đ d`), never a letter, its case, a digit or a sign; and only where the network itself
   finds another mark possible.
2. Of all ways to mark the same letters, how often each is written, after the word before it, comes from made-up texts of the
   trade (`ocr/training/tally.py`). What is nowhere written keeps a chance: a rare name that is clear to see stays as it is.
3. A mark chosen so is as sure as the network found it: a person sees that it was doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.text import fold
from ocr import weights
from ocr.spelling import Spelt

WEIGHT = 0.4
"""What the logarithm of the share counts beside that of what was seen. On damaged made-up pages in faces never seen it mends
half of the words whose marks alone were wrong; from 0.3 to 1 the gain differs little.
"""
_CLEAR = 0.98
"""A syllable whose letters are all surer than this is not weighed."""
_POSSIBLE = 0.02
"""Another mark is possible from this part of the likelihood of the best one."""
_WAYS, _OF_A_LETTER = 24, 4
"""Most ways to mark a syllable that are weighed, and most marks of one of its letters."""
_RARE, _AFTER = 1.0, 3.0
"""What is added to the count of each way of about ten; and how many counts after the word before weigh as much as all others."""
_RUN = re.compile(r"[^\W\d_]+")

Likely = npt.NDArray[np.floating]
_Way = tuple[str, tuple[float, ...]]
"""Letters with marks, and how likely each is."""


class Marks:
    """The tallies, and what they decide."""

    def __init__(self, charset: Sequence[str], weight: float = WEIGHT, path: Path | None = None) -> None:
        """`charset` as in the recogniser's card; `path`: the tallies, None: the packaged ones. Raises PartMissing, Broken."""
        self.weight = weight
        self._charset = charset
        self._alike = _alike(charset)
        self._written: dict[str, dict[str, int]] = {}
        self._after: dict[tuple[str, str], dict[str, int]] = {}
        for *before, word, count in weights.rows(path or weights.FOLDER / "marks.tsv"):
            there = self._after.setdefault((before[0], fold(word)), {}) if before else self._written.setdefault(fold(word), {})
            there[word] = int(count)
        self.total = sum(sum(ways.values()) for ways in self._written.values())

    def settled(self, words: Sequence[Spelt], likely: Likely) -> list[Spelt]:
        """The words of one line with their marks weighed; `likely` `(classes, steps)`: what the network said of the line."""
        if self.weight <= 0:
            return list(words)
        found, before = [], ""
        for word in words:
            settled = self._word(word, likely, before)
            found.append(settled)
            runs = _RUN.findall(settled.text)
            before = runs[-1].casefold() if runs and settled.text[-1].isalpha() else ""
        return found

    def share(self, word: str, before: str) -> float:
        """How often, of all its ways to be marked, `word` is written so after `before` (both lower case), 0..1."""
        letters = fold(word)
        written = self._written.get(letters)
        if written is None:
            return 1.0
        share = (written.get(word, 0) + _RARE) / (sum(written.values()) + 10 * _RARE)
        after = self._after.get((before, letters))
        return share if after is None else (after.get(word, 0) + _AFTER * share) / (sum(after.values()) + _AFTER)

    def times(self, word: str) -> int:
        """How often hospital texts write a word (lower case), of `total` words."""
        return self._written.get(fold(word), {}).get(word, 0)

    def _word(self, word: Spelt, likely: Likely, before: str) -> Spelt:
        for run in _RUN.finditer(word.text):
            first, end = run.span()
            beside = word.text[max(first - 1, 0) : first] + word.text[end : end + 1]
            if min(word.letters[first:end]) > _CLEAR or any(char.isdigit() for char in beside):
                continue  # beside a digit it is a code
            ways = self._ways(run.group(), word.peaks[first:end], likely)
            text, letters = max(ways, key=lambda way: self._score(way, before if first == 0 else ""))
            if text != run.group():
                word = replace(
                    word,
                    text=word.text[:first] + text + word.text[end:],
                    letters=word.letters[:first] + letters + word.letters[end:],
                )
        return word

    def _score(self, way: _Way, before: str) -> float:
        text, letters = way
        return sum(map(log, letters)) + self.weight * log(self.share(text.casefold(), before))

    def _ways(self, text: str, peaks: Sequence[int], likely: Likely) -> list[_Way]:
        """All ways to mark these letters that the network finds possible, likeliest first, each with its likelihoods."""
        ways: list[_Way] = [("", ())]
        for char, peak in zip(text, peaks, strict=True):
            marks = list(self._possible(char, likely[:, peak]))
            longer = [(begun + mark, (*letters, seen)) for begun, letters in ways for mark, seen in marks]
            ways = sorted(longer, key=lambda way: -np.prod(way[1]))[:_WAYS]
        return ways

    def _possible(self, char: str, seen: Likely) -> Iterator[tuple[str, float]]:
        numbers = self._alike[char]
        chances = seen[numbers]
        for at in np.argsort(-chances)[:_OF_A_LETTER].tolist():
            if chances[at] >= _POSSIBLE * chances.max():
                yield self._charset[numbers[at] - 1], float(chances[at])


def _alike(charset: Sequence[str]) -> dict[str, npt.NDArray[np.intp]]:
    """For each character the classes of the network that differ from it by marks alone; of what is no letter its own."""
    groups: dict[tuple[str, bool], list[int]] = {}
    for number, char in enumerate(charset, start=1):
        groups.setdefault(_letter(char), []).append(number)
    return {char: np.array(groups[_letter(char)]) for char in charset}


def _letter(char: str) -> tuple[str, bool]:
    return (fold(char), char.isupper()) if char.isalpha() else (char, False)
