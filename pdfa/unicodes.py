"""Which letters the glyphs of a font are: what its ToUnicode says, and where that is silent, what its encoding and program say.

Sources, in this order: ToUnicode; the names of glyphs (Differences, the encoding, the program's own), by the Adobe Glyph List;
the character map inside a TrueType program, read backwards. What none of them knows is not known: nothing is guessed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from fontTools import agl
from fontTools.cffLib import CFFFontSet
from fontTools.encodings import MacRoman, StandardEncoding
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Object, Pdf, PdfError, Stream

from pdfa.notdef import is_two_bytes
from pdfa.objects import part

_IDENTITY = {"/Identity-H", "/Identity-V"}
_NO_LETTERS = {"", "\0", "\ufeff", "\ufffe", "\uffff"}
"""Not allowed as letters (ISO 19005-2, 6.2.11.7.2)."""
_HEX = r"<\s*([0-9A-Fa-f\s]*)>"
_CHAR_BLOCK = re.compile(r"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE_BLOCK = re.compile(r"beginbfrange(.*?)endbfrange", re.DOTALL)
_CHAR = re.compile(rf"{_HEX}\s*{_HEX}")
_RANGE = re.compile(rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[((?:\s*<[^>]*>)*)\s*\])")
_LONGEST_RANGE = 65536
_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Letters def
/CMapType 2 def
1 begincodespacerange
<{first}> <{last}>
endcodespacerange
"""
_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_BROKEN = (TTLibError, ValueError, KeyError, IndexError, AttributeError, TypeError, AssertionError, OSError, NotImplementedError)
"""What fontTools raises for damaged programs."""

Map = dict[int, str]


def tell(pdf: Pdf, font: Object, strings: Iterable[bytes]) -> bool:
    """Sees to it that ToUnicode names every code shown, in place; whether all are known. It is left alone where it does so."""
    length = _code_length(font)
    if length is None:
        return False
    codes = set(_codes(strings, length))
    stated = _stated(font, length)
    if all(stated.get(code, "") not in _NO_LETTERS for code in codes) and not _NO_LETTERS & set(stated.values()):
        return True
    known = {code: letters for code, letters in stated.items() if letters not in _NO_LETTERS}
    if not codes <= known.keys():
        known = {**_by_program(font, codes - known.keys()), **known}
    known = {code: letters for code, letters in known.items() if code in codes}
    if known:
        font[Name.ToUnicode] = pdf.make_stream(_cmap(known, length))
    return codes <= known.keys()


def _code_length(font: Object) -> int | None:
    """Bytes a code; None where it is not known."""
    if font.get(Name.Subtype) != Name.Type0:
        return 1
    encoding = font.get(Name.Encoding)
    if is_two_bytes(encoding):
        return 2
    return 2 if isinstance(encoding, Name) and (str(encoding) in _IDENTITY or "UCS2" in str(encoding)) else None


def _codes(strings: Iterable[bytes], length: int) -> Iterator[int]:
    for text in strings:
        for start in range(0, len(text) - length + 1, length):
            yield int.from_bytes(text[start : start + length], "big")


def _stated(font: Object, length: int) -> Map:
    """What ToUnicode says (ISO 32000-1, 9.10.3)."""
    stream = font.get(Name.ToUnicode)
    if not isinstance(stream, Stream):
        return {}
    try:
        text = stream.read_bytes().decode("latin-1")
    except PdfError:
        return {}
    found: Map = {}
    for block in _CHAR_BLOCK.findall(text):
        found.update(
            (int(_bare(code), 16), _letters(letters)) for code, letters in _CHAR.findall(block) if len(_bare(code)) == 2 * length
        )
    for block in _RANGE_BLOCK.findall(text):
        for low, high, first, several in _RANGE.findall(block):
            found.update(_ranged(_bare(low), _bare(high), first, several))
    return found


def _ranged(low: str, high: str, first: str, several: str) -> Iterator[tuple[int, str]]:
    start, end = int(low or "0", 16), int(high or "0", 16)
    if end - start >= _LONGEST_RANGE:
        return
    if several:
        for number, letters in enumerate(re.findall(_HEX, several)[: end - start + 1]):
            yield start + number, _letters(letters)
        return
    letters = _letters(first)
    for code in range(start, end + 1):
        shifted = ord(letters[-1]) + code - start if letters else 0
        yield code, letters[:-1] + chr(shifted) if letters and shifted < 0x110000 else ""


def _bare(digits: str) -> str:
    return "".join(digits.split())


def _letters(digits: str) -> str:
    data = bytes.fromhex(_bare(digits)) if len(_bare(digits)) % 2 == 0 else b""
    return data.decode("utf-16-be", errors="ignore") if len(data) != 1 else data.decode("latin-1")


def _by_program(font: Object, codes: set[int]) -> Map:
    try:
        if font.get(Name.Subtype) == Name.Type0:
            return _by_glyph_number(font, codes)
        return _by_name(font, codes) or _by_symbol(font, codes)
    except _BROKEN:
        return {}


