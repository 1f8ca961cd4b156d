"""Who reads how much and what it costs: python -m benchmarks.read [--pages N] [--seed N] [--fonts FILE] [--only-ours]

The scans of `benchmarks/scans.py`. Every way is a command that its users would type, all in one run over the same pictures:
`luuky digitise` with all pages in one call at each level, and with Tesseract alone; OCRmyPDF with `-l vie+eng --deskew
--rotate-pages --clean`, a page a call, as many at a time as there are cores. Of each: words found (order-free, with tones) by who
filled the form in, by grade, printed and filled in; without tones; fields whose value stands in the text exactly; words read that
stand there; CPU-seconds a page and pages a minute, start and PDF/A included. Of ours also: how well a confidence tells what is
right, how well boxes fit (intersection over union with the ink), and pages turned right.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.belt import BIN, each_apart, run, timed
from benchmarks.scans import FONTS, GRADES, KINDS, Scan, at_hand, make_scans
from domain.pages import Box
from domain.sidecar import page_from_json
from domain.text import fold, tokens
from tests.generator.sheet import Printed

NUMBERS = ("so_cccd", "ma_the_bhyt", "ma_nguoi_benh", "so_vao_vien", "so_luu_tru")
"""The fields by which a patient or a paper is found."""
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
_SAME_PLACE = 0.5
"""Part of the smaller box from which a word read and one drawn are the same."""


@dataclass(frozen=True)
class Way:
    """What one command read, by scan, and its cost in seconds of clock and processor; `pages`: the sidecars of ours."""

    name: str
    text: dict[Path, str]
    wall: float
    cpu: float
    pages: dict[Path, Any]

    def found(self, scans: Sequence[Scan], alike: Callable[[str], str] = str) -> float:
        """Per cent of the words there that were read."""
        pairs = [(_counted(scan.words, alike), Counter(map(alike, tokens(self.text[scan.path])))) for scan in scans]
        return _percent(sum((there & read).total() for there, read in pairs), sum(there.total() for there, _ in pairs))

    def true(self, scans: Sequence[Scan]) -> float:
        """Per cent of the words read that are there."""
        pairs = [(_counted(scan.words, str), Counter(tokens(self.text[scan.path]))) for scan in scans]
        return _percent(sum((there & read).total() for there, read in pairs), sum(read.total() for _, read in pairs))

    def fields(self, scans: Sequence[Scan], names: Sequence[str] = ()) -> float:
        """Per cent of the fields (of those `names`) whose value stands in the text exactly."""
        asked = [(scan, value) for scan in scans for name, value in scan.fields.items() if not names or name in names]
        return _percent(sum(_plain(value) in _plain(self.text[scan.path]) for scan, value in asked), len(asked))


def by_us(name: str, scans: Sequence[Scan], out: Path, level: str, **settings: str) -> Way:
    """`luuky digitise`."""
    paths = [scan.path for scan in scans]
    flags = ("-o", f"{out}/", "--sidecar", f"{out}/", "--level", level, "--overwrite")
    wall, cpu = timed(lambda: run(BIN / "luuky", "digitise", *paths, *flags, **settings))
    pages = {path: page_from_json(json.loads((out / f"{path.stem}.json").read_text())["pages"][0]) for path in paths}
    return Way(name, {path: page.text for path, page in pages.items()}, wall, cpu, pages)


def by_ocrmypdf(scans: Sequence[Scan], out: Path) -> Way:
    """OCRmyPDF, with the flags its users give it."""
    flags = ("-l", "vie+eng", "--deskew", "--rotate-pages", "--clean", "--output-type", "pdfa", "--jobs", "1", "-q")
    calls = [
        (BIN / "ocrmypdf", *flags, "--sidecar", out / f"{s.path.stem}.txt", s.path, out / f"{s.path.stem}.pdf") for s in scans
    ]
    wall, cpu = timed(lambda: each_apart(calls))
    return Way("OCRmyPDF", {s.path: (out / f"{s.path.stem}.txt").read_text(encoding="utf-8") for s in scans}, wall, cpu, {})


def _counted(words: Sequence[Printed], alike: Callable[[str], str]) -> Counter[str]:
    return Counter(alike(token) for word in words for token in tokens(word.text))


def _plain(text: str) -> str:
    """Without spaces and dots between digits and letters: how a number is set is not what it says."""
    return "".join(char for char in unicodedata.normalize("NFC", text).casefold() if char.isalnum() or char == "/")


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _only(scan: Scan, *, filled: bool) -> Scan:
    """The scan with those words alone that were, or were not, filled in."""
    return replace(
        scan, words=tuple(word for word, is_filled in zip(scan.words, scan.filled, strict=True) if is_filled is filled)
    )


def pairs(way: Way, scans: Sequence[Scan]) -> list[tuple[float, bool, float]]:
    """Of each word read: its confidence, whether it is right, and how well its box fits what was drawn there (0: nothing was)."""
    found = []
    for scan in scans:
        for word in way.pages[scan.path].words:
            there = max(scan.words, key=lambda drawn: _part(word.box, Box(*drawn.box)), default=None)
            if there is None or _part(word.box, Box(*there.box)) < _SAME_PLACE:
                found.append((word.confidence, False, 0.0))
            else:
                found.append((word.confidence, _plain(word.text) == _plain(there.text), _fit(word.box, Box(*there.box))))
    return found


def _part(one: Box, other: Box) -> float:
    return one.shared(other) / max(1.0, min(one.area, other.area))


def _fit(one: Box, other: Box) -> float:
    both = one.shared(other)
    return both / max(1.0, one.area + other.area - both)


def _shown(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(title=title)
    for heading in heads:
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        table.add_row(*row)
    Console(width=150).print(table)


def show(ways: Sequence[Way], scans: Sequence[Scan]) -> None:
    """The tables."""
    kinds = [[scan for scan in scans if scan.kind == kind] for kind in KINDS]
    grades = [[scan for scan in scans if scan.grade == grade] for grade in GRADES]
    apart = [[_only(scan, filled=filled) for scan in scans] for filled in (False, True)]
    rows = [[way.name, *(f"{way.found(part):.1f}" for part in (scans, *kinds, *grades, *apart))] for way in ways]
    _shown(f"{len(scans)} pages; words found, per cent", ("", "all", *KINDS, *GRADES, "printed", "filled in"), rows)
    rows = [
        [
            way.name, f"{way.found(scans, fold):.1f}", f"{way.true(scans):.1f}", f"{way.fields(scans):.1f}",
            f"{way.fields(scans, NUMBERS):.1f}", f"{way.cpu / len(scans):.2f}", f"{60 * len(scans) / way.wall:.0f}",
        ]
        for way in ways
    ]  # fmt: skip
    heads = ("", "without tones", "true", "fields exact", "numbers exact", "CPU-s/page", "pages/min")
    _shown("the same pages, per cent and cost", heads, rows)
    ours = [way for way in ways if way.pages]
    rows = []
    for way in ours:
        found = pairs(way, scans)
        fit = statistics.median(box for _, _, box in found if box)
        upright = sum(way.pages[scan.path].rotation == scan.rotation for scan in scans)
        sure = [right for confidence, right, _ in found if confidence >= BINS[5]]
        rows.append([way.name, f"{fit:.2f}", f"{upright} of {len(scans)}", f"{_percent(sum(sure), len(sure)):.1f}"])
    _shown("ours", ("", "boxes fit", "upright", f"right of those ≥ {BINS[5]}"), rows)
    _reliability(pairs(ours[0], scans), ours[0].name)


def _reliability(found: Sequence[tuple[float, bool, float]], name: str) -> None:
    rows = []
    for number, least in enumerate(BINS):
        inside = [(confidence, right) for confidence, right, _ in found if bisect_right(BINS, confidence) - 1 == number]
        if inside:
            said = statistics.fmean(confidence for confidence, _ in inside)
            right = _percent(sum(right for _, right in inside), len(inside))
            rows.append([f"from {least}", str(len(inside)), f"{100 * said:.1f}", f"{right:.1f}"])
    _shown(f"{name}: what a confidence is worth", ("", "words", "said, per cent", "right, per cent"), rows)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=6, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", type=Path, default=FONTS)
    parser.add_argument("--only-ours", action="store_true", help="leave Tesseract alone and OCRmyPDF out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        folder = Path(name)
        scans = make_scans(folder, at_hand(chosen.fonts), chosen.pages, chosen.seed)
        ways = [by_us(level, scans, folder, level) for level in ("standard", "fast", "thorough")]
        if not chosen.only_ours:
            ways.append(by_us("Tesseract alone", scans, folder, "standard", LUUKY_OCR_ENGINE="tesseract"))
            ways.append(by_ocrmypdf(scans, folder))
        show(ways, scans)


if __name__ == "__main__":
    main()
