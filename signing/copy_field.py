"""Where a certified copy is signed: top right on its first page, on nothing that is there (NĐ 30/2020, Phụ lục I, Phần II)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from domain.here import HERE
from signing.appearance import Painted
from signing.fields import Drawing, grow, rounded
from signing.page import Rect, page_at
from signing.pdf import reading_pdf
from signing.revision import PdfaWriter
from signing.room import EDGE, GAP, Room
from signing.typeset import Face, Words, drawable, room_for

FIELD = "SaoY"
TITLE = "Sao y"
_SIZE = 10.0
_WIDEST = 230.0
_LOW, _STEP = 60.0, 4.0
"""How far below the top edge it may begin; in which steps room is looked for."""


@dataclass(frozen=True, slots=True)
class CopyBlock:
    """What is seen of it: the form of the copy, the organisation (as its certificate names it), the time (aware)."""

    form: str
    name: str
    time: datetime

    def painted(self) -> Painted:
        """No picture and no frame; letters as wide as Times New Roman, upright, size 10, black; the time as ISO 8601 has it."""
        said = (self.form, self.name, f"{self.time.astimezone(HERE).replace(tzinfo=None).isoformat(timespec='seconds')}+07:00")
        lines = [[Words(drawable(line, Face.SERIF))] for line in said]
        return Painted(lines, (0.0, 0.0, 0.0), ink=(0.0, 0.0, 0.0), face=Face.SERIF, fixed=_SIZE)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        wide, high = room_for(self.painted().lines, Face.SERIF, _SIZE, _WIDEST)
        return wide + 10, high + 6


def add_copy_field(source: Path, target: Path, size: tuple[float, float], draw: Drawing) -> None:
    """Writes `target`: `source`, which nobody has signed, with the field. A page without room there grows upwards."""
    shutil.copyfile(source, target)
    with target.open("r+b") as file, reading_pdf():
        writer = PdfaWriter(file)
        page = page_at(writer.prev, 0)
        kept = [page.as_shown(one) for one in page.kept]
        room = Room(page.shown, page.shown, (), draw(source, 0), kept)
        box = _corner(room, size) if room.ink else None
        if box is None:
            left, _, right, top = page.shown
            strip = (left, top, right, top + size[1] + 2 * GAP)
            grow(writer, 0, page, strip)
            box = (right - EDGE - size[0], top + GAP, right - EDGE, top + GAP + size[1])
        spec = SigFieldSpec(FIELD, on_page=0, box=rounded(page.own(box)), readable_field_name=TITLE)
        append_signature_field(writer, spec)
        writer.write_in_place()  # type: ignore[no-untyped-call]


def _corner(room: Room, size: tuple[float, float]) -> Rect | None:
    """The place nearest to the corner, in the right half."""
    left, _, right, top = room.shown
    places = [
        (down, aside)
        for down in _steps(_LOW)
        for aside in _steps(max(0.0, (right - left) / 2 - EDGE - size[0]))
    ]  # fmt: skip
    for down, aside in sorted(places, key=sum):
        box = (right - EDGE - aside - size[0], top - EDGE - down - size[1], right - EDGE - aside, top - EDGE - down)
        if room.free(box):
            return box
    return None


def _steps(end: float) -> list[float]:
    return [_STEP * number for number in range(int(end / _STEP) + 1)]
