"""What a bound page weighs, and what is lost: python -m benchmarks.bind [--pages N] [--seed N] [--fonts FILE] [--long N]

The scans of `benchmarks/scans.py`, read once, bound as one chart in each profile. KiB of a page as scanned and as bound; what is
beside the pictures; words found again by our own reader on the bound pages, drawn by PDFium at 300 dpi (order-free, with tones);
pages bound in a CPU-second, reading left out; most memory that a process holds which binds a chart of `--long` pages (a tenth of
them where pictures are coded anew: what is bound lies on disk). Beside it OCRmyPDF at each level of optimisation, without reading
(`--tesseract-timeout 0`), a page a call, its start included.
"""

from __future__ import annotations

import argparse
import io
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import pypdfium2
from rich.console import Console
from rich.table import Table

from benchmarks.belt import BIN, run, timed
from benchmarks.scans import FONTS, Scan, at_hand, make_scans
from domain.pages import PageImage, PageReading
from domain.text import tokens
from ingest.pages import cut
from ingest.settings import IngestSettings
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import OcrSettings
from pdfa.bind import bind
from pdfa.profile import Profile
from pdfa.profiles import layers
from pdfa.record import BindRecord
from pdfa.settings import PdfaSettings
from tests.generator.files import numbered

ROOT = Path(__file__).parents[1]
DPI = 300.0
RECORD = BindRecord("Hồ sơ", "0" * 20, datetime(2026, 1, 1, tzinfo=UTC), ("0" * 64,), engines=("bench",))
Pages = list[tuple[PageImage, PageReading]]


@dataclass(frozen=True)
class Row:
    """One way, measured; sizes in bytes a page."""

    name: str
    bound: float
    beside: float | None
    recall: float
    pages_a_second: float
    peak: float | None


def again(drawn: pypdfium2.PdfPage, engine: Recogniser) -> Counter[str]:
    """The words that our reader finds on a page as it is shown."""
    picture = drawn.render(scale=DPI / 72).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    image = PageImage(1, out.getvalue(), "image/png", picture.width, picture.height, DPI)
    return Counter(tokens(read_page(image, engine, OcrSettings()).text))


def recall(pdfs: Sequence[Path], scans: Sequence[Scan], engine: Recogniser) -> float:
    """Per cent of the words drawn that are read again; the files' pages are the scans, in order."""
    found: list[Counter[str]] = []
    for path in pdfs:
        with pypdfium2.PdfDocument(path) as pdf:
            found += [again(page, engine) for page in pdf]
    there = [Counter(token for word in scan.words for token in tokens(word.text)) for scan in scans]
    return 100 * sum((a & b).total() for a, b in zip(there, found, strict=True)) / sum(a.total() for a in there)


def peak(pages: Pages, profile: Profile, count: int, folder: Path) -> float:
    """Most bytes held by a fresh process that binds so many pages."""
    given = folder / "pages.pickle"
    given.write_bytes(pickle.dumps(pages))
    command = [sys.executable, "-m", "benchmarks.bind", "--alone", str(given), profile.value, str(count)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def alone(given: Path, profile: Profile, count: int) -> None:
    """The process of `peak`."""
    pages: Pages = pickle.loads(given.read_bytes())
    chart = islice(cycle(pages), count)
    apart = ((replace(image, data=numbered(image.data, n)), reading) for n, (image, reading) in enumerate(chart))
    bind(apart, RECORD, given.with_suffix(".pdf"), PdfaSettings(profile=profile))
    status = Path("/proc/self/status").read_text(
        encoding="ascii"
    )  # getrusage would tell the peak of the process that began this one
    print(next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")))


def by_us(profile: Profile, pages: Pages, scans: Sequence[Scan], long: int, folder: Path) -> Row:
    """Bound as one chart."""
    out = folder / f"{profile}.pdf"
    began = time.process_time()
    bound = bind(pages, RECORD, out, PdfaSettings(profile=profile))
    seconds = time.process_time() - began
    drawn = sum(len(layer.picture.data) for image, reading in pages for layer in layers(image, reading, profile))
    found = recall([out], scans, Recogniser())
    beside = (bound.bytes - drawn) / len(pages)
    held = peak(pages[:4], profile, long if profile is Profile.FAITHFUL else max(1, long // 10), folder)
    return Row(profile, bound.bytes / len(pages), beside, found, len(pages) / seconds, held)


def by_ocrmypdf(level: int, scans: Sequence[Scan], folder: Path) -> Row:
    """A call a page, without reading."""
    flags = ("--tesseract-timeout", "0", "--output-type", "pdfa", "--jobs", "1", "-q", "-O", str(level))
    outs = [folder / f"{scan.path.stem}-O{level}.pdf" for scan in scans]

    def all_pages() -> None:
        for scan, out in zip(scans, outs, strict=True):
            run(BIN / "ocrmypdf", *flags, scan.path, out)

    _, cpu = timed(all_pages)
    size = sum(out.stat().st_size for out in outs) / len(outs)
    return Row(f"OCRmyPDF -O{level}", size, None, recall(outs, scans, Recogniser()), len(scans) / cpu, None)


def show(rows: Sequence[Row], source: float, count: int) -> None:
    """The table."""
    table = Table(title=f"{count} pages of {source / 1024:.0f} KiB")
    for heading in ("", "KiB/page", "beside pictures, KiB", "words found again %", "pages/CPU-s", "peak MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        beside = "–" if row.beside is None else f"{row.beside / 1024:.1f}"
        held = "–" if row.peak is None else f"{row.peak / 1e6:.0f}"
        table.add_row(row.name, f"{row.bound / 1024:.0f}", beside, f"{row.recall:.1f}", f"{row.pages_a_second:.1f}", held)
    Console(width=120).print(table)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=4, help="of each kind")
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--fonts", type=Path, default=FONTS)
    parser.add_argument("--long", type=int, default=500, help="pages of the chart whose binding is watched")
    parser.add_argument("--alone", nargs=3, metavar=("PAGES", "PROFILE", "COUNT"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        alone(Path(chosen.alone[0]), Profile(chosen.alone[1]), int(chosen.alone[2]))
        return
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        folder = Path(name)
        scans = make_scans(folder, at_hand(chosen.fonts), chosen.pages, chosen.seed)
        engine = Recogniser()
        images = [cut(scan.path, 1, IngestSettings()) for scan in scans]
        pages = [(image, read_page(image, engine, OcrSettings())) for image in images]
        rows = [by_us(profile, pages, scans, chosen.long, folder) for profile in Profile]
        if (BIN / "ocrmypdf").exists():
            absent = [tool for tool in ("pngquant", "jbig2") if shutil.which(tool) is None]
            rows += [by_ocrmypdf(level, scans, folder) for level in range(2 if "pngquant" in absent else 4)]
            print(f"OCRmyPDF without {' and '.join(absent)}" if absent else "OCRmyPDF with all its optimisers")
            if "pngquant" in absent:
                print("Its levels 2 and 3 do not start without pngquant")
        else:
            print("OCRmyPDF is not installed: pip install -e '.[bench]'")
        show(rows, sum(len(image.data) for image in images) / len(images), len(scans))


if __name__ == "__main__":
    main()
