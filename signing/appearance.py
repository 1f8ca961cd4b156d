"""The visible block of a signature: who, as what, when; in Vietnamese, with an embedded font, as the house wants it to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from domain.blocks import BlockFrame, BlockLayout, BlockLine, Look, SmallPicture
from domain.here import HERE
from signing.typeset import Face, Lines, Placed, Words, drawable, set_into, softened

VOIDED = "ĐÃ HỦY – KHÔNG CÒN GIÁ TRỊ"
LINE = 60
"""Letters of a reason that a block shows."""
_LARGEST = 9.0
_RED, _INK, _PALE = (0.64, 0.098, 0.114), (0.12, 0.12, 0.14), 0.35
"""Of a void block; of its words; how much of its colour a hairline has."""
_PADDING, _BAR, _PICTURE = 4.0, 2.2, 0.34
"""Points; points; share of the width that a picture takes at most."""
_MATRICES = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}
Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Painted:
    """A block to be drawn: its lines, and what is around them. `fixed`: the size of the type, whatever room there is."""

    lines: Lines
    colour: Colour
    ink: Colour = _INK
    frame: BlockFrame = BlockFrame.NONE
    picture: SmallPicture | None = None
    face: Face = Face.SANS
    fixed: float | None = None


class Shown(Protocol):
    """What is seen of a signature."""

    @property
    def name(self) -> str:
        """Of the signer, as the signature dictionary says it too."""
        ...

    def painted(self) -> Painted:
        """As drawn. Raises Refused `glyph`."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """What a visible block says: `name` and `title` of the signer, the time (aware), in whose name, if not the signer's own.

    `void`: why the signature makes the document void; such a block is red and says so. `unit` and `issuer` are shown where the
    layout wants them.
    """

    name: str
    title: str
    time: datetime
    behalf: str = ""
    void: str = ""
    unit: str = ""
    issuer: str = ""
    look: Look = field(default_factory=Look)

    def painted(self) -> Painted:
        """As drawn. Raises Refused `glyph` for a letter of a name or title that the font lacks."""
        layout = self.look.layout
        lines = [line for line in self._lines(layout) if any(words.text for words in line)]
        frame = BlockFrame.LINE if self.void else layout.frame
        colour = _RED if self.void else _rgb(layout.colour)
        return Painted(lines, colour, _RED if self.void else _INK, frame, None if self.void else self.look.picture)

    def _lines(self, layout: BlockLayout) -> Iterator[list[Words]]:
        wanted = (BlockLine.NAME, BlockLine.TIME) if self.void else layout.lines
        if self.void:
            yield [Words(VOIDED, strong=True)]
            yield [Words(f"Lý do: {_shortened(self.void)}")]
        heading = f"{layout.heading}: " if layout.heading else ""
        yield [Words(drawable(heading)), Words(drawable(self.name), strong=True)]
        title = drawable(self.title) if BlockLine.TITLE in wanted else ""
        unit = softened(self.unit) if BlockLine.UNIT in wanted else ""
        yield [Words(" – ".join(filter(None, (title, unit))))]
        yield [Words(drawable(f"Ký thay: {self.behalf}" if self.behalf else ""))]
        if BlockLine.TIME in wanted:
            yield [Words(f"Thời gian: {self.time.astimezone(HERE):%d/%m/%Y %H:%M:%S} +07:00")]
        if BlockLine.REASON in wanted and layout.reason:
            yield [Words(f"Lý do: {_shortened(layout.reason)}")]
        if BlockLine.ISSUER in wanted and self.issuer:
            yield [Words(f"Chứng thư: {softened(self.issuer)}")]


def issuer_of(certificate: bytes) -> str:
    """Who issued a certificate (DER), by the common name, else the organisation."""
    names = Certificate.load(certificate).issuer.native
    return str(names.get("common_name") or names.get("organization_name") or "")


def _shortened(reason: str) -> str:
    """What of a reason stands in a block: a line of it, in letters of the font; the signature's own reason has all of it."""
    line = softened(reason)
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"


def _rgb(colour: str) -> Colour:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def style(painted: Painted, rotation: int = 0) -> BlockStyle:
    """How the block is drawn: opaque, without anything that is not PDF/A.

    `rotation`: how far the page is turned clockwise when shown (0, 90, 180, 270); the block then stands upright.
    """
    return BlockStyle(painted=painted, rotation=rotation)


