"""Files at the limits: python -m benchmarks.limits [--pages N] [--bytes N] [--only NAME]

Ten thousand pages in one file, and files of two gigabytes (most of which no disk has to hold), each taken in by a fresh
process: inspected, cut, left unread and bound. Prints how that ended, the most memory the process held and how much was its own
(pages of the file that the system keeps at hand can be given up at any time), and the time of the processor.
"""

from __future__ import annotations

import argparse
import resource
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import TiffImagePlugin
from rich.console import Console
from rich.table import Table

from domain.errors import LuukyError
from ingest.inspect import inspect
from ingest.pages import cut_all
from ingest.settings import IngestSettings
from ocr.unread import unread
from pdfa.bind import bind
from pdfa.record import BindRecord
from tests.pdfa import sheets

_SETTINGS = IngestSettings(most_pages=100_000)
_RECORD = BindRecord("Thử", "0" * 20, datetime(2020, 1, 1, tzinfo=UTC), ("0" * 64,), None, ())


def _strip() -> tuple[bytes, tuple[int, int]]:
    """A small page in Group 4."""
    page = sheets.page().image.convert("L").reduce(2).convert("1")
    out = BytesIO()
    page.save(out, "TIFF", compression="group4", tiffinfo={262: 0, 278: page.height})
    out.seek(0)
    with TiffImagePlugin.TiffImageFile(out) as written:
        start, count = written.tag_v2[273][0], written.tag_v2[279][0]
    return out.getvalue()[start : start + count], page.size


def pdf(path: Path, pages: int, hole: int = 0) -> None:
    """A page a sheet of Group 4; `hole` bytes behind each picture that no disk holds."""
    (data, (wide, high)), offsets = _strip(), list[int]()
    with path.open("wb") as file:

        def begin(body: bytes) -> None:
            offsets.append(file.tell())
            file.write(b"%d 0 obj\n%b" % (len(offsets), body))

        file.write(b"%PDF-1.7\n")
        begin(b"<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
        kids = b" ".join(b"%d 0 R" % (3 * number + 3) for number in range(pages))
        begin(b"<</Type/Pages/Count %d/Kids[%b]>>\nendobj\n" % (pages, kids))
        content = b"q 595.2 0 0 842.4 0 0 cm /Im Do Q"
        for number in range(3, 3 * pages + 3, 3):
            things = b"/Resources<</XObject<</Im %d 0 R>>>>/Contents %d 0 R" % (number + 2, number + 1)
            begin(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 842.4]%b>>\nendobj\n" % things)
            begin(b"<</Length %d>>stream\n%b\nendstream\nendobj\n" % (len(content), content))
            parms = b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>" % (wide, high)
            head = (
                b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1%b/Length %d>>stream\n"
            )
            begin(head % (wide, high, parms, len(data) + hole) + data)
            file.seek(hole, 1)
            file.write(b"\nendstream\nendobj\n")
        at, rows = file.tell(), b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        count = len(offsets) + 1
        file.write(
            b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (count, rows, count, at)
        )


def tiff(path: Path, pages: int, hole: int = 0) -> None:
    """The same as TIFF."""
    data, (wide, high) = _strip()
    length, at = len(data) + hole, 8
    with path.open("wb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 8))
        for number in range(pages):
            start = at + 126
            tags = {256: wide, 257: high, 258: 1, 259: 4, 262: 0, 273: start, 277: 1, 278: high, 279: length, 296: 2}
            entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
            following = start + length + length % 2
            file.write(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following if number < pages - 1 else 0) + data)
            file.seek(following - 1)
            file.write(b"\0")
            at = following


def jpeg(path: Path, length: int) -> None:
    """A picture behind which nothing stands for a very long time, and then the end of another."""
    sheets.page().image.convert("RGB").save(path, "JPEG")
    with path.open("r+b") as file:
        file.seek(length)
        file.write(b"\xff\xd9")


def cases(pages: int, length: int) -> dict[str, Callable[[Path], None]]:
    """What is written, by name."""
    return {
        "PDF, many pages": lambda path: pdf(path, pages),
        "TIFF, many pages": lambda path: tiff(path, pages),
        "PDF, large, many pages": lambda path: pdf(path, 1000, length // 1000),
        "PDF, large, three pages": lambda path: pdf(path, 3, length // 3),
        "TIFF, large, three pages": lambda path: tiff(path, 3, length // 3),
        "JPEG, large": lambda path: jpeg(path, length),
    }


def carried(path: Path) -> str:
    """What becomes of a file."""
    try:
        found = inspect(path, _SETTINGS)
        images = cut_all(path, found.pages, _SETTINGS)
        return f"bound, {bind(((image, unread(image)) for image in images), _RECORD, path.with_suffix('.out')).pages} pages"
    except LuukyError as error:
        return error.message.code


def _held(name: str) -> float:
    rows = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(row for row in rows if row.startswith(name)).split()[1]) / 1024


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=2_000_000_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--carry", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.carry:
        end = carried(chosen.carry)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        print(end, f"{_held('VmHWM'):.0f}", f"{_held('RssAnon'):.0f}", f"{spent.ru_utime + spent.ru_stime:.0f}", sep="\t")
        return
    table = Table(title="Files at the limits")
    for heading in ("file", "end", "MiB at most", "MiB of its own at the end", "s of the processor"):
        table.add_column(heading, justify="left" if heading in ("file", "end") else "right")
    for name, write in cases(chosen.pages, chosen.bytes).items():
        if chosen.only in name:
            with tempfile.TemporaryDirectory(prefix="luuky-limits-") as folder:
                write(Path(folder, "file"))
                command = [sys.executable, "-m", "benchmarks.limits", "--carry", str(Path(folder, "file"))]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            table.add_row(name, *(done.stdout.strip().split("\t") if done.returncode == 0 else [done.stderr[-200:]]))
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
