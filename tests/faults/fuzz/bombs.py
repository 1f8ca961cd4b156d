"""Files made by hand to fill the memory, to go round in circles or to go on for ever. `MAKERS` names them all."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from tests.generator import hostile


def _pdf(change: Callable[[Pdf], None], path: Path, pages: int = 1) -> None:
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=(595, 842))
        change(document)
        document.save(path, compress_streams=False)


def _shows(document: Pdf, picture: pikepdf.Object) -> None:
    name = document.pages[0].add_resource(picture, Name.XObject, Name.Im)
    document.pages[0].contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q".encode())


def _picture(document: Pdf, data: bytes, wide: int, high: int, **more: object) -> Stream:
    entries = {"Type": Name.XObject, "Subtype": Name.Image, "Width": wide, "Height": high, "BitsPerComponent": 8}
    return Stream(document, data, **{**entries, "ColorSpace": Name.DeviceGray, **more})


def _zeros(count: int) -> bytes:
    """So many zeros, packed (RFC 1950): the same block again and again, and the sum that they have."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (count >> 20) + b"\x03\x00" + struct.pack(">I", (count % 65521) << 16 | 1)


def flate_bomb(path: Path) -> None:
    """A small picture whose stream says 2 GB."""
    _pdf(lambda pdf: _shows(pdf, _picture(pdf, _zeros(1 << 31), 100, 100, Filter=Name.FlateDecode)), path)


def flate_bomb_in_a_bomb(path: Path) -> None:
    """The same, packed twice."""
    data = zlib.compress(_zeros(1 << 31), 9)
    _pdf(lambda pdf: _shows(pdf, _picture(pdf, data, 100, 100, Filter=Array([Name.FlateDecode, Name.FlateDecode]))), path)


def page_of_a_bomb(path: Path) -> None:
    """A page whose instructions are 2 GB."""
    _pdf(lambda pdf: setattr(pdf.pages[0], "Contents", Stream(pdf, _zeros(1 << 31), Filter=Name.FlateDecode)), path)


def packed_jpeg_bomb(path: Path) -> None:
    """A JPEG of the largest size there is, inside a stream that is packed too."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64)).save(buffer, "JPEG")
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65535, 65535)
    packed = Array([Name.FlateDecode, Name.DCTDecode])
    _pdf(lambda pdf: _shows(pdf, _picture(pdf, zlib.compress(bytes(data)), 64, 64, Filter=packed)), path)


def jpx_that_lies(path: Path) -> None:
    """JPEG 2000 of 60,000 by 60,000, said to be 100 by 100."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64)).save(buffer, "JPEG2000", no_jp2=True)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\x51")
    data[at + 6 : at + 14] = struct.pack(">II", 60_000, 60_000)
    _pdf(lambda pdf: _shows(pdf, _picture(pdf, bytes(data), 100, 100, Filter=Name.JPXDecode)), path)


