"""A TIFF of one page and one strip, taken out of its wrapping untouched: CCITT (ISO 32000-1, 7.4.6) or Deflate (7.4.4)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from pdfa.pictures import Colours, NotForPdf, Picture, usable_icc

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _SAMPLES = 256, 257, 258, 259, 262, 266, 277
_OFFSETS, _COUNTS, _T4_OPTIONS, _T6_OPTIONS, _PREDICTOR, _COLOUR_MAP, _ICC = 273, 279, 292, 293, 317, 320, 34675
_RLE, _G3, _G4 = 2, 3, 4
_DEFLATE = (8, 32946)
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE = 0, 1, 2, 3
_TWO_DIMENSIONS = 1
_SIZES = {1: 1, 3: 2, 4: 4, 7: 1}
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class _Page:
    tags: dict[int, list[int]]
    order: str
    strip: bytes = field(default=b"")

    def first(self, tag: int, default: int) -> int:
        """Its first value."""
        return (self.tags.get(tag) or [default])[0]


def tiff_picture(data: bytes) -> Picture:
    """The one strip as it is. Raises NotForPdf for other compressions, several strips, and what is no TIFF."""
    page = _first_page(data)
    compression = page.first(_COMPRESSION, 1)
    if compression in _DEFLATE:
        return _packed(page)
    if compression not in (_RLE, _G3, _G4) or page.first(_T6_OPTIONS, 0):
        raise NotForPdf
    wide, high = page.first(_WIDTH, 0), page.first(_HEIGHT, 0)
    ones_are_white = page.first(_PHOTOMETRIC, 0) == _BLACK_IS_ZERO
    strip = page.strip.translate(_MIRRORED) if page.first(_FILL_ORDER, 1) == 2 else page.strip
    parms = {**_facsimile(page, compression), "Columns": wide, "Rows": high, "BlackIs1": ones_are_white}
    return Picture(strip, wide, high, "CCITTFaxDecode", Colours(1), 1, parms)


def _facsimile(page: _Page, compression: int) -> dict[str, int | bool]:
    """Which of the codings it is (TIFF 6.0, sections 10 and 11): Group 3 in TIFF ends each row, and has no end of its own."""
    if compression == _G4:
        return {"K": -1}
    if compression == _RLE:
        return {"K": 0, "EncodedByteAlign": True, "EndOfBlock": False}
    return {"K": page.first(_T4_OPTIONS, 0) & _TWO_DIMENSIONS, "EndOfLine": True, "EndOfBlock": False}


def _packed(page: _Page) -> Picture:
    bits, count, photometric = page.first(_BITS, 1), page.first(_SAMPLES, 1), page.first(_PHOTOMETRIC, _BLACK_IS_ZERO)
    wide, high, predictor = page.first(_WIDTH, 0), page.first(_HEIGHT, 0), page.first(_PREDICTOR, 1)
    if (photometric, count) not in ((_WHITE_IS_ZERO, 1), (_BLACK_IS_ZERO, 1), (_RGB, 3), (_PALETTE, 1)) or predictor not in (
        1,
        2,
    ):
        raise NotForPdf
    if bits not in (1, 2, 4, 8, 16) or (bits == 16 and page.order == "<") or page.first(_FILL_ORDER, 1) != 1:
        raise NotForPdf
    parms: dict[str, int | bool] = {}
    if predictor == 2:
        parms = {"Predictor": 2, "Colors": count, "BitsPerComponent": bits, "Columns": wide}
    decode = (1.0, 0.0) if photometric == _WHITE_IS_ZERO else ()
    channels = 1 if photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO) else 3
    profile = usable_icc(bytes(page.tags.get(_ICC, [])) or None, channels)
    palette = _palette(page, bits) if photometric == _PALETTE else None
    return Picture(page.strip, wide, high, "FlateDecode", Colours(channels, profile, palette), bits, parms, decode)


def _palette(page: _Page, bits: int) -> bytes:
    """All reds, all greens, all blues of sixteen bits become triples of eight (TIFF 6.0, section 5), as for every reader."""
    numbers, count = page.tags.get(_COLOUR_MAP, []), 1 << bits
    if len(numbers) != 3 * count:
        raise NotForPdf
    return bytes(numbers[place + channel * count] >> 8 for place in range(count) for channel in range(3))


def _first_page(data: bytes) -> _Page:
    """Its whole-number tags (TIFF 6.0, section 2) and its strip."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise NotForPdf
    try:
        (at,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, at)
        entries = [struct.unpack_from(order + "HHI4s", data, at + 2 + 12 * i) for i in range(count)]
        tags = {tag: _values(data, order, (kind, number), raw) for tag, kind, number, raw in entries if kind in _SIZES}
    except struct.error as error:
        raise NotForPdf from error
    if _WIDTH not in tags or _HEIGHT not in tags or len(tags.get(_OFFSETS, [])) != 1:
        raise NotForPdf
    start, length = tags[_OFFSETS][0], tags.get(_COUNTS, [len(data)])[0]
    return _Page(tags, order, data[start : start + length])


def _values(data: bytes, order: str, of: tuple[int, int], raw: bytes) -> list[int]:
    kind, number = of
    letter = {1: "B", 3: "H", 4: "I", 7: "B"}[kind]
    if number * _SIZES[kind] <= 4:
        return list(struct.unpack_from(f"{order}{number}{letter}", raw))
    (at,) = struct.unpack(order + "I", raw)
    return list(struct.unpack_from(f"{order}{number}{letter}", data, at))
