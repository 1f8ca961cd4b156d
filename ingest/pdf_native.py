"""The pictures of a PDF page as the scanner coded them: as a file where there is one for the coding, else in a PDF of their own.

What goes on
1. As a file: JPEG, Group 4 and JPEG 2000 in plain grey or RGB that fill a page.
2. In a PDF: every other coding and colour space that PDF/A-2 can show, with its Decode array and, for JBIG2, the symbols that
   pages share; and the strips, stencils and masks of a page that is made of several pictures.
Anything further is drawn.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace

import pikepdf
from pikepdf import Name, Stream
from PIL import Image

from ingest import jp2, jpeg_head, pdf_stream, sniff
from ingest.pdf_container import Part, contained
from ingest.pdf_stream import CCITT, DCT, JBIG2, JPX, Coded
from ingest.placement import Laid, are_stacked
from ingest.tiff_single import Single, written

_MASKS = ("/Mask", "/SMask")
_MOST_PIXELS = 72_000_000
"""A3 at 600 dpi; what is larger than any sheet is drawn smaller."""
_FINEST, _COARSEST = 600.0, 100.0
"""Resolutions (dpi) at which a page of several pictures is looked at; each of them keeps its own."""
_G4 = 4
_ANY_DPI = 300
"""What a file of Group 4 states; the page says which it is."""


def taken_out(source: pikepdf.Pdf, stream: Stream) -> tuple[str, bytes] | None:
    """Media type and bytes of a picture that fills its page; None where it has to be drawn. Raises the libraries' errors where it
    is damaged.
    """
    part = _part(stream)
    if part is None:
        return None
    size, count = _size(stream), pdf_stream.channels(stream.get("/ColorSpace"))
    if _is_stencil(stream) or any(name in stream for name in _MASKS):
        return None
    if _is_plain(stream, count):
        as_file = _as_file(part, size)
        if as_file is not None:
            return as_file
    return sniff.PDF, contained(source, size, [Part(stream, part, (0, 0, *size))])


def put_together(source: pikepdf.Pdf, laid: Laid) -> tuple[str, bytes, tuple[int, int], float] | None:
    """Of pictures that make a page: media type and bytes, width and height in pixels, and the resolution (dpi) at which these are
    meant: that of the finest. None where one of them has to be drawn. Raises as `taken_out` does.
    """
    joined = _joined(laid)
    if joined is not None:
        return joined
    left, bottom, right, top = laid.visible
    fine = max(laid.inch * _size(each.stream)[0] / each.matrix[0] for each in laid.pictures)
    most = math.sqrt(_MOST_PIXELS * laid.inch**2 / max((right - left) * (top - bottom), 1.0))
    dpi = min(max(fine, _COARSEST), _FINEST, most)
    scale = dpi / laid.inch
    size = max(1, round((right - left) * scale)), max(1, round((top - bottom) * scale))
    parts = _laid_parts(laid, scale)
    return (sniff.PDF, contained(source, size, parts), size, dpi) if parts else None


def _joined(laid: Laid) -> tuple[str, bytes, tuple[int, int], float] | None:
    """Strips of JPEG, one below the other, as one JPEG: viewers show seams between pictures."""
    strips = sorted(laid.pictures, key=lambda each: -each.matrix[5])
    if len(strips) < 2 or not are_stacked(strips, laid.visible):
        return None
    datas = []
    for each in strips:
        part, count = _part(each.stream), pdf_stream.channels(each.stream.get("/ColorSpace"))
        is_masked = _is_stencil(each.stream) or any(name in each.stream for name in _MASKS)
        if (
            part is None
            or part.filter != DCT
            or is_masked
            or "/ColorTransform" in part.parms
            or not _is_plain(each.stream, count)
        ):
            return None
        datas.append(part.data)
    try:
        whole = jpeg_head.settled(jpeg_head.joined(datas))
    except jpeg_head.NotJpeg:
        return None
    wide, high = _size(strips[0].stream)[0], sum(_size(each.stream)[1] for each in strips)
    return sniff.JPEG, whole, (wide, high), laid.inch * wide / strips[0].matrix[0]


def _laid_parts(laid: Laid, scale: float) -> list[Part] | None:
    """The pictures of a page at `scale` pixels a unit; each is read once, however often it is painted."""
    known: dict[tuple[int, int], Part | None] = {}
    parts = []
    for painted in laid.pictures:
        stream, (a, _, _, d, e, f) = painted.stream, painted.matrix
        if stream.objgen not in known:
            known[stream.objgen] = _masked_part(stream)
        part = known[stream.objgen]
        if part is None or (_is_stencil(stream) and painted.ink is None):
            return None
        place = (e - laid.visible[0]) * scale, (f - laid.visible[1]) * scale, a * scale, d * scale
        parts.append(replace(part, place=place, ink=painted.ink if _is_stencil(stream) else None))
    return parts


def _masked_part(stream: Stream) -> Part | None:
    """A picture with its mask, standing nowhere yet."""
    coded = _part(stream)
    if coded is None:
        return None
    mask = None
    for name in _MASKS:
        if (over := stream.get(name)) is not None:
            inner = _part(over) if isinstance(over, Stream) and "/Matte" not in over else None
            if not isinstance(over, Stream) or inner is None:
                return None
            if (name == "/Mask") is not _is_stencil(over):
                return None
            mask = (name, over, inner)
    return Part(stream, coded, (0, 0, 0, 0), mask)


def _part(stream: Stream) -> Coded | None:
    """A picture's coding, if PDF/A-2 can show it and it is whole."""
    size = _size(stream)
    if stream.get("/Subtype") != Name.Image or size[0] * size[1] > _MOST_PIXELS or int(stream.get("/SMaskInData", 0)):
        return None
    part, space = pdf_stream.coded(stream), stream.get("/ColorSpace")
    count = 1 if _is_stencil(stream) else pdf_stream.channels(space)
    if part is None or (count is None and not (part.filter == JPX and space is None)):
        return None
    bits = 1 if _is_stencil(stream) else int(stream.get("/BitsPerComponent", 8 if part.filter in (DCT, JPX) else 1))
    return part if _is_sound(part, size, count, bits) else None


def _size(stream: Stream) -> tuple[int, int]:
    return int(stream.get("/Width", 0)), int(stream.get("/Height", 0))


def _is_stencil(stream: Stream) -> bool:
    return stream.get("/ImageMask", False) is True


def _is_plain(stream: Stream, count: int | None) -> bool:
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
        with Image.open(io.BytesIO(part.data), formats=["JPEG2000"]) as header:
            return header.size == size
    if part.filter == CCITT:
        return part.number("/Columns", 1728) == size[0] and bits == count == 1
    if part.filter == JBIG2:
        return bits == count == 1
    return pdf_stream.fills(part, size, bits, count or 1)


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
