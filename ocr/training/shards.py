"""The shards of a folder as lines to teach: drawn at random without being read whole, and stacked for the network."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor

from ocr.engine import Gray
from ocr.lines import stacked
from ocr.training.network import MULTIPLE, STRIDE
from ocr.training.strips import Row, cut, rows

NARROWED = 0.87
"""The least width to which training shrinks a strip: the network must still have a step for every character."""


@dataclass(frozen=True, slots=True)
class Line:
    """A strip with what it says: as text, and as class numbers."""

    store: Gray
    offset: int
    width: int
    text: str
    hand: str
    numbers: tuple[int, ...]

    def strip(self) -> Gray:
        """(48, width) uint8, 255 paper."""
        return cut(self.store, self.offset, self.width)


class Shards:
    """All complete shards of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[Path, list[Row]] = {}
        self.refresh()

    def refresh(self) -> None:
        """See what came and what went."""
        there = set(self._folder.glob("*.json"))
        self._rows = {path: known for path, known in self._rows.items() if path in there}
        for path in sorted(there - self._rows.keys()):
            self._rows[path] = rows(path)

    def sample(self, rng: Random, count: int, characters: tuple[str, ...]) -> list[Line]:
        """As many lines at random, without those that cannot be taught."""
        known = [(path, row) for path, there in self._rows.items() for row in there]
        return self._opened(rng.sample(known, min(count, len(known))), characters)

    def lines(self, characters: tuple[str, ...]) -> list[Line]:
        """All lines, in order."""
        return self._opened([(path, row) for path, there in sorted(self._rows.items()) for row in there], characters)

    def _opened(self, wanted: list[tuple[Path, Row]], characters: tuple[str, ...]) -> list[Line]:
        classes = {char: number for number, char in enumerate(characters, start=1)}
        stores = {path: np.memmap(path.with_suffix(".bin"), np.uint8, "r") for path in {path for path, _ in wanted}}
        lines = []
        for path, (offset, width, text, hand) in wanted:
            numbers = tuple(classes[char] for char in text if char in classes)
            repeats = sum(one == other for one, other in itertools.pairwise(numbers))
            if len(numbers) == len(text) and width * NARROWED / STRIDE > len(numbers) + repeats + 1:
                lines.append(Line(stores[path], offset, width, text, hand, numbers))
        return lines


def padded(strips: Sequence[Gray]) -> tuple[Tensor, Tensor, Tensor]:
    """Strips (48, width) 255 paper → ink (B, 1, 48, W) 0..1, mask (B, 1, W/6), steps (B)."""
    ink, mask, steps = stacked(strips, STRIDE, MULTIPLE)
    return torch.from_numpy(ink), torch.from_numpy(mask), torch.tensor(steps)
