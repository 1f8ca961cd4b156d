"""A TIFF page in CCITT Group 4, taken out of its wrapping untouched (ISO 32000-1, 7.4.6)."""

from __future__ import annotations

import struct

from pdfa.pictures import Colours, NotForPdf, Picture

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 259, 262, 266
_OFFSETS, _COUNTS, _OPTIONS = 273, 279, 293
_GROUP_4 = 4
_SIZES = {1: 1, 3: 2, 4: 4}
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def ccitt_picture(data: bytes) -> Picture:
    """The one strip as it is. Raises NotForPdf for other compressions, several strips, and what is no TIFF."""
    tags = _first_directory(data)
    if tags.get(_COMPRESSION) != [_GROUP_4] or len(tags.get(_OFFSETS, [])) != 1 or tags.get(_OPTIONS, [0]) != [0]:
        raise NotForPdf
    start, length = tags[_OFFSETS][0], tags.get(_COUNTS, [len(data)])[0]
    strip = data[start : start + length]
    if tags.get(_FILL_ORDER) == [2]:
        strip = strip.translate(_MIRRORED)
    width, height = tags[_WIDTH][0], tags[_HEIGHT][0]
    ones_are_white = tags.get(_PHOTOMETRIC) == [1]
    parms: dict[str, int | bool] = {"K": -1, "Columns": width, "Rows": height, "BlackIs1": ones_are_white}
    return Picture(strip, width, height, "CCITTFaxDecode", Colours(1), 1, parms)


def _first_directory(data: bytes) -> dict[int, list[int]]:
    """The whole-number tags of the first page (TIFF 6.0, section 2)."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise NotForPdf
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, at)
        entries = [struct.unpack_from(order + "HHI4s", data, at + 2 + 12 * i) for i in range(count)]
        tags = {tag: _values(data, order, kind, number, raw) for tag, kind, number, raw in entries if kind in _SIZES}
    except struct.error as error:
        raise NotForPdf from error
    if _WIDTH not in tags or _HEIGHT not in tags:
        raise NotForPdf
    return tags


def _values(data: bytes, order: str, kind: int, number: int, raw: bytes) -> list[int]:
    letter = {1: "B", 3: "H", 4: "I"}[kind]
    if number * _SIZES[kind] <= 4:
        return list(struct.unpack_from(f"{order}{number}{letter}", raw))
    (at,) = struct.unpack(order + "I", raw)
    return list(struct.unpack_from(f"{order}{number}{letter}", data, at))