def huge_jp2(path: Path) -> None:
    """A JPEG 2000 file that says it is gigapixels."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64)).save(buffer, "JPEG2000")
    data = bytearray(buffer.getvalue())
    for mark, offset in ((b"ihdr", 4), (b"\xff\x51", 6)):
        at = data.index(mark) + offset
        data[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    path.write_bytes(data)


def many_scans(path: Path) -> None:
    """A progressive JPEG that refines nothing thousands of times."""
    buffer = io.BytesIO()
    Image.new("RGB", (2000, 2000), "white").save(buffer, "JPEG", progressive=True)
    data = buffer.getvalue()
    scan = data[data.rindex(b"\xff\xda") : -2]
    path.write_bytes(data[:-2] + scan * 4000 + data[-2:])


def form_in_itself(path: Path) -> None:
    """A form XObject that paints itself twice."""

    def change(pdf: Pdf) -> None:
        form = pdf.make_indirect(Stream(pdf, b"/F Do /F Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842]))
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        _shows(pdf, form)

    _pdf(change, path)


def forms_that_double(path: Path) -> None:
    """Forty forms, each of which paints the next one twice."""

    def change(pdf: Pdf) -> None:
        picture = _picture(pdf, bytes(100), 10, 10)
        inner: pikepdf.Object = pdf.make_indirect(picture)
        for _ in range(40):
            resources = Dictionary(XObject=Dictionary(F=inner))
            box = {"BBox": [0, 0, 595, 842], "Resources": resources}
            inner = pdf.make_indirect(Stream(pdf, b"/F Do /F Do", Type=Name.XObject, Subtype=Name.Form, **box))
        _shows(pdf, inner)

    _pdf(change, path)


def deep_arrays(path: Path) -> None:
    """Arrays within arrays, fifty thousand deep."""
    _pdf(lambda pdf: setattr(pdf.Root, "Deep", Name.HERE), path)
    path.write_bytes(path.read_bytes().replace(b"/HERE", b"[" * 50_000 + b"]" * 50_000))


def deep_graphics_states(path: Path) -> None:
    """A page that saves its graphics state three million times."""
    _pdf(lambda pdf: setattr(pdf.pages[0], "Contents", Stream(pdf, b"q " * 3_000_000)), path)


def pages_in_a_ring(path: Path) -> None:
    """A tree of pages that is its own branch."""

    def change(pdf: Pdf) -> None:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)

    _pdf(change, path)


def length_of_itself(path: Path) -> None:
    """A stream whose length is a reference to the stream."""
    _pdf(lambda pdf: _shows(pdf, _picture(pdf, bytes(100), 10, 10)), path)
    data = path.read_bytes()
    at = data.index(b"/Subtype /Image")
    number = data[:at].rsplit(b" 0 obj", 1)[0].rsplit(b"\n", 1)[1]
    path.write_bytes(data.replace(b"/Length 100", b"/Length " + number + b" 0 R"))


def much_text(path: Path) -> None:
    """A page with two million letters."""

    def change(pdf: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[0].add_resource(font, Name.Font, Name.F1)
        pdf.pages[0].Contents = Stream(pdf, b"BT /F1 9 Tf " + b"1 0 Td (benh vien da khoa) Tj " * 100_000 + b"ET")

    _pdf(change, path)


def tiff_of_many(path: Path) -> None:
    """A directory whose table of strips has a million values, all the same."""
    _tiff(path, {256: (4, 1, 1000), 257: (4, 1, 1000), 273: (4, 1_000_000, 8), 279: (4, 1_000_000, 8)}, bytes(4_000_008))


def tiff_of_gigapixels(path: Path) -> None:
    """Group 4 of 60,000 by 60,000 in a few bytes."""
    _tiff(path, {256: (4, 1, 60_000), 257: (4, 1, 60_000), 259: (3, 1, 4), 262: (3, 1, 0), 273: (4, 1, 8), 279: (4, 1, 8)})


def tiff_at_the_limit(path: Path) -> None:
    """Group 4 of as many pixels as are taken, in a few bytes."""
    _tiff(path, {256: (4, 1, 10_900), 257: (4, 1, 10_900), 259: (3, 1, 4), 262: (3, 1, 0), 273: (4, 1, 8), 279: (4, 1, 8)})


def tiff_stretched(path: Path) -> None:
    """One row of pixels, and resolutions that make it as high as it is wide."""
    tags = {256: (3, 1, 10_000), 257: (3, 1, 10_000), 258: (3, 1, 1), 262: (3, 1, 0), 273: (4, 1, 8), 279: (4, 1, 64)}
    _tiff(path, {**tags, 282: (5, 1, 24), 283: (5, 1, 32)}, struct.pack("<4I", 0, 0, 1250, 1) + struct.pack("<2I", 25, 1))


def _tiff(path: Path, tags: dict[int, tuple[int, int, int]], values: bytes = bytes(64)) -> None:
    table = b"".join(struct.pack("<HHII", tag, *tags[tag]) for tag in sorted(tags))
    directory = struct.pack("<H", len(tags)) + table + bytes(4)
    path.write_bytes(struct.pack("<2sHI", b"II", 42, 8 + len(values)) + values + directory)


def many_pages(path: Path) -> None:
    """More sheets than are taken."""
    hostile.many_pages(path, 2001)


def png_of_too_much(path: Path) -> None:
    """A small picture with 2 GB of data for it."""
    path.write_bytes(_png(100, 100, _zeros(1 << 31)))


def png_at_the_limit(path: Path) -> None:
    """As many pixels as are taken, in a few kilobytes."""
    path.write_bytes(_png(10_900, 10_900, _zeros(120 << 20)))


def _png(wide: int, high: int, body: bytes) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


_OURS = (
    flate_bomb, flate_bomb_in_a_bomb, page_of_a_bomb, packed_jpeg_bomb, jpx_that_lies, huge_jp2, many_scans, form_in_itself,
    forms_that_double, deep_arrays, deep_graphics_states, pages_in_a_ring, length_of_itself, much_text, tiff_of_many,
    tiff_of_gigapixels, tiff_at_the_limit, tiff_stretched, many_pages, png_of_too_much, png_at_the_limit,
)  # fmt: skip
MAKERS: dict[str, Callable[[Path], object]] = {**hostile.MAKERS, **{maker.__name__: maker for maker in _OURS}}
