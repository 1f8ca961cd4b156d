"""The text of PDF pages: whether there is any that a reader sees, and its words with boxes. The tool is PDFium."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from domain.pages import Box, Word
from domain.text import nfc

REAL_TEXT = 30
"""Fewer visible characters than this on a page are a scanner's stamp or a page number, not the text of the page."""
PICTURE_SHARE = 0.6
TEXT_BESIDE_PICTURE = 400
"""A page that a picture covers must carry at least this much text for its text to be the whole of it."""


def has_real_text(page: pypdfium2.PdfPage) -> bool:
    """Whether the page's own text says what the page says: visible, and not a line beside a scanned picture."""
    count = characters(page, visible=True)
    return count >= (TEXT_BESIDE_PICTURE if _covered(page) else REAL_TEXT)


def characters(page: pypdfium2.PdfPage, *, visible: bool) -> int:
    """How many a page has that are visible, or hidden."""
    text = page.get_textpage()
    count = 0
    for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5, textpage=text):
        is_hidden = pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        if is_hidden is not visible:
            count += pdfium.FPDFTextObj_GetText(thing, text, None, 0) // 2 - 1
    return count


def _covered(page: pypdfium2.PdfPage) -> bool:
    left, bottom, right, top = page.get_bbox()
    whole = max((right - left) * (top - bottom), 1.0)
    boxes = [thing.get_bounds() for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)]
    return any((x1 - x0) * (y1 - y0) > PICTURE_SHARE * whole for x0, y0, x1, y1 in boxes)


def words(page: pypdfium2.PdfPage, scale: float) -> tuple[Word, ...]:
    """The words of a page in PDFium's order, boxes in pixels of the page drawn upright at `scale` pixels a point."""
    text = page.get_textpage()
    found: list[Word] = []
    for spelling, box, line in _runs(text):
        upright = _placed(page, box, scale)
        found.append(Word(nfc(spelling), upright, 1.0, line))
    return tuple(found)


def _runs(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, tuple[float, float, float, float], int]]:
    """Letters between blanks, with the box that holds them and the number of their line."""
    letters, box, line = "", (0.0, 0.0, 0.0, 0.0), 0
    for index in range(text.count_chars()):
        char = chr(pdfium.FPDFText_GetUnicode(text, index))
        if char.isspace() or char == "\0":
            if letters:
                yield letters, box, line
            letters, line = "", line + (char == "\n")
            continue
        here = text.get_charbox(index, loose=True)
        box = _joined(box, here) if letters else here
        letters += char
    if letters:
        yield letters, box, line


def _joined(
    first: tuple[float, float, float, float], second: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    return min(first[0], second[0]), min(first[1], second[1]), max(first[2], second[2]), max(first[3], second[3])


def _placed(page: pypdfium2.PdfPage, box: tuple[float, float, float, float], scale: float) -> Box:
    """From the page's own frame (points, y upwards, before its /Rotate) to pixels of the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    x0, y0, x1, y1 = box
    shown = {
        0: (x0 - left, top - y1, x1 - left, top - y0),
        90: (y0 - bottom, x0 - left, y1 - bottom, x1 - left),
        180: (right - x1, y0 - bottom, right - x0, y1 - bottom),
        270: (top - y1, right - x1, top - y0, right - x0),
    }[page.get_rotation()]
    a, b, c, d = (value * scale for value in shown)
    return Box(min(a, c), min(b, d), max(a, c), max(b, d))
