"""Binds scanned pages and their words into one PDF/A-2u: the scanner's own pictures on top, the words under them.

The pages come one after the other and their pictures wait on disk, so a chart of 500 pages needs no more memory than one of 20.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import AccessMode, Array, Dictionary, Name, Object, Page, Pdf, StreamDecodeLevel

from domain.errors import Broken, Refused
from domain.pages import PageImage, PageReading
from pdfa import archive, words
from pdfa.blank_font import Letters
from pdfa.ccitt import ccitt_picture
from pdfa.geometry import Layout, lay_out, upright_size
from pdfa.jp2 import jp2_picture
from pdfa.jpeg import jpeg_picture
from pdfa.pictures import NotForPdf, Picture
from pdfa.png import png_picture
from pdfa.record import BindRecord, Bound
from pdfa.redraw import redraw

_IN_MEMORY = 16 << 20
"""Bytes of pictures that are held at once."""
_READERS: dict[str, Callable[[bytes], Picture]] = {
    "image/jpeg": jpeg_picture,
    "image/png": png_picture,
    "image/tiff": ccitt_picture,
    "image/jp2": jp2_picture,
}


@dataclass(frozen=True, slots=True)
class _Leaf:
    picture: Picture
    layout: Layout
    text: bytes


def bind(pages: Iterable[tuple[PageImage, PageReading]], record: BindRecord, out: Path) -> Bound:
    """Writes `out` whole, or not at all. Raises Unreadable for a damaged picture, Refused where there is no page."""
    letters = Letters()
    with tempfile.TemporaryDirectory(prefix=".bind-", dir=out.parent) as folder, ExitStack() as stack, Pdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font))
        profiles: dict[bytes, Object] = {}
        for number, batch in enumerate(_batches(_leaf(image, reading, letters) for image, reading in pages)):
            for leaf, stream in zip(batch, _streams(pdf, batch, Path(folder, f"{number}.pdf"), stack), strict=True):
                stream.ColorSpace = _colour_space(pdf, leaf.picture, profiles)
                pdf.pages.append(_page(pdf, leaf, stream, font))
        count = len(pdf.pages)
        if count == 0:
            raise Refused("no_pages", "Tài liệu không có trang nào để ghép.", "The document has no page to bind.")
        words.fill_font(pdf, font, letters)
        archive.make_archival(pdf, record)
        archive.save(pdf, out)
    return archive.bound(out, count)


def _leaf(image: PageImage, reading: PageReading, letters: Letters) -> _Leaf:
    if upright_size(image, reading.rotation) != (reading.width, reading.height):
        raise Broken(
            "page_mismatch",
            "Kích thước ảnh và kết quả nhận dạng của một trang không khớp nhau. Hãy báo cho người quản trị.",
            "The picture of a page and what was read on it differ in size. Call the administrator.",
        )
    layout = lay_out(image, reading)
    return _Leaf(_picture(image), layout, words.text_operators(reading, layout, letters))


def _picture(image: PageImage) -> Picture:
    reader = _READERS.get(image.media_type)
    if reader is not None:
        try:
            picture = reader(image.data)
        except NotForPdf:
            return redraw(image)
        if (picture.width, picture.height) == (image.width, image.height):
            return picture
    return redraw(image)


def _batches(leaves: Iterable[_Leaf]) -> Iterator[list[_Leaf]]:
    batch: list[_Leaf] = []
    held = 0
    for leaf in leaves:
        batch.append(leaf)
        held += len(leaf.picture.data)
        if held >= _IN_MEMORY:
            yield batch
            batch, held = [], 0
    yield batch


def _streams(pdf: Pdf, batch: list[_Leaf], shelf: Path, stack: ExitStack) -> list[Object]:
    """The batch's image XObjects, without colour spaces; a full batch is laid on the shelf and read back when it is written."""
    if sum(len(leaf.picture.data) for leaf in batch) < _IN_MEMORY:
        return [_stream(pdf, leaf.picture) for leaf in batch]
    with Pdf.new() as spool:
        spool.Root.Pictures = Array([_stream(spool, leaf.picture) for leaf in batch])
        spool.save(shelf, compress_streams=False, stream_decode_level=StreamDecodeLevel.none)
    spooled = stack.enter_context(Pdf.open(shelf, access_mode=AccessMode.stream))
    return [pdf.copy_foreign(picture) for picture in spooled.Root.Pictures.as_list()]


def _stream(pdf: Pdf, picture: Picture) -> Object:
    stream = pdf.make_stream(
        picture.data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=picture.bits,
        Filter=Name("/" + picture.filter),
    )
    if picture.parms:
        stream.DecodeParms = Dictionary({f"/{name}": value for name, value in picture.parms.items()})
    return stream


def _colour_space(pdf: Pdf, picture: Picture, profiles: dict[bytes, Object]) -> Object:
    """The picture's own profile, kept once for all pages that share it, else the channels of the output intent."""
    triples = picture.palette is not None or picture.colours == 3
    space: Object = Name.DeviceRGB if triples else Name.DeviceGray
    if picture.icc is not None:
        if picture.icc not in profiles:
            profiles[picture.icc] = pdf.make_stream(picture.icc, N=3 if triples else 1, Alternate=space)
        space = Array([Name.ICCBased, profiles[picture.icc]])
    if picture.palette is None:
        return space
    return Array([Name.Indexed, space, len(picture.palette) // 3 - 1, pikepdf.String(picture.palette)])


def _page(pdf: Pdf, leaf: _Leaf, picture: Object, font: Object) -> Page:
    matrix = leaf.layout.picture
    numbers = " ".join(f"{value:.5f}" for value in (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f))
    content = zlib.compress(b"q %b cm /P Do Q\n" % numbers.encode() + leaf.text, 9)
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
