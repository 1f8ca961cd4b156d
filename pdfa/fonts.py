"""What PDF/A asks of fonts and can be said without changing a glyph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pdfa import advances, notdef, unicodes, words
from pdfa.blank_font import Letters
from pdfa.content import Scope
from pdfa.objects import dictionaries, part
from pdfa.shown import Use

Uses = Mapping[tuple[int, int], Use]
_LONGEST_NAME = 127
"""Bytes of a name (ISO 19005-2, 6.1.13)."""
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def settle(pdf: Pdf, scopes: Iterable[Scope], uses: Uses) -> None:
    """Puts right what can be without changing a glyph that is seen, in place."""
    for font in _fonts(pdf):
        _spell_out_default(font)
        _shorten_name(font)
        _drop_sets(font)
        if font.objgen in uses:
            advances.agree(pdf, font, uses[font.objgen].strings)
            notdef.number_missing(pdf, font, uses[font.objgen].strings)
    _replace_unused(pdf, scopes, uses)


def tell_letters(pdf: Pdf, uses: Uses) -> bool:
    """Writes down which letters the glyphs are, where fonts tell it another way; whether it is known of everything shown, as
    level U asks (ISO 19005-2, 6.2.11.7.2).
    """
    known = True
    for font in _fonts(pdf):
        use = uses.get(font.objgen)
        if use is not None and use.strings and not str(font.get(Name.Subtype, "")).startswith("/CIDFont"):
            known &= unicodes.tell(pdf, font, use.strings)
    return known


def is_embedded(font: Object) -> bool:
    """Whether its glyphs travel with the file."""
    if font.get(Name.Subtype) == Name.Type3:
        return True
    below = font.get(Name.DescendantFonts)
    inner = below[0] if isinstance(below, Array) and len(below) else font
    descriptor = part(inner, "/FontDescriptor") if isinstance(inner, Dictionary) else Dictionary()
    return any(isinstance(descriptor.get(key), Stream) for key in _PROGRAMS)


def _spell_out_default(font: Object) -> None:
    """Codes of TrueType CID fonts are glyph numbers, which goes without saying in PDF but not in PDF/A (ISO 32000-1, table 117;
    ISO 19005-2, 6.2.11.3.2).
    """
    if font.get(Name.Subtype) == Name.CIDFontType2 and Name.CIDToGIDMap not in font:
        font.CIDToGIDMap = Name.Identity


def _shorten_name(font: Object) -> None:
    for holder, key in ((font, Name.BaseFont), (part(font, "/FontDescriptor"), Name.FontName)):
        name = holder.get(key)
        if isinstance(name, Name) and len(name.unparse()) - 1 > _LONGEST_NAME:
            holder[key] = Name(str(name)[:_LONGEST_NAME])


def _drop_sets(font: Object) -> None:
    """Lists of what is in a font need not be there, and are mostly wrong (6.2.11.4.2)."""
    descriptor = part(font, "/FontDescriptor")
    for key in (Name.CIDSet, Name.CharSet):
        if key in descriptor:
            del descriptor[key]


def _replace_unused(pdf: Pdf, scopes: Iterable[Scope], uses: Uses) -> None:
    """A font outside the file in which nothing is shown gives way to one that draws nothing: it may still be chosen."""
    blank: Object | None = None
    holders = [part(scope.resources, "/Font") for scope in scopes]
    holders += [part(each, "/Font") for each in dictionaries(pdf) if isinstance(each.get("/Font"), Dictionary)]
    for fonts in holders:
        for name in list(fonts.keys()):
            font = fonts[name]
            unused = isinstance(font, Dictionary) and not is_embedded(font) and not (font.is_indirect and font.objgen in uses)
            if unused and font.is_indirect:
                blank = blank or _blank(pdf)
                fonts[name] = blank


def _blank(pdf: Pdf) -> Object:
    letters, font = Letters(), pdf.make_indirect(Dictionary(Type=Name.Font))
    letters.encode(" ")
    words.fill_font(pdf, font, letters)
    return font


def _fonts(pdf: Pdf) -> Iterator[Object]:
    return (item for item in pdf.objects if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font)
