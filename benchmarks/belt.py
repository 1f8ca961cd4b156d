"""From files to findable pages, beside OCRmyPDF in the same run: python -m benchmarks.belt [--pages N] [--seed N]

Invented forms with ordinary damage, 300 dpi colour JPEG. For each way: wall time, CPU time of the process and all its children,
pages per minute, KiB per page, and how many of the printed words are found again in the PDF's text (order-free, with tones).
OCRmyPDF (`-l vie --deskew --rotate-pages --output-type pdfa`) makes a searchable PDF/A and no more; the belt also files, links
the patient, keeps the original and fills the index.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from domain.text import tokens
from tests.generator import damage, files, forms, people

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Row:
    """One way of doing it, measured."""

    name: str
    wall: float
    cpu: float
    pages: int
    bytes: int
    recall: float | None


def make_pages(folder: Path, count: int, seed: int) -> dict[str, list[str]]:
    """Scans in `folder`; returns the printed words of each by its stem."""
    rng = Random(seed)
    truth = {}
    for number in range(count):
        person = people.invent(rng)
        page = damage.ordinary(forms.any_form(rng, person).pages(dpi=300)[0], rng)
        files.jpeg(page, folder / f"p{number:03}.jpg", quality=80)
        truth[f"p{number:03}"] = [word for printed in page.words for word in tokens(printed.text)]
    return truth


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and CPU seconds of this process's children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(*command: str | Path, **variables: str) -> None:
    """A child process that must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    subprocess.run(list(map(str, command)), env=environment, check=True, capture_output=True)


def each_apart(calls: Sequence[Sequence[str | Path]]) -> None:
    """Commands that must succeed, as many at a time as there are cores."""
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as starters:
        list(starters.map(lambda call: run(*call), calls))


def recall(pdfs: Sequence[Path], truth: dict[str, list[str]]) -> float:
    """Share of printed words that pdftotext finds, in per cent."""
    hit = total = 0
    for pdf in pdfs:
        text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        wanted, found = Counter(truth[pdf.stem]), Counter(tokens(text))
        hit, total = hit + sum((wanted & found).values()), total + sum(wanted.values())
    return 100 * hit / total


def by_digitise(scans: list[Path], out: Path, truth: dict[str, list[str]]) -> Row:
    """`luuky digitise`, all pages at once."""
    wall, cpu = timed(lambda: run(BIN / "luuky", "digitise", *scans, "-o", f"{out}/"))
    return _row("luuky digitise", (wall, cpu), sorted(out.glob("*.pdf")), truth)


def by_belt(scans: list[Path], data: Path) -> Row:
    """`luuky ingest --wait`: accepted, read, filed, bound, kept, findable."""
    wall, cpu = timed(lambda: run(BIN / "luuky", "ingest", *scans, "--wait", LUUKY_DATA=str(data)))
    return Row("luuky ingest --wait", wall, cpu, len(scans), 0, None)


def by_ocrmypdf(scans: list[Path], out: Path, truth: dict[str, list[str]]) -> Row:
    """OCRmyPDF, two pages at a time, in one call a page as its users do."""
    flags = ["-l", "vie", "--deskew", "--rotate-pages", "--output-type", "pdfa", "--jobs", "1", "--image-dpi", "300", "-q"]

    calls: list[tuple[str | Path, ...]] = [(BIN / "ocrmypdf", *flags, scan, out / f"{scan.stem}.pdf") for scan in scans]
    wall, cpu = timed(lambda: each_apart(calls))
    return _row("OCRmyPDF", (wall, cpu), sorted(out.glob("*.pdf")), truth)


def _row(name: str, seconds: tuple[float, float], pdfs: list[Path], truth: dict[str, list[str]]) -> Row:
    return Row(name, *seconds, len(pdfs), sum(path.stat().st_size for path in pdfs), recall(pdfs, truth))


def show(rows: list[Row], source: int) -> None:
    """The table, and the ratios."""
    table = Table(title=f"{rows[0].pages} pages, {source / 1024 / rows[0].pages:.0f} KiB each")
    for heading in ("", "pages/min", "CPU-s/page", "KiB/page", "words found %"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in rows:
        size = f"{row.bytes / 1024 / row.pages:.0f}" if row.bytes else "–"
        found = f"{row.recall:.1f}" if row.recall is not None else "–"
        table.add_row(row.name, f"{60 * row.pages / row.wall:.1f}", f"{row.cpu / row.pages:.2f}", size, found)
    Console().print(table)
    print(f"CPU of OCRmyPDF over luuky digitise: {rows[-1].cpu / rows[0].cpu:.2f}; wall: {rows[-1].wall / rows[0].wall:.2f}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        folder = Path(name)
        for part in ("scans", "ours", "theirs"):
            (folder / part).mkdir()
        truth = make_pages(folder / "scans", chosen.pages, chosen.seed)
        scans = sorted((folder / "scans").iterdir())
        source = sum(path.stat().st_size for path in scans)
        rows = [
            by_digitise(scans, folder / "ours", truth),
            by_belt(scans, folder / "data"),
            by_ocrmypdf(scans, folder / "theirs", truth),
        ]
        show(rows, source)


if __name__ == "__main__":
    main()
