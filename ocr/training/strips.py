"""Strips with what they say, and how they lie on disk.

A shard is `NAME.bin`, strips of 48 rows one after the other (uint8, 255 paper), and `NAME.json`: `[offset, width, text, hand]`
of each, as often as it is to be seen.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ocr.engine import Gray
from ocr.lines import HEIGHT

WIDEST = 1440
"""Columns of a strip that is taught."""
Row = tuple[int, int, str, str]
"""Offset in the shard, columns, text, hand."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A strip `(48, width) uint8` as the reader gets it, what it says (NFC), and the hand that filled it in, if one did."""

    strip: Gray
    text: str
    hand: str


def write(samples: Iterable[Sample], stem: Path, times: Sequence[int] | None = None) -> None:
    """A shard, complete or absent, that holds each strip once and names it once, or so many `times`."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    offset = 0
    with stem.with_suffix(".tmp").open("wb") as file:
        for sample, often in zip(samples, times or itertools.repeat(1), strict=times is not None):
            file.write(np.ascontiguousarray(sample.strip).tobytes())
            rows += [(offset, sample.strip.shape[1], sample.text, sample.hand)] * often
            offset += sample.strip.size
    stem.with_suffix(".tmp").replace(stem.with_suffix(".bin"))
    stem.with_suffix(".json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def rows(index: Path) -> list[Row]:
    """What the index of a shard says."""
    return [tuple(row) for row in json.loads(index.read_text(encoding="utf-8"))]


def cut(store: Gray, offset: int, width: int) -> Gray:
    """The strip at an offset of a shard's bytes."""
    return store[offset : offset + HEIGHT * width].reshape(HEIGHT, width)


def gathered(folder: Path) -> list[Sample]:
    """The strips of all shards of a folder, in order."""
    samples = []
    for index in sorted(folder.glob("*.json")):
        store = np.fromfile(index.with_suffix(".bin"), np.uint8)
        samples += [Sample(cut(store, offset, width), text, hand) for offset, width, text, hand in rows(index)]
    return samples
