"""What it takes to draw the pictures of a PDF page, told before it is drawn: thousands over one another take many minutes."""

from __future__ import annotations

import pypdfium2
import pypdfium2.raw as pdfium

_MOST = 10_000_000_000
"""Pixels, read and painted; a page of A3 at 600 dpi has 70 million, and PDFium does some 200 million in a second."""
_LARGEST = 2**31
"""Pixels of a picture; one that says that it has more is not shown."""
_DEEPEST = 15


def is_too_much(page: pypdfium2.PdfPage, scale: float) -> bool:
    """Whether drawing a page at `scale` pixels a point reads and paints more pixels than a scanner or printer ever asks for."""
    wide, high = page.get_size()
    whole, total = wide * high * scale**2, 0.0
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        across, down = picture.get_px_size()
        read = across * down
        total += read * (read < _LARGEST) + min(whole, _area(picture) * scale**2)
        if total > _MOST:
            return True
    return False


def _area(thing: pypdfium2.PdfObject) -> float:
    """Of the unit square of a picture, or of what a form makes of it, in square points of the page."""
    matrix = thing.get_matrix()
    area: float = abs(matrix.a * matrix.d - matrix.b * matrix.c)
    return area if thing.container is None else area * _area(thing.container)
