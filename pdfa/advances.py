"""How far glyphs advance: a font's program says the same as the file, which is what viewers go by (ISO 19005-2, 6.2.11.5).

The file's numbers place the text and stay; the program's are brought to them, for TrueType fonts of numbered glyphs.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Name, Object, Pdf, Stream

from pdfa.objects import items

_TOLERANCE = 1.0
"""Thousandths of an em (6.2.11.5)."""
_BROKEN = (TTLibError, ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError, OSError, NotImplementedError)
"""What fontTools raises for damaged programs."""


def widths(inner: Object) -> dict[int, float]:
    """What `/W` of a CID font says (ISO 32000-1, 9.7.4.3), in thousandths of an em."""
    found: dict[int, float] = {}
    entries = items(inner, "/W")
    place = 0
    while place + 1 < len(entries):
        start, second = int(entries[place]), entries[place + 1]
        if isinstance(second, Array):
            found.update({start + number: float(width) for number, width in enumerate(second.as_list())})
            place += 2
        else:
            last = min(int(second), start + 0xFFFF)
            if place + 2 < len(entries):
                found.update(dict.fromkeys(range(start, last + 1), float(entries[place + 2])))
            place += 3
    return found


def agree(pdf: Pdf, font: Object, strings: Iterable[bytes]) -> None:
    """In place; nothing happens for other fonts, nor where two codes want one glyph to advance differently."""
    below = font.get(Name.DescendantFonts)
    inner = below[0] if isinstance(below, Array) and len(below) else None
    if inner is None or inner.get(Name.Subtype) != Name.CIDFontType2 or font.get(Name.Encoding) != Name("/Identity-H"):
        return
    codes = {int.from_bytes(text[start : start + 2], "big") for text in strings for start in range(0, len(text) - 1, 2)}
    try:
        _agree(pdf, inner, codes)
    except _BROKEN:
        return


def _agree(pdf: Pdf, inner: Object, codes: set[int]) -> None:
    program = TTFont(io.BytesIO(inner.FontDescriptor.FontFile2.read_bytes()), recalcTimestamp=False)
    order, metrics, scale = program.getGlyphOrder(), program["hmtx"], 1000 / program["head"].unitsPerEm
    numbers = inner.get(Name.CIDToGIDMap)
    table = numbers.read_bytes() if isinstance(numbers, Stream) else None
    stated, default = widths(inner), float(inner.get("/DW", 1000))
    wanted: dict[str, float] = {}
    for code in codes:
        glyph = code if table is None else int.from_bytes(table[2 * code : 2 * code + 2], "big")
        if glyph < len(order) and wanted.setdefault(order[glyph], stated.get(code, default)) != stated.get(code, default):
            return
    changed = {name: width for name, width in wanted.items() if abs(metrics[name][0] * scale - width) > _TOLERANCE}
    if not changed:
        return
    for name, width in changed.items():
        metrics[name] = (round(width / scale), metrics[name][1])
    out = io.BytesIO()
    program.save(out)
    inner.FontDescriptor.FontFile2 = pdf.make_stream(out.getvalue(), Length1=len(out.getvalue()))
