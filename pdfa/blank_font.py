"""The font of the words under the picture: one empty glyph, half as wide as high, for every letter there is.

A reader selects, copies and finds the words by their Unicode values; the font only says where they stand. It is made here, so no
foreign font travels in the files.
"""

from __future__ import annotations

import functools
import io
import itertools
import unicodedata
from collections.abc import Iterator

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph

NAME = "LuukyBlank"
WIDTH = 500
ASCENT = 800
DESCENT = -200
_UNITS_PER_EM = 1000
_PRIVATE_USE, _AFTER = 0xE000, range(0xF900, 0xFFFE)
"""Where codes are for the taking, and what of two bytes lies behind that."""
_MADE = 3_850_000_000
"""Seconds since 1904; any fixed date will do."""


class Letters:
    """The codes of a document's text: the Unicode value where two bytes hold it, else a number of the private use area.

    Codes that are values make the way back a few ranges, a twentieth of what a list of letters takes.
    """

    def __init__(self) -> None:
        self._rare: dict[str, int] = {}
        self._used: set[int] = set()

    def encode(self, text: str) -> bytes:
        """Two bytes a letter. NFC first; control characters and the like have no place in a text layer and are left out."""
        letters = [char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char)[0] != "C"]
        codes = [self._code(char) for char in letters]
        self._used.update(codes)
        return b"".join(code.to_bytes(2, "big") for code in codes)

    def _code(self, char: str) -> int:
        return (
            ord(char)
            if ord(char) < _PRIVATE_USE or ord(char) in _AFTER
            else self._rare.setdefault(char, _PRIVATE_USE + len(self._rare))
        )

    @property
    def highest(self) -> int:
        """The highest code in use; 0 where there is none."""
        return max(self._used, default=0)

    def to_unicode(self) -> bytes:
        """The CMap that leads from codes back to letters (ISO 32000-1, 9.10.3): at most 100 lines a block."""
        rare = {code: char for char, code in self._rare.items()}
        plain = sorted(self._used - rare.keys())
        pages = [list(codes) for _, codes in itertools.groupby(plain, lambda code: code >> 8)]
        ranges = [f"<{page[0]:04X}> <{page[-1]:04X}> <{page[0]:04X}>" for page in pages]
        rows = [f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for code, char in rare.items()]
        body = "\n".join([*_blocks("bfrange", ranges), *_blocks("bfchar", rows)])
        return _CMAP.format(body=body).encode("ascii")


def _blocks(kind: str, rows: list[str]) -> Iterator[str]:
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        yield f"{len(block)} begin{kind}\n" + "\n".join(block) + f"\nend{kind}"


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
    """The TrueType program: `.notdef` and one blank glyph, in the tables that PDF asks for (ISO 32000-1, 9.9) and no others."""
    builder = FontBuilder(_UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupGlyf({".notdef": Glyph(), "blank": _no_area()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0), "blank": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.updateHead(created=_MADE, modified=_MADE)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
