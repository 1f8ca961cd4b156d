"""One font file out of the files a package ships, and the test whether it can write Vietnamese.

A package for the web holds a file per alphabet, so that letters with marks and those without lie in different files. They are
redrawn here into one TrueType font without layout tables and hinting: whoever draws letter by letter needs neither.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen, RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from ocr.training.characters import CHARACTERS

VOWELS = "aăâeêioôơuưy"
TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}\N{COMBINING DOT BELOW}"
LOWER_FAMILIES = [[vowel, *(unicodedata.normalize("NFC", vowel + tone) for tone in TONES)] for vowel in VOWELS]
UPPER_FAMILIES = [[letter.upper() for letter in family] for family in LOWER_FAMILIES]
LOWER_LETTERS = "đ" + "".join(letter for family in LOWER_FAMILIES for letter in family if letter not in "aeiouy")
LETTERS = LOWER_LETTERS + LOWER_LETTERS.upper()
"""The 134 Vietnamese letters with a mark, both cases."""

OWN = frozenset(LETTERS + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;/-()%?'")
"""What a face must draw itself."""
TONE_SIGNS = "´`˜ʼ"
"""What old machines set beside a letter."""
KEPT = frozenset(CHARACTERS) | frozenset(TONE_SIGNS)
"""The characters taken over: all that is ever drawn."""

Outline = list[tuple[str, tuple[Any, ...]]]
"""Drawing commands, each a pen's method and its points in font units."""
Drawing = tuple[Outline, int]
"""A character: its commands and its advance."""


@dataclass(frozen=True, slots=True)
class Source:
    """What one face of a font says: its family, its characters and its measures in font units."""

    family: str
    drawings: dict[int, Drawing]
    em: int
    ascent: int
    descent: int


def outline(font: TTFont, name: str) -> Outline:
    """Give the drawing commands of glyph `name`, its components resolved."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(pen)
    return list(pen.value)


def gather(files: Iterable[Path], axes: Mapping[str, float] | None = None) -> Source:
    """Read the characters of `files`, at `axes` where they are variable; of one in several files the first drawing counts.

    Raises fontTools.ttLib.TTLibError for a file that is no font and OSError for one that cannot be read.
    """
    fonts = [TTFont(file) for file in files]
    if axes:
        fonts = [instantiateVariableFont(font, dict(axes)) for font in fonts]
    places: dict[int, tuple[TTFont, str]] = {}
    for font in fonts:
        for code, name in (font.getBestCmap() or {}).items():
            if chr(code) in KEPT:
                places.setdefault(code, (font, name))
    drawings = {code: (outline(font, name), round(font["hmtx"][name][0])) for code, (font, name) in places.items()}
    first = fonts[0]
    return Source(
        str(first["name"].getBestFamilyName()), drawings, first["head"].unitsPerEm, first["hhea"].ascent, first["hhea"].descent
    )


def lend(source: Source, lender: Source) -> None:
    """Give `source` the signs it lacks as `lender` draws them, as a word processor would; letters it must have itself."""
    scale = source.em / lender.em
    for code in map(ord, KEPT - OWN):
        drawn, advance = source.drawings.get(code, ([], 0))
        if not drawn and code in lender.drawings:
            drawn, advance = lender.drawings[code]
            source.drawings[code] = scaled(drawn, scale, scale), round(advance * scale)


def scaled(drawn: Outline, across: float, up: float) -> Outline:
    """`drawn`, `across` times as wide and `up` times as high."""
    recording = RecordingPen()
    pen = TransformPen(recording, Transform().scale(across, up))
    for command, points in drawn:
        getattr(pen, command)(*points)
    return list(recording.value)


def write(source: Source, target: Path) -> None:
    """Write `source` as a TrueType font without layout tables and hinting."""
    names = {code: f"u{code:04X}" for code in sorted(source.drawings)}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    advances = {".notdef": source.em // 2}
    for code, name in names.items():
        commands, advances[name] = source.drawings[code]
        glyphs[name] = quadratic(commands, source.em)
    builder = FontBuilder(source.em, isTTF=True)
    builder.setupGlyphOrder([*glyphs])
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (advances[name], getattr(glyph, "xMin", 0)) for name, glyph in glyphs.items()})
    builder.setupHorizontalHeader(ascent=source.ascent, descent=source.descent)
    builder.setupNameTable({"familyName": target.stem, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(target)


def quadratic(commands: Outline, em: int) -> Any:
    """Draw `commands` as a TrueType glyph, its cubic curves bent to within a thousandth of the em."""
    glyph = TTGlyphPen(None)
    pen = Cu2QuPen(glyph, max_err=em / 1000)
    for command, points in commands:
        getattr(pen, command)(*points)
    return glyph.glyph()


def complaints(drawings: Mapping[int, Drawing]) -> list[str]:
    """Say what keeps a face from writing every character the recogniser knows; empty where nothing does."""
    empty = [char for char in sorted(KEPT) if char != " " and not drawings.get(ord(char), ([], 0))[0]]
    return ["without " + "".join(empty)] if empty else twins(drawings)


def twins(drawings: Mapping[int, Drawing]) -> list[str]:
    """Name characters drawn alike that a reader must tell apart: letters by their marks, and a few signs."""
    bare = ["dđ", "DĐ", "oôơ", "OÔƠ", "aăâ", "AĂÂ", "eê", "EÊ", "uư", "UƯ"]
    families = [*map(list, bare), *LOWER_FAMILIES, *UPPER_FAMILIES, list("()/")]
    return [
        f"{one}={other}"
        for family in families
        for one, other in combinations(family, 2)
        if drawings[ord(one)][0] == drawings[ord(other)][0]
    ]
