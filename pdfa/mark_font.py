"""The font of the mark: a subset for the letters that are drawn, with real Unicode behind them so that the mark can be copied."""

from __future__ import annotations

import functools
import hashlib
import io
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pdfa import cid_font

NAME = "NotoSans-Mark"
_BOX = (-600, -293, 1200, 1069)
_ALWAYS = "0123456789"
"""So that one subset serves every date."""
_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Mark def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0001> <{last:04X}> [{letters}]
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


@dataclass(frozen=True, slots=True)
class Face:
    """A subset: glyph `n` (from 1) is the n-th of `letters`; `widths` of those in thousandths of an em."""

    letters: str
    program: bytes
    widths: tuple[int, ...]

    def encode(self, text: str) -> bytes:
        """Two bytes a letter."""
        return b"".join((self.letters.index(char) + 1).to_bytes(2, "big") for char in text)

    def width(self, text: str, size: float) -> float:
        """Points."""
        return sum(self.widths[self.letters.index(char)] for char in text) * size / 1000


def drawable(text: str) -> str:
    """NFC, a question mark for what the font has no letter for."""
    return "".join(char if ord(char) in _letters() else "?" for char in unicodedata.normalize("NFC", " ".join(text.split())))


def face(text: str) -> Face:
    """The subset that can draw `text`, which is drawable."""
    return _face("".join(sorted(set(text + _ALWAYS))))


@functools.lru_cache(maxsize=64)
def _face(letters: str) -> Face:
    whole = _font()
    cmap, scale = whole.getBestCmap(), 1000 / whole["head"].unitsPerEm
    outlines = whole["CFF "].cff.topDictIndex[0].CharStrings
    glyphs = [cmap[ord(char)] for char in letters]
    names = [".notdef", *(f"g{number}" for number in range(len(letters)))]
    builder = FontBuilder(whole["head"].unitsPerEm, isTTF=False)
    builder.setupGlyphOrder(names)
    charstrings = dict(zip(names, (outlines[name] for name in [".notdef", *glyphs]), strict=True))
    builder.setupCFF(NAME, {}, charstrings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (0, 0)))
    widths = tuple(round(whole["hmtx"][glyph][0] * scale) for glyph in glyphs)
    return Face(letters, builder.font["CFF "].compile(builder.font), widths)


def embedded(pdf: Pdf, face: Face) -> Object:
    """The font as an object of `pdf` (ISO 32000-1, 9.7)."""
    tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(face.letters.encode()).digest()[:6])
    descriptor = Dictionary(
        FontName=Name(f"/{tag}+{NAME}"),
        FontBBox=_BOX,
        CapHeight=714,
        FontFile3=pdf.make_stream(face.program, Subtype=Name.CIDFontType0C),
    )
    descendant = Dictionary(Subtype=Name.CIDFontType0, W=[1, Array(list(face.widths))])
    letters = "".join(f"<{char.encode('utf-16-be').hex().upper()}>" for char in face.letters)
    font = pdf.make_indirect(Dictionary())
    cid_font.fill(pdf, font, descriptor, descendant, _TO_UNICODE.format(last=len(face.letters), letters=letters).encode())
    return font


@functools.cache
def _font() -> TTFont:
    return TTFont(io.BytesIO(files("pdfa").joinpath("data/NotoSans-Mark.otf").read_bytes()))


@functools.cache
def _letters() -> frozenset[int]:
    return frozenset(_font().getBestCmap())
