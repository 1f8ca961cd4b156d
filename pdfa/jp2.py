"""JPEG 2000 in its JP2 wrapping, passed on untouched where PDF/A-2 allows it (ISO 19005-2, 6.2.8.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pdfa.pictures import Colours, NotForPdf, Picture

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_ENUMERATED = 1
_SRGB, _GREY = 16, 17


def jp2_picture(data: bytes) -> Picture:
    """The file as it is. Raises NotForPdf unless it is 8-bit grey or sRGB, plainly declared, without palette or alpha."""
    if not data.startswith(_SIGNATURE):
        raise NotForPdf
    header = next((body for kind, body in _boxes(data) if kind == b"jp2h"), b"")
    boxes = list(_boxes(header))
    kinds = [kind for kind, _ in boxes]
    if kinds.count(b"ihdr") != 1 or kinds.count(b"colr") != 1 or {b"pclr", b"cdef", b"bpcc"} & set(kinds):
        raise NotForPdf
    sizes, colour = (dict(boxes)[kind] for kind in (b"ihdr", b"colr"))
    if len(sizes) < 14 or len(colour) < 7 or colour[0] != _ENUMERATED:
        raise NotForPdf
    height, width, channels, depth = struct.unpack(">IIHB", sizes[:11])
    if depth != 7 or (channels, int.from_bytes(colour[3:7], "big")) not in ((1, _GREY), (3, _SRGB)):
        raise NotForPdf
    return Picture(data, width, height, "JPXDecode", Colours(channels))


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each box (ISO 15444-1, annex I.4)."""
    at = 0
    while at + 8 <= len(data):
        length, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(data) - at
        if length < head:
            return
        yield kind, data[at + head : at + length]
        at += length
