"""Strips with what they say, kept small: `lines.png`, one strip below the other at the left edge, and `lines.json`, a row
`[width, text, hand]` for each.

`python -m ocr.training.packed SHARDS OUT` packs the shards of a folder. Grey is rounded to 16 levels: a third of the size, and
what is measured on the strips is measured on them as they are packed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ocr.lines import HEIGHT
from ocr.training.strips import Sample, gathered

TEST_SET = Path(__file__).with_name("testset")
"""The shipped strips on which no reader may become worse. Nobody learns from them."""
BETWEEN = Path(__file__).with_name("between")
"""The shipped strips that come in between when a house teaches its own, so that nothing is forgotten."""
_LEVELS = 17
"""Grey from one level to the next."""


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
