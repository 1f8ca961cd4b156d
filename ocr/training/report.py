"""`python -m ocr.training.report CHECKPOINT SHARDS OUT`: how well a checkpoint reads lines it never saw, in numbers and pictures.

Prints errors by hand and how far the confidence can be trusted; writes `worst.png`, the lines with most errors with truth and
reading under each, and `learning.png`, the errors over the lines seen, from the log that lies beside the checkpoint.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

from ocr.marks import Marks
from ocr.training.evaluate import Report, evaluated
from ocr.training.export import load
from ocr.training.shards import Line, Shards

_LEVELS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)
_FACE = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
_WIDE = 1100


def table(report: Report) -> str:
    """Errors in percent, one row for all and one for each hand."""
    rows = [f"{'':10}{'lines':>7}{'CER':>8}{'WER':>8}{'tone':>8}{'digit':>8}"]
    for name, errors in (("all", report.all), *sorted(report.hands.items())):
        numbers = "".join(f"{value:8.2f}" for value in errors.as_dict().values())
        rows.append(f"{name:10}{errors.lines:7}{numbers}")
    return "\n".join(rows)


def reliability(report: Report) -> list[tuple[float, int, float, float]]:
    """For lines by confidence: lower bound, how many, mean confidence, part of characters read right."""
    rows = []
    for low, high in itertools.pairwise(_LEVELS):
        there = [(line.text, text, sure) for line, text, sure in report.readings if low <= sure < high]
        if there:
            wrong = sum(Levenshtein.distance(truth, text) for truth, text, _ in there)
            letters = sum(max(len(truth), len(text)) for truth, text, _ in there)
            rows.append((low, len(there), float(np.mean([sure for *_, sure in there])), 1 - wrong / max(letters, 1)))
    return rows


def worst(report: Report, count: int) -> list[tuple[Line, str, float]]:
    """The readings with the largest part of characters wrong."""
    return sorted(report.readings, key=lambda one: -Levenshtein.distance(one[0].text, one[1]) / max(len(one[0].text), 3))[:count]


def picture(readings: Sequence[tuple[Line, str, float]]) -> Image.Image:
    """Strips, one under the other, each with its truth and what was read."""
    face = ImageFont.truetype(str(_FACE), 13)
    sheet = Image.new("L", (_WIDE, 88 * len(readings)), 255)
    draw = ImageDraw.Draw(sheet)
    for n, (line, text, sure) in enumerate(readings):
        sheet.paste(Image.fromarray(np.ascontiguousarray(line.strip()[:, :_WIDE])), (0, n * 88))
        draw.text((2, n * 88 + 49), line.text, 0, font=face)
        draw.text((2, n * 88 + 66), f"{text}   [{line.hand} {sure:.2f}]", 90, font=face)
    return sheet


def learning(log: Path, out: Path) -> None:
    """Draw the curves of a training log."""
    rows = [json.loads(row) for row in log.read_text(encoding="utf-8").splitlines()]
    figure = Figure(figsize=(8, 4.5))
    axes = figure.add_subplot()
    for name in ("all", "print", "typed", "pins", "written"):
        seen = [(row["lines"] / 1000, max(row[name]["characters"], 0.01)) for row in rows if name in row]
        axes.plot(*zip(*seen, strict=True), label=name, marker=".", linewidth=2 if name == "all" else 1)
    axes.set(xlabel="lines seen, thousands", ylabel="character error, %", yscale="log")
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend()
    figure.savefig(out, dpi=110, bbox_inches="tight")


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("checkpoint", type=Path)
    ask.add_argument("shards", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--worst", type=int, default=200)
    given = ask.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    network, characters, _ = load(given.checkpoint)
    lines = Shards(given.shards).lines(tuple(characters))
    print(f"the network alone\n{table(evaluated(network, characters, lines))}\n")
    report = evaluated(network, characters, lines, Marks(characters))
    print(f"as the product reads\n{table(report)}")
    print("\nconfidence from   lines   mean   right")
    for low, count, mean, right in reliability(report):
        print(f"{low:15.2f}{count:8}{mean:7.3f}{right:8.3f}")
    picture(worst(report, given.worst)).save(given.out / "worst.png", optimize=True)
    if given.checkpoint.with_suffix(".jsonl").exists():
        learning(given.checkpoint.with_suffix(".jsonl"), given.out / "learning.png")


if __name__ == "__main__":
    main()
