"""Pictures in JPEG 2000 inside a PDF, as PDF/A allows them (ISO 19005-2, 6.2.8.3)."""

from __future__ import annotations

import struct

from pikepdf import Array, Name, Object, Pdf, PdfError, Stream

from pdfa.jp2 import boxes

_CODESTREAM = b"\xff\x4f\xff\x51"
_CHANNELS = {1, 3, 4}
_GREY, _SRGB, _CMYK = 17, 16, 12
_SPACES = {_CMYK, _SRGB, _GREY, 18, 14, 15, 20, 24}
"""Enumerated colour spaces of JPX but CIEJab (ISO 15444-2, M.11.7.3.2)."""
_DEEPEST = 38


def settle_pictures(pdf: Pdf) -> None:
    """A bare codestream gets the boxes that say what it holds; the picture stays as it is."""
    for picture in pictures(pdf):
        data = _data(picture)
        if data.startswith(_CODESTREAM):
            boxed = _boxed(data)
            if boxed:
                picture.write(boxed, filter=Name.JPXDecode)


def pictures(pdf: Pdf) -> list[Stream]:
    """All of the file's that are coded so."""
    return [item for item in pdf.objects if isinstance(item, Stream) and _is_jpx(item)]


def is_allowed(picture: Object) -> bool:
    """Whether channels, colours and depths are what PDF/A allows."""
    told = _boxes(_data(picture))
    head = told.get(b"ihdr", [b""])[0]
    if len(head) < 14:
        return False
    channels, depth = struct.unpack(">HB", head[8:11])
    colours = told.get(b"colr", [])
    known = [colour for colour in colours if _is_known(colour)]
    best = [colour for colour in colours if colour[2:3] == b"\x01"]
    is_one = len(colours) == 1 or (len(colours) > 1 and len(best) == 1)
    return channels in _CHANNELS and depth & 127 < _DEEPEST and is_one and len(known) == len(colours)


def _is_known(colour: bytes) -> bool:
    if colour[:1] == b"\x01" and len(colour) >= 7:
        return int(struct.unpack(">I", colour[3:7])[0]) in _SPACES
    return colour[:1] in (b"\x02", b"\x03")


def _is_jpx(item: Stream) -> bool:
    filters = item.get(Name.Filter)
    last = filters[-1] if isinstance(filters, Array) and len(filters) else filters
    return last == Name.JPXDecode


def _data(picture: Object) -> bytes:
    try:
        return picture.read_raw_bytes() if isinstance(picture.get(Name.Filter), Name) else b""
    except PdfError:
        return b""


def _boxes(data: bytes) -> dict[bytes, list[bytes]]:
    """What the boxes before the codestream hold, by type (ISO 15444-1, I.4)."""
    found: dict[bytes, list[bytes]] = {}
    for kind, body in boxes(data):
        if kind == b"jp2c":
            break
        for name, held in boxes(body) if kind == b"jp2h" else ((kind, body),):
            found.setdefault(name, []).append(held)
    return found


def _boxed(codestream: bytes) -> bytes | None:
    """The same in a JP2 file; None where it is of colours that nobody says (ISO 15444-1, A.5.1)."""
    right, down, left, top = struct.unpack(">4I", codestream[8:24])
    channels = int.from_bytes(codestream[40:42], "big")
    space = {1: _GREY, 3: _SRGB, 4: _CMYK}.get(channels)
    if space is None:
        return None
    head = _box(b"ihdr", struct.pack(">IIHBBBB", down - top, right - left, channels, codestream[42], 7, 0, 0))
    colour = _box(b"colr", struct.pack(">BBBI", 1, 0, 0, space))
    signature = _box(b"jP  ", b"\r\n\x87\n") + _box(b"ftyp", b"jp2 " + bytes(4) + b"jp2 ")
    return signature + _box(b"jp2h", head + colour) + _box(b"jp2c", codestream)


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(data), kind) + data
