"""Words put under a page that exists already, whatever way it is turned."""

from __future__ import annotations

import pikepdf
from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Name, Object, Page

from domain.pages import PageImage, PageReading
from pdfa import words
from pdfa.blank_font import Letters
from pdfa.geometry import Matrix, lay_out, turn

_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_ABOUT_TEXT = {"BT", "ET", "Tc", "Td", "TD", "Tf", "TL", "Tm", "Tr", "Ts", "Tw", "Tz", "T*"}
_INVISIBLE = 3


def put_words(page: Page, reading: PageReading, letters: Letters, font: Object) -> None:
    """Adds what was read on a page, and turns the page upright. The reading's frame is the page as a viewer shows it."""
    as_read = PageImage(reading.number, b"", "", reading.width, reading.height, reading.dpi)
    layout = lay_out(as_read, reading)
    text = words.text_operators(reading, layout, letters)
    _drop_hidden_text(page)
    if text:
        matrix = layout.to_page.inverse().then(_to_user_space(page, reading))
        page.contents_add(b"q %b cm\n%bQ" % (matrix.operands(), text), prepend=True)
        page.add_resource(font, Name.Font, Name("/" + words.FONT), replace_existing=True)
    if reading.rotation:
        page.rotate(reading.rotation, relative=True)


def _drop_hidden_text(page: Page) -> None:
    """Takes out what a scanner's own reader had written under the picture: two readings would be copied and found twice."""
    kept: list[ContentStreamInstruction | ContentStreamInlineImage] = []
    mode, dropped = 0, False
    modes: list[int] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "q":
            modes.append(mode)
        elif operator == "Q" and modes:
            mode = modes.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if mode == _INVISIBLE and operator in _SHOWS_TEXT:
            dropped = True
        else:
            kept.append(instruction)
    if dropped and not any(str(instruction.operator) in _SHOWS_TEXT for instruction in kept):
        kept = [instruction for instruction in kept if str(instruction.operator) not in _ABOUT_TEXT]
    if dropped:
        del page.obj.Contents
        page.contents_add(pikepdf.unparse_content_stream(kept))


def _to_user_space(page: Page, reading: PageReading) -> Matrix:
    """From pixels of the reading to the page's own coordinates (ISO 32000-1, 8.3.2.3 and 7.7.3.3, /Rotate)."""
    x0, y0, x1, y1 = (float(side) for side in page.cropbox.as_list())
    rotate = int(page.obj.get(Name.Rotate, 0))
    across = (y1 - y0, x1 - x0) if rotate % 180 else (x1 - x0, y1 - y0)
    shown, wide, high = turn(-reading.rotation).into_corner(reading.width, reading.height)
    unturned, _, _ = turn(-rotate).into_corner(*across)
    scaled = shown.then(Matrix(a=across[0] / wide, d=across[1] / high))
    return scaled.then(unturned).then(Matrix(d=-1, e=x0, f=y1))
