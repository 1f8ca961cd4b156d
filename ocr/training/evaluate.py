"""How well a network reads what it never saw.

Character error: edits (Levenshtein) by characters of the truth. Word error: the same of words. Tone error: of words whose
letters were read right when marks are left aside, those with a wrong tone or hat. Digit error: edits among the digits of
both, by digits of the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from rapidfuzz.distance import Levenshtein

from domain.text import fold
from ocr.marks import Marks
from ocr.spelling import mean, spelt
from ocr.training.network import LineReader
from ocr.training.shards import Line, padded


@dataclass
class Errors:
    """Counts of what was wrong, and out of how much."""

    lines: int = 0
    characters: list[int] = field(default_factory=lambda: [0, 0])
    words: list[int] = field(default_factory=lambda: [0, 0])
    tones: list[int] = field(default_factory=lambda: [0, 0])
    digits: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, truth: str, read: str) -> None:
        """Count one line."""
        self.lines += 1
        _count(self.characters, Levenshtein.distance(truth, read), len(truth))
        wanted, got = truth.split(), read.split()
        _count(self.words, Levenshtein.distance(wanted, got), len(wanted))
        figures, seen = (("".join(char for char in text if char.isdigit())) for text in (truth, read))
        _count(self.digits, Levenshtein.distance(figures, seen), len(figures))
        if len(wanted) == len(got):
            same = [(one, other) for one, other in zip(wanted, got, strict=True) if fold(one) == fold(other)]
            _count(self.tones, sum(one.casefold() != other.casefold() for one, other in same), len(same))

    def as_dict(self) -> dict[str, float]:
        """Percent."""
        return {name: _percent(getattr(self, name)) for name in ("characters", "words", "tones", "digits")}


@dataclass
class Report:
    """Errors in all and by hand; and each line with what was read and how sure that was."""

    all: Errors = field(default_factory=Errors)
    hands: dict[str, Errors] = field(default_factory=dict)
    readings: list[tuple[Line, str, float]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Percent, in all and by hand."""
        return {"all": self.all.as_dict(), **{hand: errors.as_dict() for hand, errors in sorted(self.hands.items())}}


def evaluated(network: LineReader, characters: Sequence[str], lines: Sequence[Line], marks: Marks | None = None) -> Report:
    """Read lines and compare; with `marks` as the product reads, without as the network alone does."""
    report = Report()
    ordered = sorted(lines, key=lambda line: line.width)
    for start in range(0, len(ordered), 24):
        batch = ordered[start : start + 24]
        for line, (text, sure) in zip(batch, read(network, characters, batch, marks), strict=True):
            report.all.add(line.text, text)
            report.hands.setdefault(line.hand, Errors()).add(line.text, text)
            report.readings.append((line, text, sure))
    return report


def read(
    network: LineReader, characters: Sequence[str], lines: Sequence[Line], marks: Marks | None = None
) -> list[tuple[str, float]]:
    """What is read, and the mean confidence of its characters."""
    strip, mask, steps = padded([line.strip() for line in lines])
    with torch.inference_mode():
        likely = torch.softmax(network(strip, mask), 1)
    sure, guess = likely.max(1)
    found = [spelt(guess[n, :length].numpy(), sure[n, :length].numpy(), characters) for n, length in enumerate(steps.tolist())]
    if marks is not None:
        found = [marks.settled(words, likely[n].numpy()) for n, words in enumerate(found)]
    return [(" ".join(word.text for word in words), mean(words)) for words in found]


def _count(pair: list[int], wrong: int, total: int) -> None:
    pair[0] += wrong
    pair[1] += total


def _percent(pair: list[int]) -> float:
    return round(100 * pair[0] / max(pair[1], 1), 2)
