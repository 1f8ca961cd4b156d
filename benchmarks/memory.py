"""How much memory reading takes: python -m benchmarks.memory [--pages N] [--only CASE]

Single pages of two sizes, and a PDF of 500 colour pages and nearly 1 GB, by `luuky digitise` and by `luuky ingest --wait`, two
processes at work. *Largest process*: most that one process held in memory; *first process*: the same of the command itself; *all
together*: most of all processes at one moment, what they share counted once (Pss). Megabytes (10^6 bytes).
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pikepdf
from PIL import Image
from rich.console import Console
from rich.table import Table

from tests.generator import damage, files, forms, people
from tests.generator.sheet import Page

ROOT = Path(__file__).parents[1]
A4, A3 = (8.27, 11.69), (11.69, 16.54)
WRITTEN = 20
"""Every so many pages of the long file hold writing; the others are paper and noise, which takes as much room and less time."""


@dataclass
class Peaks:
    """Most memory, in bytes, and the seconds it took."""

    largest: int = 0
    first: int = 0
    together: int = 0
    seconds: float = 0.0


def paper(size: tuple[float, float], dpi: int, rng: Random, *, written: bool, quality: int = 92) -> bytes:
    """A colour JPEG of a sheet (inches): noise on paper, with a form on it if `written`."""
    wide, high = (round(side * dpi) for side in size)
    noise = np.random.default_rng(rng.randrange(1 << 32)).normal(246, 5, (high, wide, 3)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(noise)
    if written:
        person = people.invent(rng)
        page = forms.giay_ra_vien(person, person.stays[0], rng).pages(dpi)[0]
        image.paste(damage.stamped(page, rng).image.convert("RGB"), (0, 0))
    return files.jpeg_bytes(Page(image, (), "", dpi), quality)


def long_file(path: Path, count: int) -> Path:
    """A PDF of distinct pages of about 2 MB each."""
    rng = Random(1)
    blanks = [paper(A4, 300, rng, written=False) for _ in range(4)]
    with pikepdf.new() as document:
        for number in range(count):
            jpeg = paper(A4, 300, rng, written=True) if number % WRITTEN == 0 else blanks[number % len(blanks)]
            mark = f"{number:08}".encode()
            data = jpeg[:2] + b"\xff\xfe" + (len(mark) + 2).to_bytes(2, "big") + mark + jpeg[2:]
            with Image.open(io.BytesIO(data)) as image:
                wide, high = image.size
            document.add_blank_page(page_size=(595.3, 841.9))
            stream = pikepdf.Stream(document, data, Width=wide, Height=high, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)
            stream.Type, stream.Subtype, stream.ColorSpace = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DeviceRGB
            name = document.pages[-1].add_resource(stream, pikepdf.Name.XObject)
            document.pages[-1].contents_add(f"q 595.3 0 0 841.9 0 0 cm {name} Do Q".encode())
        document.save(path)
    return path


def watched(command: list[str], data: Path) -> Peaks:
    """Run a command and look at its processes twenty times a second."""
    peaks = Peaks()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LUUKY_DATA": str(data)}
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "cli", *command], cwd=ROOT, env=environment, start_new_session=True)
    while process.poll() is None:
        seen = dict(_of_session(process.pid))
        peaks.largest = max(peaks.largest, *(rss for rss, _ in seen.values()), 0)
        peaks.first = max(peaks.first, seen.get(process.pid, (0, 0))[0])
        peaks.together = max(peaks.together, sum(pss for _, pss in seen.values()))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with status {process.returncode}")
    peaks.seconds = time.monotonic() - began
    return peaks


def _of_session(session: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Peak of what each process held, and its fair share now (Pss), in bytes."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[3]) != session:
                continue
            held = _kilobytes((folder / "status").read_text(), "VmHWM:")
            share = _kilobytes((folder / "smaps_rollup").read_text(), "Pss:")
        except OSError:
            continue
        yield int(folder.name), (held * 1024, share * 1024)


def _kilobytes(text: str, name: str) -> int:
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0)


def cases(folder: Path, count: int) -> dict[str, Callable[[], Peaks]]:
    """What is measured, by name."""

    def digitise(path: Path, *more: str) -> Peaks:
        return watched(["digitise", str(path), "-o", f"{folder}/out.pdf", "--overwrite", "--jobs", "2", *more], folder / "none")

    def page(size: tuple[float, float], dpi: int) -> Path:
        path = folder / f"{size[0]}-{dpi}.jpg"
        path.write_bytes(paper(size, dpi, Random(2), written=True))
        return path

    def whole() -> Path:
        path = folder / "long.pdf"
        return path if path.exists() else long_file(path, count)

    return {
        "A4, 300 dpi": lambda: digitise(page(A4, 300)),
        "A4, 300 dpi, thorough": lambda: digitise(page(A4, 300), "--level", "thorough"),
        "A3, 600 dpi": lambda: digitise(page(A3, 600)),
        f"{count} pages, digitise": lambda: digitise(whole()),
        f"{count} pages, ingest --wait": lambda: watched(["ingest", str(whole()), "--wait"], folder / "data"),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    table = Table(title="megabytes")
    for heading in ("", "largest process", "first process", "all together", "s"):
        table.add_column(heading, justify="left" if not heading else "right")
    with tempfile.TemporaryDirectory(prefix="luuky-memory-") as folder:
        for name, measure in cases(Path(folder), chosen.pages).items():
            if chosen.only in name:
                peaks = measure()
                figures = [f"{value / 1e6:,.0f}" for value in (peaks.largest, peaks.first, peaks.together)]
                table.add_row(name, *figures, f"{peaks.seconds:.0f}")
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
