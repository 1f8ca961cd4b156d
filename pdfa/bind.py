"""Binds scanned pages and their words into one PDF/A-2u: the scanner's own pictures on top, the words under them.

The pages come one after the other and their pictures wait on disk, so a chart of 500 pages needs no more memory than one of 20.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from domain.errors import Broken, Refused
from domain.pages import PageImage, PageReading
from pdfa import archive, words
from pdfa.blank_font import Letters
from pdfa.ccitt import ccitt_picture
from pdfa.geometry import Layout, lay_out, upright_size
from pdfa.jp2 import jp2_picture
from pdfa.jpeg import jpeg_picture
from pdfa.pictures import Colours, NotForPdf, Picture, broken_picture
from pdfa.png import png_picture
from pdfa.record import BindRecord, Bound
from pdfa.redraw import redraw
from pdfa.spool import Spool

_READERS: dict[str, Callable[[bytes], Picture]] = {
    "image/jpeg": jpeg_picture,
    "image/png": png_picture,
    "image/tiff": ccitt_picture,
    "image/jp2": jp2_picture,
}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A page whose picture waits in the spool: everything else that is known of it. `text` are content-stream operators."""

    number: int
    layout: Layout
    text: bytes
    colours: Colours


def bind(pages: Iterable[tuple[PageImage, PageReading]], record: BindRecord, out: Path) -> Bound:
    """Writes `out` whole, or not at all. Raises Unreadable for a damaged picture, Refused where there is no page."""
    with tempfile.TemporaryFile(dir=out.parent) as file:
        sheaf = _Sheaf(Spool(file))
        for image, reading in pages:
            sheaf.lay(image, reading)
        count = sheaf.close()
        with Pdf.open(file) as pdf:
            sheaf.assemble(pdf)
            archive.make_archival(pdf, record)
            archive.save(pdf, out)
    return archive.bound(out, count)


class _Sheaf:
    """Pages laid one on the other: their pictures in the spool, the little else there is in memory."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._leaves: list[_Leaf] = []
        self._letters = Letters()
        self._colours: dict[Colours, Colours] = {}

    def lay(self, image: PageImage, reading: PageReading) -> None:
        """Adds a page. Raises Broken where picture and reading are not of one page."""
        if upright_size(image, reading.rotation) != (reading.width, reading.height):
            raise Broken(
                "page_mismatch",
                "Kích thước ảnh và kết quả nhận dạng của một trang không khớp nhau. Hãy báo cho người quản trị.",
                "The picture of a page and what was read on it differ in size. Call the administrator.",
            )
        picture = _picture(image)
        layout = lay_out(image, reading)
        number = self._spool.add(_attributes(picture), picture.data)
        colours = self._colours.setdefault(picture.colours, picture.colours)  # one copy of a profile that all pages share
        self._leaves.append(_Leaf(number, layout, words.text_operators(reading, layout, self._letters), colours))

    def close(self) -> int:
        """No more pages: makes the spool readable, and says how many there are. Raises Refused where there is none."""
        if not self._leaves:
            raise Refused("no_pages", "Tài liệu không có trang nào để ghép.", "The document has no page to bind.")
        self._spool.finish()
        return len(self._leaves)

    def assemble(self, pdf: Pdf) -> None:
        """Makes the pages, given the spool opened as a PDF."""
        font = pdf.make_indirect(Dictionary(Type=Name.Font))
        words.fill_font(pdf, font, self._letters)
        spaces = {colours: _colour_space(pdf, colours) for colours in self._colours}
        for leaf in self._leaves:
            picture = pdf.get_object(leaf.number, 0)
            picture.ColorSpace = spaces[leaf.colours]
            pdf.pages.append(_page(pdf, leaf, picture, font))


def _picture(image: PageImage) -> Picture:
    """The page's own stream where PDF/A takes it, else drawn anew. Raises Unreadable."""
    try:
        picture = _READERS[image.media_type](image.data)
    except (NotForPdf, KeyError):
        picture = redraw(image)
    if (picture.width, picture.height) != (image.width, image.height):
        raise broken_picture()
    return picture


def _attributes(picture: Picture) -> Dictionary:
    """The image dictionary, but for its colour space (ISO 32000-1, 8.9.5)."""
    attributes = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=picture.bits,
        Filter=Name("/" + picture.filter),
    )
    if picture.parms:
        attributes.DecodeParms = Dictionary({f"/{name}": value for name, value in picture.parms.items()})
    return attributes


def _colour_space(pdf: Pdf, colours: Colours) -> Object:
    """The picture's own profile, else the channels of the output intent (ISO 32000-1, 8.6)."""
    space: Object = Name.DeviceRGB if colours.channels == 3 else Name.DeviceGray
    if colours.icc is not None:
        space = Array([Name.ICCBased, pdf.make_stream(colours.icc, N=colours.channels, Alternate=space)])
    if colours.palette is not None:
        space = Array([Name.Indexed, space, len(colours.palette) // 3 - 1, pikepdf.String(colours.palette)])
    return space if isinstance(space, Name) else pdf.make_indirect(space)


def _page(pdf: Pdf, leaf: _Leaf, picture: Object, font: Object) -> Page:
    content = zlib.compress(b"q %b cm /P Do Q\n" % leaf.layout.picture.operands() + leaf.text, 9)
    return Page(
        pdf.make_indirect(
            Dictionary(
                Type=Name.Page,
                MediaBox=[0, 0, round(leaf.layout.width, 3), round(leaf.layout.height, 3)],
                Resources=Dictionary(XObject=Dictionary(P=picture), Font=Dictionary({f"/{words.FONT}": font})),
                Contents=pdf.make_stream(content, Filter=Name.FlateDecode),
            )
        )
    )
