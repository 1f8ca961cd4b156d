"""A font of ours as a PDF holds it: two bytes a letter, and the way back to Unicode (ISO 32000-1, 9.7)."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf


def fill(pdf: Pdf, font: Object, descriptor: Dictionary, descendant: Dictionary, to_unicode: bytes) -> None:
    """Makes `font` one whose letters `descriptor` draws (its name, box from descent to ascent, height of capitals, program) and
    `descendant` measures (its kind and widths): both are given what all such fonts say.
    """
    descriptor.Type = Name.FontDescriptor
    descriptor.Flags = 4
    descriptor.ItalicAngle = 0
    descriptor.Descent, descriptor.Ascent = descriptor.FontBBox[1], descriptor.FontBBox[3]
    descriptor.StemV = 80
    descendant.Type = Name.Font
    descendant.BaseFont = descriptor.FontName
    descendant.CIDSystemInfo = Dictionary(
        Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
    )  # fmt: skip
    descendant.FontDescriptor = pdf.make_indirect(descriptor)
    font.Type = Name.Font
    font.Subtype = Name.Type0
    font.BaseFont = descriptor.FontName
    font.Encoding = Name("/Identity-H")
    font.DescendantFonts = Array([pdf.make_indirect(descendant)])
    font.ToUnicode = pdf.make_stream(to_unicode)
