"""Prepared signature fields: one for each role, made in the first revision after binding, never overlapping.

1. A field stands below the signature line of its role (`captions.py`), on the last page that has one with room there.
2. Those without one stand side by side at the foot of the last page.
3. Where nothing is free there the page grows downwards, as long as nobody has signed; later on, what is free elsewhere is
   taken, or the emptiest band.
4. What is not to be seen gets a field without a place (ISO 32000-1, 12.7.4.5).
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, FloatObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from domain.shown import Inked
from domain.signers import FIELDS, Capacity
from signing.captions import captions, chosen, on_page
from signing.page import Rect, SeenPage, inherited, leaf_at, rect, seen_page
from signing.pdf import reading_pdf
from signing.printed import Area, PrintedWord, Sheet
from signing.revision import PdfaWriter
from signing.room import USUAL, Room

TITLES = {one.name: one.title for one in FIELDS}
"""What the fields of every house are called in a viewer and in their visible block."""
CAPACITIES = {one.name: one.capacity for one in FIELDS}
MARGIN, GAP, HEIGHT, WIDEST = 18.0, 8.0, 46.0, 180.0
STEP = 6.0
"""Points; the band is looked for in steps of this size, from the foot of the page upwards."""

_FOOT = 0.3
"""Of the page's height: what belongs to no line stands at the foot, or in a band below it, rather than amid the text."""

Drawing = Callable[[Path, int], Inked | None]
"""Where page `number` (from 0; −1: the last) of a file has ink; None: it cannot be told."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A field that is wanted: its name in the file, what it is called, in which capacity it is signed, whether it is seen.

    `size`: width and height in points where there is room for that much.
    """

    name: str
    title: str
    capacity: str = Capacity.AUTHOR
    seen: bool = True
    size: tuple[float, float] = USUAL


@dataclass(slots=True)
class _Page:
    """A page that may get fields."""

    number: int
    page: SeenPage
    words: Sequence[PrintedWord]
    ink: Callable[[], Inked | None]
    kept: list[Rect]
    _room: Room | None = field(default=None, init=False)

    @property
    def paper(self) -> Rect:
        """As the page is shown."""
        return self.page.as_shown(self.page.paper)

    @property
    def room(self) -> Room:
        """Drawn only when somebody looks for room."""
        if self._room is None:
            words = [on_page(one.area, self.paper) for one in self.words]
            kept = [self.page.as_shown(one) for one in self.kept]
            self._room = Room(self.page.shown, _shared(self.paper, self.page.shown), words, self.ink(), kept)
        return self._room


def places(
    page: Rect, count: int, printed: Sequence[Area] = (), paper: Rect | None = None, kept: Sequence[Rect] = ()
) -> list[Rect]:  # fmt: skip
    """`count` boxes in one band of `page` (as it is shown) that cover nothing of what is to be `kept` free, as few words as can
    be, and lie as low as can be. `printed` are shares of `paper`, which is all of `page` unless told.
    """
    left, bottom, right, top = page
    width = min(WIDEST, (right - left - 2 * MARGIN - (count - 1) * GAP) / count)
    columns = [right - MARGIN - width - (count - 1 - i) * (width + GAP) for i in range(count)]
    words = [on_page(area, paper or page) for area in printed]
    steps = max(1, int((top - bottom - 2 * MARGIN - HEIGHT) / STEP))
    bands = [[(x, y, x + width, y + HEIGHT) for x in columns] for y in (bottom + MARGIN + STEP * i for i in range(steps))]
    return min(bands, key=lambda band: (_covered(band, kept), _covered(band, words)))


def prepare_fields(source: Path, target: Path, fields: Sequence[str], printed: Sequence[Area] = ()) -> None:
    """`make_fields` where only places of words are known, of the last page."""
    wishes = [Wish(name, TITLES.get(name, name), CAPACITIES.get(name, Capacity.AUTHOR)) for name in fields]
    make_fields(source, target, wishes, [Sheet(-1, tuple(PrintedWord("", area, 0) for area in printed))])


def make_fields(
    source: Path, target: Path, wishes: Sequence[Wish], sheets: Sequence[Sheet] = (), draw: Drawing | None = None
) -> None:
    """Writes `target`: `source` with one revision that adds those fields which are not there yet.

    `sheets`: pages with what is printed on them, the last one first. Raises Unreadable for a file that is no PDF.
    """
    shutil.copyfile(source, target)
    with target.open("r+b") as file, reading_pdf():
        writer = PdfaWriter(file)
        reader: PdfFileReader = writer.prev
        there = {name for name, _, _ in enumerate_sig_fields(reader)}
        missing = [wish for wish in wishes if wish.name not in there]
        if not missing:
            return
        pages = [_page(reader, sheet, source, draw) for sheet in sheets or [Sheet(-1, ())]]
        found = _below_captions(missing, pages)
        rest = [wish for wish in missing if wish.seen and wish.name not in found]
        if rest:
            boxes = _at_the_foot(writer, _last(reader, pages, source, draw), [wish.size for wish in rest])
            found |= {wish.name: box for wish, box in zip(rest, boxes, strict=True)}
        for wish in missing:
            page, box = found.get(wish.name, (pages[0], None))
            own = rounded(page.page.own(box)) if box else None
            spec = SigFieldSpec(wish.name, on_page=page.number, box=own, readable_field_name=wish.title)
            append_signature_field(writer, spec)
        writer.write_in_place()  # type: ignore[no-untyped-call]