def _by_name(font: Object, codes: set[int]) -> Map:
    """By the names that a simple font's codes stand for."""
    names = _names(font)
    letters = {code: agl.toUnicode(names[code]) for code in codes if names.get(code, ".notdef") != ".notdef"}
    return {code: text for code, text in letters.items() if text}


def _names(font: Object) -> dict[int, str]:
    encoding = font.get(Name.Encoding)
    base = encoding if isinstance(encoding, Name) else part(font, "/Encoding").get(Name.BaseEncoding)
    names = _base_names(base) if isinstance(base, Name) else _own_names(font)
    code = 0
    differences = encoding.get(Name.Differences) if isinstance(encoding, Dictionary) else None
    for item in differences.as_list() if isinstance(differences, Array) else ():
        if isinstance(item, Name):
            names[code] = str(item)[1:]
            code += 1
        else:
            code = int(item)
    return names


def _base_names(base: Object) -> dict[int, str]:
    if base == Name.WinAnsiEncoding:
        letters = bytes(range(32, 256)).decode("cp1252", errors="replace")
        return {32 + place: f"uni{ord(char):04X}" for place, char in enumerate(letters) if char != "\ufffd"}
    return dict(enumerate(MacRoman.MacRoman if base == Name.MacRomanEncoding else StandardEncoding.StandardEncoding))


def _own_names(font: Object) -> dict[int, str]:
    """The encoding inside a Type 1 program, bare or in CFF; the standard one elsewhere."""
    descriptor = part(font, "/FontDescriptor")
    encoding: Any = StandardEncoding.StandardEncoding
    if isinstance(descriptor.get("/FontFile"), Stream):
        encoding = _type1_encoding(descriptor["/FontFile"].read_bytes()) or encoding
    elif isinstance(descriptor.get("/FontFile3"), Stream) and descriptor["/FontFile3"].get(Name.Subtype) == Name.Type1C:
        fonts = CFFFontSet()
        fonts.decompile(io.BytesIO(descriptor["/FontFile3"].read_bytes()), None)
        own = fonts[0].Encoding
        encoding = own if isinstance(own, list) else encoding
    elif font.get(Name.Subtype) in (Name.Type3, Name.TrueType):
        return {}
    return dict(enumerate(encoding))


def _type1_encoding(program: bytes) -> list[str] | None:
    """Read from the clear part alone, which is enough and runs nothing."""
    clear = program.partition(b"eexec")[0].decode("latin-1")
    pairs = re.findall(r"dup\s+(\d+)\s*/(\S+)\s+put", clear)
    names = [".notdef"] * 256
    for code, name in pairs:
        if int(code) < len(names):
            names[int(code)] = name
    return names if pairs else None


def _truetype(font: Object) -> TTFont | None:
    program = part(font, "/FontDescriptor").get("/FontFile2")
    return TTFont(io.BytesIO(program.read_bytes()), lazy=True) if isinstance(program, Stream) else None


def _by_symbol(font: Object, codes: set[int]) -> Map:
    """By the character map of a symbolic TrueType program, through the names of its glyphs or a second, Unicode map."""
    program = _truetype(font)
    if program is None:
        return {}
    tables = {(table.platformID, table.platEncID): table.cmap for table in program["cmap"].tables}
    symbols = tables.get((3, 0)) or tables.get((1, 0)) or {}
    backwards = _backwards(program)
    glyphs = {code: symbols.get(code) or symbols.get(0xF000 + code) for code in codes}
    return {code: backwards[glyph] for code, glyph in glyphs.items() if glyph in backwards}


def _by_glyph_number(font: Object, codes: set[int]) -> Map:
    inner = font.DescendantFonts[0]
    if not isinstance(font.Encoding, Name) or str(font.Encoding) not in _IDENTITY or inner.get(Name.Subtype) != Name.CIDFontType2:
        return {}
    program = _truetype(inner)
    if program is None:
        return {}
    numbers = inner.get(Name.CIDToGIDMap)
    table = numbers.read_bytes() if isinstance(numbers, Stream) else None
    order, backwards = program.getGlyphOrder(), _backwards(program)
    found: Map = {}
    for code in codes:
        glyph = int.from_bytes(table[2 * code : 2 * code + 2], "big") if table is not None else code
        if 0 < glyph < len(order) and order[glyph] in backwards:
            found[code] = backwards[order[glyph]]
    return found


def _backwards(program: TTFont) -> dict[str, str]:
    """Letters by name of glyph: by the Unicode map, else by the names that the program itself gives."""
    found = {}
    if "post" in program and program["post"].formatType == 2.0:
        found = {name: agl.toUnicode(name) for name in program.getGlyphOrder()}
    unicode_map = program.getBestCmap() if "cmap" in program else None
    found.update({name: chr(code) for code, name in sorted((unicode_map or {}).items(), reverse=True)})
    return {name: letters for name, letters in found.items() if letters}


def _cmap(known: Map, length: int) -> bytes:
    digits = 2 * length
    rows = [f"<{code:0{digits}X}> <{letters.encode('utf-16-be').hex().upper()}>" for code, letters in sorted(known.items())]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (_HEAD.format(first="0" * digits, last="F" * digits) + body + _TAIL).encode()
