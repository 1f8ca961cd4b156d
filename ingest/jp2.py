"""The boxes of JPEG 2000 files (ISO 15444-1, annex I) around a codestream that stays as it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_START, _SIZE, _CAPABILITIES = b"\xff\x4f", b"\xff\x51", b"\xff\x50"
_SRGB, _GREY = 16, 17


@dataclass(frozen=True, slots=True)
class _Codestream:
    width: int
    height: int
    channels: int
    depth: int


def boxed(codestream: bytes) -> bytes | None:
    """A file of a bare codestream, grey or sRGB; None where it is not of one or three channels of the same depth and size, or of
    high throughput (ISO 15444-15), which no PDF may hold.
    """
    found = _read(codestream)
    if found is None or found.channels not in (1, 3):
        return None
    colour = struct.pack(">BBBI", 1, 0, 0, _GREY if found.channels == 1 else _SRGB)
    sizes = struct.pack(">IIHBBBB", found.height, found.width, found.channels, found.depth, 7, 0, 0)
    header = _box(b"jp2h", _box(b"ihdr", sizes) + _box(b"colr", colour))
    return _SIGNATURE + _box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + header + _box(b"jp2c", codestream)


def _read(codestream: bytes) -> _Codestream | None:
    """From the header's first segment (A.5.1)."""
    if codestream[:4] != _START + _SIZE or len(codestream) < 41:
        return None
    right, bottom, left, top = struct.unpack(">4I", codestream[8:24])
    (channels,) = struct.unpack(">H", codestream[40:42])
    parts = {codestream[42 + 3 * n : 45 + 3 * n] for n in range(channels)}
    end = 4 + int.from_bytes(codestream[4:6], "big")
    if len(parts) != 1 or codestream[end : end + 2] == _CAPABILITIES:
        return None
    depth, across, down = next(iter(parts)).ljust(3, b"\0")
    if (across, down) != (1, 1) or depth & 0x80 or right <= left or bottom <= top:
        return None
    return _Codestream(right - left, bottom - top, channels, depth)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body
