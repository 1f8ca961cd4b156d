"""Words put under a page that exists already, whatever way it is turned."""

from __future__ import annotations

from pikepdf import Name, Object, Page

from domain.pages import PageImage, PageReading
from pdfa import words
from pdfa.blank_font import Letters
from pdfa.geometry import Matrix, lay_out, turn


def put_words(page: Page, reading: PageReading, letters: Letters, font: Object) -> None:
    """Adds what was read on a page, and turns the page upright. The reading's frame is the page as a viewer shows it."""
    as_read = PageImage(reading.number, b"", "", reading.width, reading.height, reading.dpi)
    layout = lay_out(as_read, reading)
    text = words.text_operators(reading, layout, letters)
    if text:
        matrix = layout.to_page.inverse().then(_to_user_space(page, reading))
        page.contents_add(b"q %b cm\n%bQ" % (matrix.operands(), text), prepend=True)
        page.add_resource(font, Name.Font, Name("/" + words.FONT), replace_existing=True)
    if reading.rotation:
        page.rotate(reading.rotation, relative=True)


def _to_user_space(page: Page, reading: PageReading) -> Matrix:
    """From pixels of the reading to the page's own coordinates (ISO 32000-1, 8.3.2.3 and 7.7.3.3, /Rotate)."""
    x0, y0, x1, y1 = (float(side) for side in page.cropbox.as_list())
    rotate = int(page.obj.get(Name.Rotate, 0))
    across = (y1 - y0, x1 - x0) if rotate % 180 else (x1 - x0, y1 - y0)
    shown, wide, high = turn(-reading.rotation).into_corner(reading.width, reading.height)
    unturned, _, _ = turn(-rotate).into_corner(*across)
    scaled = shown.then(Matrix(a=across[0] / wide, d=across[1] / high))
    return scaled.then(unturned).then(Matrix(d=-1, e=x0, f=y1))
