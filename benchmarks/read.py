"""Who reads how much, by who filled the form in: python -m benchmarks.read [--pages N] [--seed N] [--fonts FILE]

Invented forms, other than those the line reader was taught on, in font families that it never saw (the `test` part of the fonts
of `python -m ocr.training.fonts`), filled in by laser printer, typewriter, pin printer, hand or through carbon paper; lean,
uneven light, noise, seals, JPEG. Every engine reads the same pictures in one run: words found (order-free, with tones;
without), words with digits found, words read that stand there, seconds a page on one core. Real handwriting is much harder than
fonts that look like it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from domain.pages import PageReading
from domain.text import fold, tokens
from ingest.pages import cut
from ingest.settings import IngestSettings
from ocr.read import read_page
from ocr.settings import OcrSettings, Reader
from ocr.training import fonts
from ocr.training.damage import Damage
from ocr.training.fonts import Font
from ocr.training.ink import Hand, Pen
from pipeline.reader import engine
from pipeline.settings import Settings
from storage.settings import StorageSettings
from tests.generator import damage, files, forms, people
from tests.generator.pen import measure
from tests.generator.sheet import Page, Printed, Sheet, Text, picture

BIN = Path(sys.executable).parent
KINDS = ("laser", "typewriter", "dot-matrix", "handwriting-like", "carbon")
FILLS = {
    "laser": (Hand.PRINT, ("serif", "sans")),
    "typewriter": (Hand.TYPED, ("typewriter", "mono")),
    "dot-matrix": (Hand.PINS, ("dot-matrix", "mono")),
    "handwriting-like": (Hand.WRITTEN, ("hand", "hand", "hand", "script")),
    "carbon": (Hand.TYPED, ("typewriter", "mono")),
}


@dataclass(frozen=True)
class Scan:
    """A page on disk, how it was filled in, and its words."""

    path: Path
    kind: str
    words: tuple[str, ...]


def pens(kind: str, at_hand: Sequence[Font], rng: Random, scale: float) -> Callable[[float, bool, bool], Pen]:
    """The hands of one page: a pen for a size in points, bold or not, filled in or printed."""
    hand, styles = FILLS[kind]
    label = rng.choice([font for font in at_hand if font.style in {"serif", "sans"}])
    style = rng.choice(styles)
    fill = rng.choice([font for font in at_hand if font.style == style])
    shake = rng.uniform(0.01, 0.03) if hand in {Hand.TYPED, Hand.WRITTEN} else 0.0
    larger = rng.uniform(1.0, 1.25) if hand is Hand.WRITTEN else 1.0
    pins = rng.choice((12, 14, 16, 18))

    def pen(size: float, bold: bool, filled: bool) -> Pen:  # noqa: FBT001
        pixels = round(size * scale * (larger if filled else 0.95))
        if filled:
            return Pen(hand, str(fill.path), pixels, shake=shake, pins=pins)
        return Pen(Hand.PRINT, str(label.path), pixels, bold=bold)

    return pen


def drawn(sheet: Sheet, kind: str, at_hand: Sequence[Font], rng: Random, dpi: int) -> Page:
    """A sheet in the hands of its kind, with the words as drawn."""
    scale = dpi / 72
    paper = picture(replace(sheet, texts=[]), dpi, "Noto Serif")
    pen = pens(kind, at_hand, rng, scale)
    planes = {False: np.zeros(paper.image.size[::-1], np.uint8), True: np.zeros(paper.image.size[::-1], np.uint8)}
    words = []
    for run in sheet.texts:
        set_down = _fitting(pen(run.size, run.bold, run.filled), run, scale).draw(run.text, rng)
        if set_down is not None:
            _set(planes[run.filled], set_down.mask, round(run.x * scale), round(run.y * scale) - set_down.base)
            words += [Printed(word, (0, 0, 0, 0)) for word in run.text.split()]
    hurt = Damage(rng, 11 * scale)
    ink = np.maximum(planes[False], hurt.worn(planes[True], carbon=kind == "carbon"))
    grey = np.asarray(paper.image.convert("L"), np.float32) * (1 - ink * np.float32(0.9 / 255))
    return Page(Image.fromarray(grey.astype(np.uint8)).convert("RGB"), tuple(words), "", dpi)


def _fitting(pen: Pen, run: Text, scale: float) -> Pen:
    """As narrow as the form leaves room: what runs into the next cell nobody can read."""
    return replace(pen, wide=min(1.0, measure(run.text, run.size, bold=run.bold) * scale / max(pen.length(run.text), 1.0)))


def _set(plane: np.ndarray, mask: np.ndarray, left: int, top: int) -> None:
    there = plane[max(top, 0) : top + mask.shape[0], max(left, 0) : left + mask.shape[1]]
    part = mask[max(-top, 0) :, max(-left, 0) :][: there.shape[0], : there.shape[1]]
    np.maximum(there, part, out=there)


def make_scans(folder: Path, at_hand: Sequence[Font], count: int, seed: int) -> list[Scan]:
    """As many pages of each kind."""
    rng = Random(seed)
    scans = []
    for number in range(count):
        for kind in KINDS:
            form = forms.any_form(rng, people.invent(rng))
            page = drawn(rng.choice(form.sheets), kind, at_hand, rng, rng.choice((200, 300)))
            page = damage.pressed((damage.ordinary if rng.random() < 0.7 else damage.bad)(page, rng), rng.randint(50, 85))
            path = files.jpeg(page, folder / f"{number:03}-{kind}.jpg", quality=80)
            scans.append(Scan(path, kind, tuple(token for word in page.words for token in tokens(word.text))))
    return scans


@dataclass
class Score:
    """What one engine read: words by kind, and what it took."""

    name: str
    seconds: float
    read: dict[Path, list[str]]

    def found(self, scans: Sequence[Scan], alike: Callable[[str], str] = str) -> float:
        """Per cent of the words there that were read."""
        pairs = [(Counter(map(alike, scan.words)), Counter(map(alike, self.read[scan.path]))) for scan in scans]
        return 100 * sum(sum((one & other).values()) for one, other in pairs) / max(1, sum(sum(one.values()) for one, _ in pairs))

    def true(self, scans: Sequence[Scan]) -> float:
        """Per cent of the words read that are there."""
        hits = sum(sum((Counter(scan.words) & Counter(self.read[scan.path])).values()) for scan in scans)
        return 100 * hits / max(1, sum(len(self.read[scan.path]) for scan in scans))

    def figures(self, scans: Sequence[Scan]) -> float:
        """Per cent of the words with digits that were read exactly."""
        only = [replace(scan, words=tuple(word for word in scan.words if any(map(str.isdigit, word)))) for scan in scans]
        return self.found(only)


def by_us(name: str, reader: Reader, scans: Sequence[Scan]) -> Score:
    """One of the product's own readers, in this process."""
    ocr = OcrSettings(engine=reader)
    reading = engine(Settings(StorageSettings(Path("unused")), ocr=ocr))
    began = time.monotonic()
    pages: dict[Path, PageReading] = {scan.path: read_page(cut(scan.path, 1, IngestSettings()), reading, ocr) for scan in scans}
    return Score(
        name,
        time.monotonic() - began,
        {path: [t for word in page.words for t in tokens(word.text)] for path, page in pages.items()},
    )


