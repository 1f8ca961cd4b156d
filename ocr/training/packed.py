"""Strips with what they say, kept small: `lines.png`, one strip below the other at the left edge, and `lines.json`, a row
`[width, text, hand]` for each.

`python -m ocr.training.packed SHARDS OUT` packs the shards of a folder. Grey is rounded to 16 levels: a third of the size, and
what is measured on the strips is measured on them as they are packed. `spread` writes strips as a shard, to learn from.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.engine import Gray
from ocr.lines import HEIGHT

TEST_SET = Path(__file__).with_name("testset")
"""The shipped strips on which no reader may become worse. Nobody learns from them."""
BETWEEN = Path(__file__).with_name("between")
"""The shipped strips that come in between when a house teaches its own, so that nothing is forgotten."""
_LEVELS = 17
"""Grey from one level to the next."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A strip `(48, width) uint8`, what it says (NFC), and in whose hand."""

    strip: Gray
    text: str
    hand: str


def pack(samples: Sequence[Sample], folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    sheet = np.full((HEIGHT * len(samples), max(sample.strip.shape[1] for sample in samples)), 255, np.uint8)
    for number, sample in enumerate(samples):
        sheet[HEIGHT * number : HEIGHT * (number + 1), : sample.strip.shape[1]] = np.rint(sample.strip / _LEVELS) * _LEVELS
    cv2.imwrite(str(folder / "lines.png"), sheet, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    rows = [[sample.strip.shape[1], sample.text, sample.hand] for sample in samples]
    (folder / "lines.json").write_text(_rows(rows), encoding="utf-8")


def unpack(folder: Path) -> list[Sample]:
    """Read both files."""
    sheet = np.asarray(cv2.imread(str(folder / "lines.png"), cv2.IMREAD_GRAYSCALE), np.uint8)
    rows = json.loads((folder / "lines.json").read_text(encoding="utf-8"))
    strips = np.split(sheet, len(rows))
    return [Sample(strip[:, :width], text, hand) for strip, (width, text, hand) in zip(strips, rows, strict=True)]


def spread(samples: Sequence[Sample], times: Sequence[int], stem: Path) -> None:
    """Write a shard (`generate.py` says how it looks) that holds each strip once and names it so many times."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    rows: list[list[int | str]] = []
    offset = 0
    with stem.with_suffix(".bin").open("wb") as file:
        for sample, often in zip(samples, times, strict=True):
            file.write(np.ascontiguousarray(sample.strip).tobytes())
            rows += [[offset, sample.strip.shape[1], sample.text, sample.hand]] * often
            offset += sample.strip.size
    stem.with_suffix(".json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def gathered(folder: Path) -> list[Sample]:
    """The strips of all shards of a folder, in order."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        store = np.fromfile(path.with_suffix(".bin"), np.uint8)
        for offset, width, text, hand in json.loads(path.read_text(encoding="utf-8")):
            samples.append(Sample(store[offset : offset + HEIGHT * width].reshape(HEIGHT, width), text, hand))
    return samples


def _rows(rows: Sequence[object]) -> str:
    """A row a line, so that a change shows where it is."""
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("shards", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--lines", type=int, default=400, help="how many, from all over the shards")
    given = ask.parse_args()
    found = gathered(given.shards)
    pack(found[:: max(1, len(found) // given.lines)][: given.lines], given.out)


if __name__ == "__main__":
    main()
