"""What PDF/A asks of fonts and can be said without changing a glyph."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Dictionary, Name, Object, Pdf


def all_map_to_unicode(pdf: Pdf) -> bool:
    """Whether every font says which letters its glyphs are: what level U asks (ISO 19005-2, 6.2.11.7.2), taken strictly."""
    return all(Name.ToUnicode in font for font in _fonts(pdf) if not _is_descendant(font))


def spell_out_defaults(pdf: Pdf) -> None:
    """Writes down that codes of TrueType CID fonts are glyph numbers, which goes without saying in PDF but not in PDF/A
    (ISO 32000-1, table 117; ISO 19005-2, 6.2.11.3.2).
    """
    for font in _fonts(pdf):
        if font.get(Name.Subtype) == Name.CIDFontType2 and Name.CIDToGIDMap not in font:
            font.CIDToGIDMap = Name.Identity


def _fonts(pdf: Pdf) -> Iterator[Object]:
    return (item for item in pdf.objects if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font)


def _is_descendant(font: Object) -> bool:
    return str(font.get(Name.Subtype, "")).startswith("/CIDFont")
