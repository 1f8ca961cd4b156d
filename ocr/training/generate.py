"""`python -m ocr.training.generate FONTS.json OUT`: draws damaged pages without end, cuts them, and writes the crops in shards.

The same seed gives the same shards; how they look is said in `strips.py`.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import cv2
import numpy as np

from ocr.engine import Gray
from ocr.lines import LineFinder
from ocr.training.crops import LEGIBLE, Cutter
from ocr.training.damage import Damage
from ocr.training.faces import Faces
from ocr.training.fonts import Font, load
from ocr.training.sheet import Composer, Letter, Pens
from ocr.training.strips import Sample, write
from ocr.training.text import Writer
from ocr.training.words import Part

_DPI = {100: 5, 120: 4, 150: 14, 200: 34, 240: 8, 300: 35}
_PAPERS = {(8.27, 11.69): 70, (8.27, 5.83): 15, (5.83, 8.27): 15}
"""Inches: A4, half of it lying, A5."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A damaged page (height, width) uint8, its letters where they came to stand, and its ink before the damage, 255 full."""

    picture: Gray
    letters: Sequence[Letter]
    dpi: float
    ink: Gray
    carbon: bool
    """Whether it was filled in through carbon paper."""


class Painter:
    """An endless, seeded supply of damaged pages."""

    def __init__(self, fonts: Sequence[Font], part: Part, rng: Random) -> None:
        self._rng = rng
        self._writer = Writer(Random(rng.getrandbits(32)), part)
        self._faces = Faces([font for font in fonts if font.part == part], rng)
        cv2.setNumThreads(1)

    def pens(self, em: float) -> Pens:
        """The hands of the next page."""
        return self._faces.pens(em)

    def page(self) -> Drawn:
        """One more."""
        rng = self._rng
        dpi = rng.choices(list(_DPI), list(_DPI.values()))[0] * rng.uniform(0.95, 1.05)
        wide, high = rng.choices(list(_PAPERS), list(_PAPERS.values()))[0]
        em = rng.triangular(8.5, 14.5, 11.5) * dpi / 72
        sheet = Composer(self._writer, self.pens(em), rng, (round(high * dpi), round(wide * dpi))).compose()
        damage = Damage(rng, em)
        carbon = rng.random() < 0.14
        ink = np.maximum(
            damage.worn(sheet.printed, carbon=carbon and rng.random() < 0.3), damage.worn(sheet.filled, carbon=carbon)
        )
        bend = damage.bend(sheet.width)
        picture = damage.scanned(damage.bent(damage.overlaid(ink), bend))
        meant = damage.bent(np.maximum(sheet.printed, sheet.filled), bend)
        if rng.random() < 0.12:
            picture = damage.shown_through(picture, ink)
        shifts = bend.shift(np.array([(one.left + one.right) / 2 for one in sheet.letters], np.float32))
        letters = [replace(one, base=one.base + float(shift)) for one, shift in zip(sheet.letters, shifts, strict=True)]
        return Drawn(picture, letters, dpi, meant, carbon)


class Generator:
    """An endless, seeded supply of crops."""

    def __init__(self, fonts: list[Font], part: Part, seed: int, least: float | None = None) -> None:
        """`least`: likeness with its ink that a crop must have; None: what is usual for the part."""
        self._rng = Random(seed)
        self._painter = Painter(fonts, part, self._rng)
        self._cutter = Cutter(LineFinder(), self._rng, LEGIBLE[part] if least is None else (least, least))

    def page(self) -> list[Sample]:
        """The crops of one page."""
        drawn = self._painter.page()
        return self._cutter.cut(drawn.picture, drawn.letters, drawn.dpi, drawn.ink)

    def crops(self, a_page: int | None = None) -> Iterator[Sample]:
        """Without end; of a page all, or so many at random."""
        while True:
            found = self.page()
            yield from found if a_page is None else self._rng.sample(found, min(a_page, len(found)))


def main() -> None:
    """The command."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("fonts", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--lines", type=int, default=0, help="crops in all; 0: go on until stopped")
    ask.add_argument("--a-page", type=int, help="most crops of a page; fewer make a test of the same size wider")
    ask.add_argument("--shard", type=int, default=5000, help="crops a shard")
    ask.add_argument("--part", choices=("train", "test"), default="train")
    ask.add_argument("--least", type=float, help="least likeness of a crop with its ink; 0.88 leaves out what is badly worn")
    given = ask.parse_args()
    supply = Generator(load(given.fonts), given.part, given.seed, given.least).crops(given.a_page)
    shards = math.ceil(given.lines / given.shard) if given.lines else None
    number = 0
    while shards is None or number < shards:
        count = min(given.shard, given.lines - number * given.shard) if given.lines else given.shard
        write(itertools.islice(supply, count), given.out / f"{given.part}-{given.seed}-{number:05}")
        number += 1


if __name__ == "__main__":
    main()
