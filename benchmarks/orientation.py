"""How surely the way up of a page is told: python -m benchmarks.orientation [--pages N] [--seed N] [--fonts FILE]

Each page of `benchmarks/scans.py`, all kinds and grades, in all four turns, as `ocr/read.py` asks before it reads. What it is not
sure of, it reads and turns again where the words make no sense; here that does not count.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.scans import FONTS, GRADES, KINDS, at_hand, drawn, worn
from ocr import clean, pictures
from ocr.orientation import Compass
from ocr.read import ORIENTATION_DPI, SURE
from tests.generator import forms, people

TURNS = (0, 90, 180, 270)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500, help="each of them four times")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", type=Path, default=FONTS)
    chosen = parser.parse_args()
    faces, rng, compass = at_hand(chosen.fonts), Random(chosen.seed), Compass()
    told: dict[str, Counter[str]] = {grade: Counter() for grade in GRADES}
    for number in track(range(chosen.pages)):
        grade = GRADES[number % len(GRADES)]
        sheet = rng.choice(forms.any_form(rng, people.invent(rng)).sheets)
        page = worn(drawn(sheet, rng.choice(KINDS), faces, rng)[0], grade, rng)
        gray = clean.evened(np.array(page.image.convert("L")))
        for turn in TURNS:
            found, sure = compass.orientation(pictures.scaled(pictures.turned(gray, turn), ORIENTATION_DPI / page.dpi))
            right = found == -turn % 360
            told[grade]["right" if right else "wrong" if sure >= SURE else "unsure"] += 1
    _show(told)


def _show(told: dict[str, Counter[str]]) -> None:
    table = Table(title=f"{sum(counts.total() for counts in told.values())} turned pages")
    for heading in ("", "pages", "right", "unsure: asked again by reading", "surely wrong"):
        table.add_column(heading, justify="right" if heading else "left")
    for grade, counts in told.items():
        table.add_row(grade, *(str(value) for value in (counts.total(), counts["right"], counts["unsure"], counts["wrong"])))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