def _page(reader: PdfFileReader, sheet: Sheet, source: Path, draw: Drawing | None) -> _Page:
    leaf = leaf_at(reader.root.raw_get("/Pages"), sheet.number)
    page = seen_page(leaf.get_object())
    ink = (lambda: draw(source, sheet.number)) if draw else (lambda: None)
    return _Page(sheet.number, page, sheet.words, ink, [*page.kept, *_taken(reader, leaf.idnum)])


def _last(reader: PdfFileReader, pages: Sequence[_Page], source: Path, draw: Drawing | None) -> _Page:
    last = (-1, int(reader.root["/Pages"]["/Count"]) - 1)
    known = next((page for page in pages if page.number in last), None)
    return known or _page(reader, Sheet(-1, ()), source, draw)


def _below_captions(wishes: Sequence[Wish], pages: Sequence[_Page]) -> dict[str, tuple[_Page, Rect]]:
    """Rule 1. The seal comes last: it stands beside whom it belongs to."""
    lines = [(page, captions(page.words, page.paper)) for page in pages]
    found: dict[str, tuple[_Page, Rect]] = {}
    for wish in sorted((one for one in wishes if one.seen), key=lambda one: one.capacity == Capacity.SEAL):
        fitting = ((page, one) for page, on_it in lines for one in chosen(on_it, wish.capacity, wish.title))
        for page, caption in fitting:
            box = page.room.below(caption, wish.size, third=wish.capacity == Capacity.SEAL)
            if box:
                page.room.kept.append(box)
                found[wish.name] = page, box
                break
    return found


def _at_the_foot(writer: PdfaWriter, page: _Page, wanted: Sequence[tuple[float, float]]) -> list[tuple[_Page, Rect]]:
    """Rules 2 and 3. Side by side all are as large as the largest."""
    count, size = len(wanted), (max(wide for wide, _ in wanted), max(high for _, high in wanted))
    boxes = page.room.foot(count, size, _FOOT)
    if boxes is None and _signed(writer.prev):
        boxes = page.room.foot(count, size)
    elif boxes is None:
        higher, boxes = page.room.band(count, size)
        left, bottom, right, _ = page.page.shown
        grow(writer, page.number, page.page, (left, bottom - higher, right, bottom))
    if boxes is None:
        printed = [one.area for one in page.words]
        boxes = places(page.page.shown, count, printed, page.paper, page.room.kept)
    return [(page, box) for box in boxes]


def grow(writer: PdfaWriter, number: int, page: SeenPage, strip: Rect) -> None:
    """A page, as it is shown, becomes larger by a strip beside it. What it was is its TrimBox from now on; nothing moves."""
    reference, _ = writer.find_page_for_modification(number)
    leaf = reference.get_object()
    band = page.own(strip)
    for name in ("/MediaBox", "/CropBox"):
        if (sides := inherited(leaf, name)) is not None:
            grown = _union(rect(sides), band)
            leaf[pdf_name(name)] = ArrayObject(FloatObject(f"{side:.3f}") for side in grown)
    if "/TrimBox" not in leaf:
        leaf[pdf_name("/TrimBox")] = ArrayObject(FloatObject(f"{side:.3f}") for side in page.box)
    writer.mark_update(reference)


def _signed(reader: PdfFileReader) -> bool:
    return any(value is not None for _, value, _ in enumerate_sig_fields(reader))


def _taken(reader: PdfFileReader, page: int) -> Iterator[Rect]:
    """Where signatures stand on a page, or will, that the file has fields for. `page`: the number of its object."""
    for _, _, reference in enumerate_sig_fields(reader):
        one = reference.get_object()
        if "/Rect" in one and _on(one, page):
            yield rect(one["/Rect"])


def _on(annotation: Any, page: int) -> bool:
    return "/P" not in annotation or annotation.raw_get("/P").idnum == page


def rounded(box: Rect) -> tuple[int, int, int, int]:
    """Inwards, so that nothing more is covered."""
    return math.ceil(box[0]), math.ceil(box[1]), math.floor(box[2]), math.floor(box[3])


def _union(one: Rect, other: Rect) -> Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _shared(one: Rect, other: Rect) -> Rect:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _covered(band: Sequence[Rect], things: Sequence[Rect]) -> float:
    return sum(_overlap(box, thing) for box in band for thing in things)


def _overlap(one: Rect, other: Rect) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0
