"""The picture of a PDF page as the scanner coded it: as a file where there is one for its coding, else in a PDF of its own.

What goes on as a file: JPEG, Group 4 and JPEG 2000 in plain grey or RGB. What goes on in a PDF: everything else that PDF/A-2 can
show, with its colour space, its Decode array and, for JBIG2, the symbols that its pages share. Anything further is drawn.
"""

from __future__ import annotations

import io

import pikepdf
from PIL import Image

from ingest import jp2, jpeg_head, pdf_container, pdf_stream, sniff
from ingest.pdf_stream import CCITT, DCT, JBIG2, JPX, Coded
from ingest.tiff_single import Single, written

_MASKED = ("/Mask", "/SMask", "/ImageMask")
_MOST_PIXELS = 72_000_000
"""A3 at 600 dpi; what is larger than any sheet is drawn smaller."""
_G4 = 4
_ANY_DPI = 300
"""What a file of Group 4 states; the page says which it is."""


def taken_out(source: pikepdf.Pdf, stream: pikepdf.Stream) -> tuple[str, bytes] | None:
    """Media type and bytes; None where it has to be drawn. Raises the libraries' errors where it is damaged."""
    masked = any(stream.get(name, False) is not False for name in _MASKED) or int(stream.get("/SMaskInData", 0))
    if stream.get("/Subtype") != pikepdf.Name.Image or masked:
        return None
    size = int(stream.Width), int(stream.Height)
    if size[0] * size[1] > _MOST_PIXELS:
        return None
    part, space = pdf_stream.coded(stream), stream.get("/ColorSpace")
    count = pdf_stream.channels(space)
    if count is None and not (part.filter == JPX and space is None):
        return None
    if not _is_sound(part, size, count, int(stream.get("/BitsPerComponent", 8 if part.filter in (DCT, JPX) else 1))):
        return None
    if _is_plain(stream, count):
        as_file = _as_file(part, size)
        if as_file is not None:
            return as_file
    return sniff.PDF, pdf_container.of_picture(source, stream, part)


def _is_plain(stream: pikepdf.Stream, count: int | None) -> bool:
    space = stream.get("/ColorSpace")
    decode = [float(value) for value in stream.get("/Decode", [])]
    return (space is None or pdf_stream.is_plain(space)) and decode in ([], [0, 1] * (count or 1))


def _is_sound(part: Coded, size: tuple[int, int], count: int | None, bits: int) -> bool:
    """Whether the coded picture is the one that its dictionary tells of."""
    if part.filter == DCT:
        try:
            head = jpeg_head.read(part.data)
        except jpeg_head.NotJpeg:
            return False
        return (head.width, head.height) == size and head.channels == count and head.frame in jpeg_head.COMMON and head.bits == 8
    if part.filter == JPX:
        return _size_of(part.data) == size
    if part.filter == CCITT:
        return part.number("/Columns", 1728) == size[0] and bits == count == 1
    if part.filter == JBIG2:
        return bits == count == 1
    return pdf_stream.fills(part, size, bits, count or 1)


def _size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=["JPEG2000"]) as header:
        return header.size


def _as_file(part: Coded, size: tuple[int, int]) -> tuple[str, bytes] | None:
    if part.filter == DCT and "/ColorTransform" not in part.parms:
        return sniff.JPEG, jpeg_head.settled(part.data)
    if part.filter == JPX:
        boxed = part.data if part.data[4:8] == b"jP  " else jp2.boxed(part.data)
        return (sniff.JP2, boxed) if boxed is not None else None
    if part.filter == CCITT and part.number("/K", 0) < 0 and not part.parms.get("/EncodedByteAlign", False):
        ones_are_black = not part.parms.get("/BlackIs1", False)
        return sniff.TIFF, written(Single(*size, _G4, 0 if ones_are_black else 1, (part.data,), _ANY_DPI))
    return None