@dataclass(frozen=True)
class BlockStyle(BaseStampStyle):
    """Puts a block on a field."""

    painted: Painted = field(default_factory=lambda: Painted((), _INK))
    rotation: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, str]) -> BlockStamp:  # noqa: ARG002
        """On a page that is turned the block is as wide as its field is high."""
        sideways = BoxConstraints(width=box.height, height=box.width)
        return BlockStamp(writer, self, sideways if self.rotation in (90, 270) else box)


class BlockStamp(BaseStamp):
    """Drawn upright, then turned against the page; a viewer fits the turned form to the field (ISO 32000-1, 12.5.5)."""

    def render(self) -> bytes:
        """The operators."""
        painted: Painted = self.style.painted
        wide, high = float(self.box.width), float(self.box.height)
        left, inner = _PADDING + (_BAR if painted.frame is BlockFrame.BAR else 0), high - 2 * _PADDING * 0.6
        parts = [b"q", *_frame(painted, wide, high)]
        if painted.picture:
            drawn, taken = self._picture(painted.picture, left, (wide * _PICTURE, high - 2 * _PADDING))
            parts.append(drawn)
            left += taken + _PADDING
        found = set_into(painted.lines, wide - left - _PADDING, inner, painted.face, painted.fixed or _LARGEST)
        parts += self._text(found.words, found.size, (left, _PADDING * 0.6))
        return b"\n".join([*parts, b"Q"])

    def _text(self, words: tuple[Placed, ...], size: float, corner: tuple[float, float]) -> Iterator[bytes]:
        engine = self.style.painted.face.engine(self._into(), size)
        ink = b"%.3f %.3f %.3f" % self.style.painted.ink
        yield b"%b rg %b RG %.3f w" % (ink, ink, size * 0.035)
        for one in words:
            shaped = engine.shape(one.text).graphics_ops
            place = (corner[0] + one.x, corner[1] + one.y)
            yield b"BT %d Tr /F0 %.2f Tf %.2f %.2f Td %b ET" % (2 if one.strong else 0, size, *place, shaped)
        self.set_resource(category=ResourceType.FONT, name=pdf_name("/F0"), value=engine.as_resource())

    def _picture(self, picture: SmallPicture, left: float, most: tuple[float, float]) -> tuple[bytes, float]:
        """The operators, and how wide it is."""
        scale = min(most[0] / picture.wide, most[1] / picture.high)
        wide, high = picture.wide * scale, picture.high * scale
        description = {
            "/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Image"), "/ColorSpace": pdf_name("/DeviceRGB"),
            "/Width": NumberObject(picture.wide), "/Height": NumberObject(picture.high), "/BitsPerComponent": NumberObject(8),
            "/Filter": pdf_name("/FlateDecode"),
        }  # fmt: skip
        named = DictionaryObject({pdf_name(key): value for key, value in description.items()})
        stream = self._into().add_object(StreamObject(named, encoded_data=picture.samples))
        self.set_resource(category=ResourceType.XOBJECT, name=pdf_name("/P0"), value=stream)
        return b"q %.3f 0 0 %.3f %.2f %.2f cm /P0 Do Q" % (wide, high, left, (float(self.box.height) - high) / 2), wide

    def _into(self) -> BasePdfFileWriter:
        if self.writer is None:
            raise ValueError("a block without a file")
        return self.writer

    def as_form_xobject(self) -> StreamObject:
        """Turned as the page is."""
        form = super().as_form_xobject()
        if self.style.rotation:
            form[pdf_name("/Matrix")] = ArrayObject(map(NumberObject, _MATRICES[self.style.rotation]))
        return form


def _frame(painted: Painted, wide: float, high: float) -> Iterator[bytes]:
    if painted.frame is BlockFrame.NONE:
        return
    red, green, blue = painted.colour
    line = painted.colour
    if painted.frame is BlockFrame.BAR:
        line = (1 - (1 - red) * _PALE, 1 - (1 - green) * _PALE, 1 - (1 - blue) * _PALE)
        yield b"%.3f %.3f %.3f rg 0 0 %.2f %.2f re f" % (*painted.colour, _BAR, high)
    yield b"%.3f %.3f %.3f RG 0.6 w 0.3 0.3 %.2f %.2f re S" % (*line, wide - 0.6, high - 0.6)
