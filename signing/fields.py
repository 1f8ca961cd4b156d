"""Prepared signature fields: one for each role, made in the first revision after binding, side by side, never overlapping.

They stand at the foot of the last page, or in the emptiest band of it: words are covered only where no band is free, the mark of
conversion and fields that are there never.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from domain.pages import PageReading
from domain.signers import FIELDS
from signing.page import Rect, last_page
from signing.pdf import reading_pdf
from signing.revision import PdfaWriter

TITLES = {one.name: one.title for one in FIELDS}
"""What the fields of every house are called in a viewer and in their visible block."""
MARGIN, GAP, HEIGHT, WIDEST = 18.0, 8.0, 46.0, 180.0
STEP = 6.0
"""Points; the band is looked for in steps of this size, from the foot of the page upwards."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where something is printed: a rectangle in shares (0..1) of the page's width and height, from the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


def printed_areas(reading: PageReading) -> tuple[Area, ...]:
    """Where the words of a page stand."""
    wide, high = reading.width, reading.height
    return tuple(Area(w.box.x0 / wide, w.box.y0 / high, w.box.x1 / wide, w.box.y1 / high) for w in reading.words)


def places(
    page: Rect, count: int, printed: Sequence[Area] = (), paper: Rect | None = None, kept: Sequence[Rect] = ()
) -> list[Rect]:  # fmt: skip
    """`count` boxes in one band of `page` (as it is shown) that cover nothing of what is to be `kept` free, as few words as can
    be, and lie as low as can be. `printed` are shares of `paper`, which is all of `page` unless told.
    """
    left, bottom, right, top = page
    width = min(WIDEST, (right - left - 2 * MARGIN - (count - 1) * GAP) / count)
    columns = [right - MARGIN - width - (count - 1 - i) * (width + GAP) for i in range(count)]
    words = [_points(area, paper or page) for area in printed]
    steps = max(1, int((top - bottom - 2 * MARGIN - HEIGHT) / STEP))
    bands = [[(x, y, x + width, y + HEIGHT) for x in columns] for y in (bottom + MARGIN + STEP * i for i in range(steps))]
    return min(bands, key=lambda band: (_covered(band, kept), _covered(band, words)))


def prepare_fields(
    source: Path, target: Path, fields: Sequence[str], printed: Sequence[Area] = (), titles: Mapping[str, str] = TITLES
) -> None:  # fmt: skip
    """Writes `target`: `source` with one revision that adds those of the empty `fields` which are not there yet.

    `titles`: what fields are called. Raises Unreadable for a file that is no PDF.
    """
    shutil.copyfile(source, target)
    with target.open("r+b") as file, reading_pdf():
        writer = PdfaWriter(file)
        reader: PdfFileReader = writer.prev
        there = {name for name, _, _ in enumerate_sig_fields(reader)}
        missing = [name for name in fields if name not in there]
        if not missing:
            return
        page = last_page(reader)
        kept = [page.as_shown(one) for one in (*page.kept, *_taken(reader))]
        boxes = places(page.shown, len(missing), printed, page.as_shown(page.paper), kept)
        for name, box in zip(missing, map(page.own, boxes), strict=True):
            rounded = (round(box[0]), round(box[1]), round(box[2]), round(box[3]))
            spec = SigFieldSpec(name, on_page=-1, box=rounded, readable_field_name=titles.get(name, name))
            append_signature_field(writer, spec)
        writer.write_in_place()  # type: ignore[no-untyped-call]


def _taken(reader: PdfFileReader) -> Iterator[Rect]:
    """Where signatures stand, or will, that the file has fields for."""
    for _, _, reference in enumerate_sig_fields(reader):
        field = reference.get_object()
        if "/Rect" in field:
            x0, y0, x1, y1 = (float(side) for side in field["/Rect"])
            yield x0, y0, x1, y1


def _points(area: Area, page: Rect) -> Rect:
    left, bottom, right, top = page
    wide, high = right - left, top - bottom
    return left + area.x0 * wide, top - area.y1 * high, left + area.x1 * wide, top - area.y0 * high


def _covered(band: Sequence[Rect], things: Sequence[Rect]) -> float:
    return sum(_overlap(box, thing) for box in band for thing in things)


def _overlap(one: Rect, other: Rect) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
