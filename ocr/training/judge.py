"""How many errors the product makes on strips, read by the exported network exactly as it reads pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ocr.recogniser import StripReader
from ocr.training.strips import Sample


@dataclass(frozen=True, slots=True)
class Score:
    """Wrong characters (edits), out of so many of the truth, on so many strips."""

    wrong: int
    characters: int
    strips: int


def score(reader: StripReader, samples: Sequence[Sample]) -> Score:
    """Read all and count."""
    read = reader.read([sample.strip for sample in samples])
    said = [" ".join(word.text for word in words) for words in read]
    wrong = sum(Levenshtein.distance(sample.text, text) for sample, text in zip(samples, said, strict=True))
    return Score(wrong, sum(len(sample.text) for sample in samples), len(samples))
