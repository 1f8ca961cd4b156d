"""JPEG 2000 in its JP2 wrapping, passed on untouched where PDF/A-2 allows it (ISO 19005-2, 6.2.8.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pdfa.pictures import Colours, NotForPdf, Picture, usable_icc

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_ENUMERATED, _OWN = 1, b"\x02"
_CAPABILITIES = b"\xff\x50"
_SRGB, _GREY = 16, 17


def jp2_picture(data: bytes) -> Picture:
    """The file as it is. Raises NotForPdf unless it is grey, sRGB or of a profile of its own, plainly declared, of 8 or 16 bits,
    without palette or alpha, in the coding of part 1.
    """
    if not data.startswith(_SIGNATURE):
        raise NotForPdf
    all_boxes = list(boxes(data))
    header, stream = (next((body for kind, body in all_boxes if kind == name), b"") for name in (b"jp2h", b"jp2c"))
    inner = list(boxes(header))
    kinds = [kind for kind, _ in inner]
    if kinds.count(b"ihdr") != 1 or kinds.count(b"colr") != 1 or {b"pclr", b"cdef", b"bpcc"} & set(kinds):
        raise NotForPdf
    sizes, colour = (dict(inner)[kind] for kind in (b"ihdr", b"colr"))
    if len(sizes) < 14 or _is_of_high_throughput(stream):
        raise NotForPdf
    height, width, channels, depth = struct.unpack(">IIHB", sizes[:11])
    if depth not in (7, 15):
        raise NotForPdf
    return Picture(data, width, height, "JPXDecode", Colours(channels, _profile(colour, channels)), depth + 1)


def _profile(colour: bytes, channels: int) -> bytes | None:
    """None for grey and sRGB. Raises NotForPdf for anything else that is no usable profile (ISO 15444-1, I.5.3.3)."""
    if colour[:1] == _OWN and (profile := usable_icc(colour[3:], channels)) is not None:
        return profile
    if (
        len(colour) < 7
        or colour[0] != _ENUMERATED
        or (channels, int.from_bytes(colour[3:7], "big")) not in ((1, _GREY), (3, _SRGB))
    ):
        raise NotForPdf
    return None


def _is_of_high_throughput(stream: bytes) -> bool:
    """Whether the codestream says that it needs more than part 1 (ISO 15444-15, A.3)."""
    behind_the_sizes = 4 + int.from_bytes(stream[4:6], "big")
    return stream[behind_the_sizes : behind_the_sizes + 2] == _CAPABILITIES


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
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
