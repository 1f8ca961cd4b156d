"""Strips on disk (written by `generate.py`) and batches of them in memory."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ocr.training.network import HEIGHT, MULTIPLE, STRIDE

_NARROWED = 0.87
"""The least width to which training shrinks a strip: the network must still have a step for every character."""
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Line:
    """A strip with what it says: as text, and as class numbers."""

    store: Bytes
    offset: int
    width: int
    text: str
    hand: str
    numbers: tuple[int, ...]

    def strip(self) -> Bytes:
        """(48, width) uint8, 255 paper."""
        return self.store[self.offset : self.offset + HEIGHT * self.width].reshape(HEIGHT, self.width)


class Shards:
    """All complete shards of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[Path, list[tuple[int, int, str, str]]] = {}
        self.refresh()

    def refresh(self) -> None:
        """See what came and what went."""
        there = set(self._folder.glob("*.json"))
        self._rows = {path: rows for path, rows in self._rows.items() if path in there}
        for path in sorted(there - self._rows.keys()):
            self._rows[path] = json.loads(path.read_text(encoding="utf-8"))

    def sample(self, rng: Random, count: int, characters: tuple[str, ...]) -> list[Line]:
        """As many lines at random, without those that cannot be taught."""
        known = [(path, row) for path, rows in self._rows.items() for row in rows]
        return self._opened(rng.sample(known, min(count, len(known))), characters)

    def lines(self, characters: tuple[str, ...]) -> list[Line]:
        """All lines, in order."""
        return self._opened([(path, row) for path, rows in sorted(self._rows.items()) for row in rows], characters)

    def _opened(self, rows: list[tuple[Path, tuple[int, int, str, str]]], characters: tuple[str, ...]) -> list[Line]:
        classes = {char: number for number, char in enumerate(characters, start=1)}
        stores = {path: np.memmap(path.with_suffix(".bin"), np.uint8, "r") for path in {path for path, _ in rows}}
        lines = []
        for path, (offset, width, text, hand) in rows:
            numbers = tuple(classes[char] for char in text if char in classes)
            repeats = sum(one == other for one, other in itertools.pairwise(numbers))
            if len(numbers) == len(text) and width * _NARROWED / STRIDE > len(numbers) + repeats + 1:
                lines.append(Line(stores[path], offset, width, text, hand, numbers))
        return lines


def padded(strips: Sequence[npt.NDArray[Any]]) -> tuple[Tensor, Tensor, Tensor]:
    """Strips (48, width) 255 paper → ink (B, 1, 48, W) 0..1, mask (B, 1, W/6), steps (B)."""
    width = math.ceil(max(strip.shape[1] for strip in strips) / MULTIPLE) * MULTIPLE
    ink = np.zeros((len(strips), 1, HEIGHT, width), np.float32)
    mask = np.zeros((len(strips), 1, width // STRIDE), np.float32)
    for n, strip in enumerate(strips):
        ink[n, 0, :, : strip.shape[1]] = 1 - strip / np.float32(255)
        mask[n, 0, : math.ceil(strip.shape[1] / STRIDE)] = 1
    return torch.from_numpy(ink), torch.from_numpy(mask), torch.from_numpy(mask.sum(axis=(1, 2)).astype(np.int64))
