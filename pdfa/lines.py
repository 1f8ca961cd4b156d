"""A PDF/A-2u of plain lines of text, with Vietnamese: what the program itself has to say on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Page, Pdf

from pdfa.archive import make_archival, save
from pdfa.mark_font import Face, drawable, embedded, face
from pdfa.record import BindRecord

_WIDE, _HIGH, _EDGE = 595.0, 842.0, 54.0
"""A4 and its edges, points."""
_LEADING = 1.4


@dataclass(frozen=True, slots=True)
class Line:
    """`size` and `indent`: points. Too long a line is broken between words, or anywhere in a word longer than the page."""

    text: str
    size: float = 9.0
    indent: float = 0.0


def write_lines(lines: Sequence[Line], record: BindRecord, out: Path) -> None:
    """Writes the file whole or not at all. Letters that the font lacks become question marks."""
    drawn = [Line(drawable(one.text), one.size, one.indent) for one in lines]
    letters = face("".join(one.text for one in drawn))
    pdf = Pdf.new()
    font = embedded(pdf, letters)
    for content in _pages([piece for one in drawn for piece in _broken(one, letters)], letters):
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, int(_WIDE), int(_HIGH)]),
            Resources=Dictionary(Font=Dictionary(F=font)),
            Contents=pdf.make_stream(content),
        )
        pdf.pages.append(Page(pdf.make_indirect(page)))
    make_archival(pdf, record)
    save(pdf, out)


def _broken(line: Line, letters: Face) -> Iterator[Line]:
    room, sofar = _WIDE - 2 * _EDGE - line.indent, ""
    for word in line.text.split(" "):
        longer = f"{sofar} {word}" if sofar else word
        if letters.width(longer, line.size) <= room:
            sofar = longer
            continue
        if sofar:
            yield Line(sofar, line.size, line.indent)
        sofar = word
        while letters.width(sofar, line.size) > room:
            cut = next(n for n in range(len(sofar), 0, -1) if letters.width(sofar[:n], line.size) <= room)
            yield Line(sofar[:cut], line.size, line.indent)
            sofar = sofar[cut:]
    yield Line(sofar, line.size, line.indent)


def _pages(lines: list[Line], letters: Face) -> Iterator[bytes]:
    content, place = b"", _HIGH - _EDGE
    for line in lines:
        place -= line.size * _LEADING
        if place < _EDGE:
            yield content
            content, place = b"", _HIGH - _EDGE - line.size * _LEADING
        text = letters.encode(line.text).hex().encode()
        content += b"BT /F %g Tf %g %g Td <%s> Tj ET\n" % (line.size, _EDGE + line.indent, place, text)
    yield content