def by_ocrmypdf(scans: Sequence[Scan], out: Path) -> Score:
    """OCRmyPDF, with the flags its users give it."""
    read = {}
    began = time.monotonic()
    for scan in scans:
        text = out / f"{scan.path.stem}.txt"
        flags = ["-l", "vie", "--deskew", "--rotate-pages", "--output-type", "pdf", "--jobs", "1", "--sidecar", str(text), "-q"]
        subprocess.run([str(BIN / "ocrmypdf"), *flags, str(scan.path), str(out / "out.pdf")], check=True, capture_output=True)
        read[scan.path] = tokens(text.read_text(encoding="utf-8"))
    return Score("OCRmyPDF", time.monotonic() - began, read)


def show(scores: Sequence[Score], scans: Sequence[Scan]) -> None:
    """The table."""
    table = Table(title=f"{len(scans)} pages; words found, per cent")
    heads = ("all", *KINDS, "without tones", "figures", "true", "s/page")
    for heading in ("", *heads):
        table.add_column(heading, justify="left" if not heading else "right")
    for score in scores:
        by_kind = [score.found([scan for scan in scans if scan.kind == kind]) for kind in KINDS]
        rest = (score.found(scans), *by_kind, score.found(scans, fold), score.figures(scans), score.true(scans))
        table.add_row(score.name, *(f"{value:.1f}" for value in rest), f"{score.seconds / len(scans):.2f}")
    Console(width=150).print(table)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=8, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", type=Path, default=Path.home() / ".cache/luuky/fonts/fonts.json")
    parser.add_argument("--only-ours", action="store_true", help="leave OCRmyPDF out")
    chosen = parser.parse_args()
    if not chosen.fonts.exists():
        fonts.main([str(chosen.fonts.parent)])
    at_hand = [font for font in fonts.load(chosen.fonts) if font.part == "test"]
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        scans = make_scans(Path(name), at_hand, chosen.pages, chosen.seed)
        scores = [by_us(reader.value, reader, scans) for reader in (Reader.OWN, Reader.BOTH, Reader.TESSERACT)]
        if not chosen.only_ours:
            scores.append(by_ocrmypdf(scans, Path(name)))
        show(scores, scans)


if __name__ == "__main__":
    main()
