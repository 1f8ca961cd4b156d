"""The font of the words under the picture: one empty glyph, half as wide as high, for every letter there is.

A reader selects, copies and finds the words by their Unicode values; the font only says where they stand. It is made here, so no
foreign font travels in the files.
"""

from __future__ import annotations

import functools
import io
import unicodedata

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

NAME = "LuukyBlank"
WIDTH = 500
ASCENT = 800
DESCENT = -200
_UNITS_PER_EM = 1000
_MADE = 3_850_000_000
"""Seconds since 1904; any fixed date will do."""


class Letters:
    """Numbers the letters of a document in the order in which they come: the codes of its text."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Two bytes a letter. NFC first; control characters and the like have no place in a text layer and are left out."""
        letters = [char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] != "C"]
        return b"".join(self._codes.setdefault(char, len(self._codes) + 1).to_bytes(2, "big") for char in letters)

    def __len__(self) -> int:
        return len(self._codes)

    def to_unicode(self) -> bytes:
        """The CMap that leads from codes back to letters (ISO 32000-1, 9.10.3): at most 100 lines a block."""
        rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in self._codes.items()]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return _CMAP.format(body=body).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def _no_area() -> Glyph:
    """A line without breadth: nothing to fill, yet as large as a letter. Turned text of no extent is left out by pdfium."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((WIDTH, ASCENT))
    pen.closePath()
    return pen.glyph()


@functools.cache
def program() -> bytes:
    """The TrueType program: `.notdef` and one blank glyph."""
    builder = FontBuilder(_UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({".notdef": Glyph(), "blank": _no_area()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), "blank": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupPost()
    builder.updateHead(created=_MADE, modified=_MADE)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
