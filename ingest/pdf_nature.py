"""What makes each page of a PDF: a picture of paper, or drawing and text that were digital from the start. The tool is PDFium.

Rules
1. A page is a picture of paper where a picture covers most of it and little text stands beside it; or several pictures do, and
   nearly none.
2. Where anything else is painted, readable or not, the page was born digital. White areas and hidden text are nothing.
3. A page of pictures alone that leave most of it free is one of paper where no page of the file was born digital: some app has
   put a photograph on a white sheet. Among printed pages it is one of them.
4. Empty pages go with the one before, else with the next.
"""

from __future__ import annotations

import ctypes
import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from ingest import pdf_text

_GRID = 48
"""Cells along each side of a page: of what pictures cover, a rough idea is enough."""
_DEEPEST = 5
_FULL = 255
_KINDS = {pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING}
_UNSEEN = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}

Mask = NDArray[np.bool_]


class Made(enum.Enum):
    """What a page is made of."""

    PAPER = enum.auto()
    PICTURES = enum.auto()
    """Alone, and they leave most of the page free."""
    DRAWN = enum.auto()
    NOTHING = enum.auto()


def made(page: pypdfium2.PdfPage) -> Made:
    """What a page is made of (1, 2)."""
    seen = _Seen(page)
    seen.look(page.get_objects(max_depth=1))
    if not seen.has_pictures:
        return Made.DRAWN if seen.is_drawn else Made.NOTHING
    text = pdf_text.characters(page, visible=True)
    if text < pdf_text.TEXT_BESIDE_PICTURE and seen.largest > pdf_text.PICTURE_SHARE:
        return Made.PAPER
    if text < pdf_text.REAL_TEXT and seen.covered.mean() > pdf_text.PICTURE_SHARE:
        return Made.PAPER
    return Made.DRAWN if seen.is_drawn else Made.PICTURES


def look(pages: Iterable[pypdfium2.PdfPage]) -> tuple[bool, bool]:
    """Whether any page was born digital, or none shows anything; and whether, of a scan, any has hidden text."""
    shows, hidden = False, False
    for page in pages:
        found = made(page)
        if found is Made.DRAWN:
            return True, False
        shows |= found is not Made.NOTHING
        hidden = hidden or pdf_text.characters(page, visible=False) > 0
    return not shows, hidden and shows


def papers(pages: Iterable[pypdfium2.PdfPage]) -> frozenset[int]:
    """Numbers, from 1, of the pages of a born-digital file that are pictures of paper (3, 4)."""
    found = [made(page) for page in pages]
    shown = [each for each in found if each is not Made.NOTHING]
    before = shown[0] if shown else Made.NOTHING
    numbers = set()
    for number, each in enumerate(found, 1):
        before = before if each is Made.NOTHING else each
        if before is Made.PAPER:
            numbers.add(number)
    return frozenset(numbers)


@dataclass
class _Seen:
    """What is painted on a page, and where its pictures stand: the cells of the grid, row by row from below."""

    page: pypdfium2.PdfPage
    is_drawn: bool = False
    has_pictures: bool = False
    largest: float = 0.0
    covered: Mask = field(default_factory=lambda: np.zeros((_GRID, _GRID), np.bool_))

    def look(self, things: Iterable[pypdfium2.PdfObject], outer: pypdfium2.PdfMatrix | None = None, depth: int = 0) -> None:
        """Takes note of objects; `outer` leads from their frame to the page's."""
        for thing in things:
            if thing.type == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                matrix = thing.get_matrix()
                inner = self.page.get_objects(max_depth=1, form=thing)
                self.look(inner, matrix.multiply(outer) if outer else matrix, depth + 1)
            elif thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._picture(thing, outer)
            elif not self.is_drawn and thing.type in _KINDS:
                self.is_drawn = _paints(thing)

    def _picture(self, thing: pypdfium2.PdfObject, outer: pypdfium2.PdfMatrix | None) -> None:
        self.has_pictures = True
        left, bottom, right, top = self.page.get_bbox()
        box = thing.get_bounds()
        if outer:
            box = outer.on_rect(*box)
        columns = _within(box[0], box[2], left, right)
        rows = _within(box[1], box[3], bottom, top)
        self.covered[rows, columns] = True
        self.largest = max(self.largest, (rows.stop - rows.start) * (columns.stop - columns.start) / _GRID**2)


def _within(low: float, high: float, first: float, last: float) -> slice:
    """The cells whose middles lie between `low` and `high`."""
    step = max(last - first, 1e-6) / _GRID
    ends = (round((value - first) / step) for value in (low, high))
    start, stop = (min(max(end, 0), _GRID) for end in ends)
    return slice(start, max(start, stop))


def _paints(thing: pypdfium2.PdfObject) -> bool:
    """Whether anything of it can be seen (2)."""
    if thing.type == pdfium.FPDF_PAGEOBJ_TEXT:
        left, bottom, right, top = thing.get_bounds()
        return pdfium.FPDFTextObj_GetTextRenderMode(thing) not in _UNSEEN and right > left and top > bottom
    if thing.type == pdfium.FPDF_PAGEOBJ_SHADING:
        return True
    mode, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    pdfium.FPDFPath_GetDrawMode(thing, mode, stroke)
    looks = [pdfium.FPDFPageObj_GetStrokeColor] if stroke.value else []
    looks += [pdfium.FPDFPageObj_GetFillColor] if mode.value != pdfium.FPDF_FILLMODE_NONE else []
    return any(_is_coloured(look, thing) for look in looks)


def _is_coloured(look: Callable[..., int], thing: pypdfium2.PdfObject) -> bool:
    """Whether it is painted in any colour but white, or in none that PDFium can name."""
    values = [ctypes.c_uint() for _ in range(4)]
    if not look(thing, *values):
        return True
    *colour, alpha = (value.value for value in values)
    return alpha > 0 and any(value != _FULL for value in colour)
