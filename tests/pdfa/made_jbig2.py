"""JBIG2 as PDF embeds it (ITU-T T.88; ISO 32000-1, 7.4.7), made of what CCITT Group 4 coding of libtiff gives."""

from __future__ import annotations

import struct

import numpy as np
from PIL import Image

from tests.pdfa.made_tiff import strips_of

_PAGE, _PATTERNS, _HALFTONE, _GENERIC = 48, 16, 23, 38
_SIDE = 8


def generic(picture: Image.Image) -> bytes:
    """One region of the whole picture, coded as Group 4 (6.2.6)."""
    wide, high = picture.size
    region = struct.pack(">IIIIBB", wide, high, 0, 0, 0, 1) + _mmr(picture)
    return _page(picture.size) + _segment(2, _GENERIC, 1, region)


def halftone(picture: Image.Image) -> tuple[bytes, bytes]:
    """The picture as squares of a few pixels, each of which is one of a dictionary that stands outside: the picture's own part,
    and what it shares with others. Nothing of it can be shown without the dictionary (6.6, 6.7).
    """
    wide, high = (-(-side // _SIDE) * _SIDE for side in picture.size)
    ink = np.zeros((high, wide), bool)
    ink[: picture.height, : picture.width] = ~np.asarray(picture)
    squares = ink.reshape(high // _SIDE, _SIDE, wide // _SIDE, _SIDE).swapaxes(1, 2).reshape(-1, _SIDE * _SIDE)
    patterns, which = np.unique(squares, axis=0, return_inverse=True)
    strip = patterns.reshape(-1, _SIDE, _SIDE).swapaxes(0, 1).reshape(_SIDE, -1)
    head = struct.pack(">BBBI", 1, _SIDE, _SIDE, len(patterns) - 1)
    shared = _segment(0, _PATTERNS, 0, head + _mmr(Image.fromarray(~strip)))
    numbers = which.reshape(high // _SIDE, wide // _SIDE)
    bits = max(1, (len(patterns) - 1).bit_length())
    gray = numbers ^ (numbers >> 1)
    planes = [Image.fromarray((gray >> place & 1) == 0) for place in reversed(range(bits))]
    grid = struct.pack(">IIiiHH", wide // _SIDE, high // _SIDE, 0, 0, _SIDE << 8, 0)
    region = struct.pack(">IIIIBB", wide, high, 0, 0, 0, 1) + grid + b"".join(map(_mmr, planes))
    return _page(picture.size) + _segment(2, _HALFTONE, 1, region, refers=(0,)), shared


def _page(size: tuple[int, int]) -> bytes:
    return _segment(1, _PAGE, 1, struct.pack(">IIIIBH", *size, 0, 0, 0, 0))


def _segment(number: int, kind: int, page: int, body: bytes, refers: tuple[int, ...] = ()) -> bytes:
    """7.2."""
    return struct.pack(">IBB", number, kind, len(refers) << 5) + bytes(refers) + struct.pack(">BI", page, len(body)) + body


def _mmr(picture: Image.Image) -> bytes:
    """Black where the picture is, with the end that Group 4 has."""
    _, strips = strips_of(picture, picture.height, "group4", tiffinfo={262: 0})
    return strips[0]
