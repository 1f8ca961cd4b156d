"""The visible block of a signature: who, as what, when; in Vietnamese, with an embedded font."""

from __future__ import annotations

import functools
import io
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.api import FontEngine, FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStamp, TextStampStyle

from domain.errors import Refused
from domain.here import HERE

SIZE, LEADING = 8, 11
"""Points; the block shrinks as a whole where a long name does not fit."""
VOIDED = "ĐÃ HỦY – KHÔNG CÒN GIÁ TRỊ"
LINE = 60
"""Letters of a reason that a block shows."""
_RED = b"0.64 0.098 0.114 rg 0.64 0.098 0.114 RG "
_MATRICES = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}


@dataclass(frozen=True, slots=True)
class Block:
    """What a visible block says: `name` and `title` of the signer, the time (aware), in whose name, if not the signer's own.

    `void`: why the signature makes the document void; such a block is red and says so.
    """

    name: str
    title: str
    time: datetime
    behalf: str = ""
    void: str = ""

    def lines(self) -> str:
        """The text as drawn. Raises Refused `glyph` for a letter that the font lacks."""
        when = self.time.astimezone(HERE).strftime("%d/%m/%Y %H:%M:%S +07:00")
        behalf = f"Ký thay: {self.behalf}" if self.behalf else ""
        first = [VOIDED, f"Lý do: {_shortened(self.void)}"] if self.void else []
        title = "" if self.void else self.title
        return drawable("\n".join(filter(None, [*first, f"Ký bởi: {self.name}", title, behalf, f"Thời gian: {when}"])))


def drawable(text: str) -> str:
    """`text` in NFC. A missing letter would be drawn silently as a box (and is not PDF/A: 6.2.11.8), so it is refused."""
    composed = unicodedata.normalize("NFC", text)
    if any(ord(char) not in _letters() for char in composed if char != "\n"):
        raise Refused(
            "glyph",
            "Tên hoặc chức danh có ký tự không in được trong khung chữ ký. Hãy sửa tên trong phần Quản trị.",
            "A name or title has a character that the signature block cannot draw. Correct the name in the administration.",
        )
    return composed


def _shortened(reason: str) -> str:
    """What of a reason stands in a block: a line of it, in letters of the font; the signature's own reason has all of it."""
    line = "".join(char if ord(char) in _letters() else " " for char in unicodedata.normalize("NFC", reason))
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"


def style(rotation: int = 0, *, red: bool = False) -> TextStampStyle:
    """How the block looks: small, left-aligned, a hairline around it, no picture and no transparency.

    `rotation`: how far the page is turned clockwise when shown (0, 90, 180, 270); the block then stands upright.
    """
    return _Turned(
        rotation=rotation,
        red=red,
        stamp_text="%(text)s",
        background=None,
        background_opacity=1.0,
        border_width=1,
        text_box_style=TextBoxStyle(
            font=_Font(), font_size=SIZE, leading=LEADING, border_width=0, box_layout_rule=_placed(Margins(0, 0, 0, 0))
        ),
        inner_content_layout=_placed(Margins(left=5, right=5, top=3, bottom=3)),
    )


def _placed(margins: Margins) -> SimpleBoxLayoutRule:
    return SimpleBoxLayoutRule(x_align=AxisAlignment.ALIGN_MIN, y_align=AxisAlignment.ALIGN_MID, margins=margins)


@dataclass(frozen=True)
class _Turned(TextStampStyle):
    """A stamp for a page that is turned when shown."""

    rotation: int = 0
    red: bool = False

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, str]) -> TextStamp:
        sideways = BoxConstraints(width=box.height, height=box.width)
        own = sideways if self.rotation in (90, 270) else box
        return _TurnedStamp(writer=writer, style=self, text_params=text_params, box=own)


class _TurnedStamp(TextStamp):
    """Drawn upright in its colour, then turned against the page; a viewer fits the turned form to the field (ISO 32000-1,
    12.5.5).
    """

    def render(self) -> bytes:
        drawn: bytes = super().render()  # type: ignore[no-untyped-call]
        return _RED + drawn if self.style.red else drawn

    def as_form_xobject(self) -> StreamObject:
        form = super().as_form_xobject()
        if self.style.rotation:
            form[pdf_name("/Matrix")] = ArrayObject(map(NumberObject, _MATRICES[self.style.rotation]))
        return form


class _Font(FontEngineFactory):
    """Embeds a subset of the font in each document: 1000 units per em, as the width table of the library takes for granted."""

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: object = None) -> FontEngine:
        return GlyphAccumulator(writer, io.BytesIO(_font()), font_size=SIZE, bcp47_lang_code="vi", obj_stream=obj_stream)


@functools.cache
def _font() -> bytes:
    return files("signing").joinpath("data/NotoSans-Vietnamese.ttf").read_bytes()


@functools.cache
def _letters() -> frozenset[int]:
    return frozenset(TTFont(io.BytesIO(_font())).getBestCmap())
