"""Whether signature blocks stand where they belong: python -m benchmarks.lines [--pages N] [--seed N] [--read]

Invented papers with one to three signature lines (`tests/generator/signed_feet.py`), clean, ordinary and bad, bound, and fields
made for the author, the head of department and the hospital's seal. *under*: of the blocks whose caption is there, how many stand
below it and no other. *on ink*: how many cover ink on the page as bound, drawn four times as fine as for placing them.
`--read`: words as our own reader reads them; else as they were drawn.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import pikepdf
import pypdfium2
from rich.console import Console
from rich.progress import track
from rich.table import Table

from domain.pages import Box, PageImage, PageReading, Word
from domain.signers import Capacity
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import OcrSettings
from pdfa.bind import bind
from pdfa.ink import inked
from pdfa.inked import page_ink
from pdfa.record import BindRecord
from signing.fields import Wish, make_fields
from signing.printed import sheet
from tests.generator import damage, people, signed_feet
from tests.generator.sheet import FONTS, Page, picture

DPI = 200
RECORD = BindRecord("Hồ sơ", "0" * 20, datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,), engines=("bench",))
WISHES = (
    Wish("TacGia", "Người lập hồ sơ", Capacity.AUTHOR),
    Wish("TruongKhoa", "Trưởng khoa", Capacity.HEAD),
    Wish("ConDau", "Con dấu bệnh viện", Capacity.SEAL),
)
CAPACITY = {"TacGia": "author", "TruongKhoa": "head", "ConDau": "director"}
GRADES = ("clean", "ordinary", "bad")
_FINE = 4.0
"""Pixels a point."""


@dataclass(frozen=True)
class Block:
    """A field as a reader sees it: page from 0, sides in points from the top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true")
    chosen = parser.parse_args()
    rng, engine = Random(chosen.seed), Recogniser() if chosen.read else None
    counts: dict[str, Counter[str]] = {grade: Counter() for grade in GRADES}
    for number in track(range(chosen.pages)):
        grade = GRADES[number % len(GRADES)]
        with tempfile.TemporaryDirectory() as folder:
            counts[grade] += _one(rng, grade, engine, Path(folder))
    _show(counts)


def _one(rng: Random, grade: str, engine: Recogniser | None, folder: Path) -> Counter[str]:
    paper = signed_feet.paper(rng, people.invent(rng))
    font = rng.choice(sorted(FONTS))
    pages = [_worn(picture(one, DPI, font), grade, rng) for one in paper.sheets]
    bound, fields = folder / "bound.pdf", folder / "fields.pdf"
    read = [_read(page, number, lean, engine) for number, (page, lean) in enumerate(pages, 1)]
    bind(read, RECORD, bound)
    began = time.process_time()
    sheets = [sheet(reading, reading.number - 1) for _, reading in reversed(read)]
    make_fields(bound, fields, WISHES, sheets, page_ink)
    counts = Counter({"ms": round(1000 * (time.process_time() - began)), "papers": 1})
    blocks = _blocks(fields)
    for name, block in blocks.items():
        counts["blocks"] += 1
        counts["on ink"] += _covers(bound, block)
        there = [one for one in paper.lines if one.capacity == CAPACITY[name]]
        if there and not there[0].inked:
            counts["captions"] += 1
            right = _under(block, there[0], paper.lines, seal=name == "ConDau")
            counts["under"] += right
            if not right:
                counts[f"missed {name}"] += 1
    counts["crossing"] += _crossing(list(blocks.values()))
    return counts


def _worn(page: Page, grade: str, rng: Random) -> tuple[Page, float]:
    """The page and how far it leans."""
    if grade == "clean":
        return page, 0.0
    lean = rng.uniform(-1.6, 1.6) if grade == "ordinary" else rng.uniform(-2.6, 2.6)
    worn = damage.skewed(page if grade == "ordinary" else damage.faint(page, 0.6), lean)
    grain = 8 if grade == "ordinary" else 14
    return damage.pressed(damage.noisy(damage.blurred(worn, 0.6), rng, grain), 75 if grade == "ordinary" else 55), lean


def _read(page: Page, number: int, lean: float, engine: Recogniser | None) -> tuple[PageImage, PageReading]:
    out = io.BytesIO()
    page.image.convert("RGB").save(out, "JPEG", quality=80)
    image = PageImage(number, out.getvalue(), "image/jpeg", page.image.width, page.image.height, float(DPI))
    if engine:
        return image, replace(read_page(image, engine, OcrSettings()), number=number)
    words, line, last = [], 0, page.words[0].box
    for word in page.words:
        line += word.box[0] < last[0] or word.box[1] > last[3] or word.box[3] < last[1]
        last = word.box
        words.append(Word(word.text, Box(*word.box), 1.0, line))
    return image, PageReading(number, *page.image.size, float(DPI), skew_degrees=lean, words=tuple(words), engine="truth")


def _blocks(path: Path) -> dict[str, Block]:
    found = {}
    with pikepdf.open(path) as pdf:
        numbers: dict[tuple[int, int], int] = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        for one in pdf.Root.AcroForm.Fields:
            x0, y0, x1, y1 = (float(side) for side in one.Rect)
            number = numbers[one.P.objgen]
            top = float(pdf.pages[number].mediabox[3])
            found[str(one.T)] = Block(number, x0, top - y1, x1, top - y0)
    return found


def _under(block: Block, line: signed_feet.Line, lines: tuple[signed_feet.Line, ...], *, seal: bool) -> bool:
    """Below its caption, nearer to it than to any other; a straightened page is a few points larger than its sheet."""
    middle = (block.x0 + block.x1) / 2 + ((block.x1 - block.x0) / 2 if seal else 0)
    nearest = min(lines, key=lambda one: abs(one.middle - middle))
    low = line.foot - 12 <= block.y0 <= line.foot + 110
    return block.page == line.sheet and low and nearest is line and abs(line.middle - middle) < 70


def _covers(path: Path, block: Block) -> bool:
    """Whether it lies over more than the dirt of a scan: a square millimetre of ink (8 square points)."""
    with pypdfium2.PdfDocument(path) as document:
        pixels = np.asarray(document[block.page].render(scale=_FINE).to_pil().convert("RGB"), dtype=np.int16)
    x0, y0, x1, y1 = (round(side * _FINE) for side in (block.x0, block.y0, block.x1, block.y1))
    return bool(inked(pixels)[max(0, y0) : y1, max(0, x0) : x1].sum() > 8 * _FINE * _FINE)


def _crossing(blocks: list[Block]) -> int:
    pairs = ((one, other) for place, one in enumerate(blocks) for other in blocks[place + 1 :] if one.page == other.page)
    return sum(one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1 for one, other in pairs)


def _show(counts: dict[str, Counter[str]]) -> None:
    table = Table(title=f"{sum(one['papers'] for one in counts.values())} papers")
    for heading in ("", "papers", "captions", "under, %", "blocks", "on ink", "crossing", "CPU-ms a paper", "missed"):
        table.add_column(heading, justify="right" if heading else "left")
    for grade, one in counts.items():
        share = f"{100 * one['under'] / max(1, one['captions']):.1f}"
        missed = ", ".join(f"{name.removeprefix('missed ')} {count}" for name, count in one.items() if name.startswith("missed"))
        cells = (one["papers"], one["captions"], share, one["blocks"], one["on ink"], one["crossing"])
        table.add_row(grade, *map(str, cells), f"{one['ms'] / max(1, one['papers']):.0f}", missed)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
