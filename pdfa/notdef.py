"""A letter that its font lacks is shown as the glyph for missing ones, which may not be (ISO 19005-2, 6.2.11.8). It is
given a number of its own, and looks the same. For TrueType fonts, where that touches no other glyph.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterable

import pikepdf
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pdfa.advances import widths
from pdfa.objects import items

_MISSING = 0
_NAME = "missing.luuky"
_CMAP = "Luuky-Identity-H"
_CMAP_HEAD = f"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo 3 dict dup begin
/Registry (Adobe) def
/Ordering (Identity) def
/Supplement 0 def
end def
/CMapName /{_CMAP} def
/CMapType 1 def
/WMode 0 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_MOST_GLYPHS = 65_534
_BROKEN = (TTLibError, ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError, OSError, NotImplementedError)
"""What fontTools raises for damaged programs."""


def number_missing(pdf: Pdf, font: Object, strings: Iterable[bytes]) -> None:
    """In place; nothing happens where no missing glyph is shown, or the font is of another kind."""
    try:
        if font.get(Name.Subtype) == Name.TrueType and Name.Encoding not in font:
            _number_simple(pdf, font, {code for text in strings for code in text})
        elif font.get(Name.Encoding) == Name("/Identity-H"):
            codes = {int.from_bytes(text[start : start + 2], "big") for text in strings for start in range(0, len(text) - 1, 2)}
            _number_composite(pdf, font, codes)
    except _BROKEN:
        return


def is_two_bytes(encoding: object) -> bool:
    """Whether it is the encoding that this module makes."""
    return isinstance(encoding, Stream) and encoding.get(Name.CMapName) == Name(f"/{_CMAP}")


def _number_composite(pdf: Pdf, font: Object, codes: set[int]) -> None:
    inner = font.DescendantFonts[0]
    if inner.get(Name.Subtype) != Name.CIDFontType2:
        return
    numbers = inner.get(Name.CIDToGIDMap)
    table = bytearray(numbers.read_bytes()) if isinstance(numbers, Stream) else None
    missing = {code for code in codes if _glyph(table, code) == _MISSING}
    if not missing and _MISSING not in codes:
        return
    if table is None:
        table = bytearray(b"".join(number.to_bytes(2, "big") for number in range(max(codes) + 1)))
    free = next(number for number in range(1, _MOST_GLYPHS) if number not in codes)
    table.extend(bytes(max(2 * (max(codes | {free}) + 1) - len(table), 0)))
    if missing:
        program = _program(inner)
        fresh = _double_missing(program)
        _put(pdf, inner, program)
        for code in missing:
            table[2 * code : 2 * code + 2] = fresh.to_bytes(2, "big")
    if _MISSING in codes:
        table[2 * free : 2 * free + 2] = table[:2]
        _renumber_nought(pdf, font, inner, free)
    inner.CIDToGIDMap = pdf.make_stream(bytes(table))


def _glyph(table: bytearray | None, code: int) -> int:
    return code if table is None else int.from_bytes(table[2 * code : 2 * code + 2], "big")


def _renumber_nought(pdf: Pdf, font: Object, inner: Object, fresh: int) -> None:
    """Number 0 is the missing glyph by its very number, whatever it shows: its code stands for another (ISO 32000-1, 9.7.5)."""
    rows = [f"<{high:02X}{1 if not high else 0:02X}> <{high:02X}FF> {256 * high + (not high)}" for high in range(256)]
    blocks = [[f"<0000> <0000> {fresh}"], *(rows[start : start + 100] for start in range(0, 256, 100))]
    body = "".join(f"{len(block)} begincidrange\n" + "\n".join(block) + "\nendcidrange\n" for block in blocks)
    system = Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0)
    data = (_CMAP_HEAD + body + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").encode()
    font.Encoding = pdf.make_stream(data, Type=Name.CMap, CMapName=Name(f"/{_CMAP}"), CIDSystemInfo=system, WMode=0)
    inner.CIDSystemInfo = system
    stated = widths(inner)
    if _MISSING in stated:
        inner.W = Array([*items(inner, "/W"), fresh, Array([stated[_MISSING]])])


def _number_simple(pdf: Pdf, font: Object, codes: set[int]) -> None:
    """By the character map of a symbolic font (ISO 32000-1, 9.6.6.4)."""
    program = _program(font)
    tables = [table for table in program["cmap"].tables if (table.platformID, table.platEncID) in ((3, 0), (1, 0))]
    nothing = program.getGlyphOrder()[_MISSING]
    missing = {code for code in codes if all(_of(table.cmap, code) in (None, nothing) for table in tables)}
    if not missing or not tables:
        return
    _double_missing(program)
    for table in tables:
        base = 0xF000 if table.platformID == 3 and any(code >= 0xF000 for code in table.cmap) else 0
        table.cmap.update(dict.fromkeys((base + code for code in missing), _NAME))
    _put(pdf, font, program)


def _of(cmap: dict[int, str], code: int) -> str | None:
    return cmap.get(0xF000 + code) or cmap.get(code)


def _program(font: Object) -> TTFont:
    return TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()), recalcTimestamp=False)


def _put(pdf: Pdf, font: Object, program: TTFont) -> None:
    out = io.BytesIO()
    program.save(out)
    font.FontDescriptor.FontFile2 = pdf.make_stream(out.getvalue(), Length1=len(out.getvalue()))


def _double_missing(program: TTFont) -> int:
    """The number of a second glyph that looks like the missing one."""
    order = program.getGlyphOrder()
    if len(order) > _MOST_GLYPHS:
        raise ValueError("no number is free")
    program["glyf"][_NAME] = copy.deepcopy(program["glyf"][order[_MISSING]])
    program["hmtx"][_NAME] = program["hmtx"][order[_MISSING]]
    return len(order) - (1 if order[-1] == _NAME else 0)
