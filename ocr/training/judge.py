"""How many errors the product makes on strips, read by the exported network exactly as it reads pages, and what chance explains.

Two networks read the same lines, so lines are compared in pairs. Were the two equally good, which of them made more errors on a
line would be the toss of a coin: the differences are given signs by coins, again and again, and counted how often they come out
at least as bad as they did (a paired randomisation test; Fisher 1935, Efron and Tibshirani 1993, chapter 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from ocr.recogniser import StripReader
from ocr.training.strips import Sample

UNLIKELY = 0.05
"""What so rarely comes by chance is not put down to chance."""
_TOSSES, _SEED = 10_000, 0


@dataclass(frozen=True, slots=True)
class Score:
    """Wrong characters (edits), out of so many of the truth, on so many strips."""

    wrong: int
    characters: int
    strips: int


def errors(reader: StripReader, samples: Sequence[Sample]) -> list[int]:
    """Wrong characters of each strip."""
    read = reader.read([sample.strip for sample in samples])
    said = [" ".join(word.text for word in words) for words in read]
    return [Levenshtein.distance(sample.text, text) for sample, text in zip(samples, said, strict=True)]


def score(wrong: Sequence[int], samples: Sequence[Sample]) -> Score:
    """All together."""
    return Score(sum(wrong), sum(len(sample.text) for sample in samples), len(samples))


def chance(before: Sequence[int], after: Sequence[int]) -> float:
    """How likely it is (0..1) that a reader as good as the one before makes so many more errors as `after`, or still more.

    Both are errors on the same lines. The same answer every time.
    """
    differences = np.array(after, np.float32) - np.array(before, np.float32)
    differences = differences[differences != 0]
    coins = np.random.default_rng(_SEED).integers(0, 2, (_TOSSES, len(differences)), np.int8).astype(np.float32)
    sums = 2 * (coins @ differences) - differences.sum()
    return float((1 + np.count_nonzero(sums >= differences.sum())) / (1 + _TOSSES))
