"""A TIFF of one page around strips that stay byte for byte as they are (TIFF 6.0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ingest import tiff_tags as tags

_SHORT, _LONG, _RATIO, _BYTES = 3, 4, 5, 7
_CODES = {_SHORT: "H", _LONG: "I", _RATIO: "I", _BYTES: "B"}
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Single:
    """What is said of the one page; names are those of the tags. `options` are T.4's, `order` that of `tiff_tags.Directory`."""

    width: int
    height: int
    compression: int
    photometric: int
    strips: tuple[bytes, ...]
    dpi: float
    bits: int = 1
    samples: int = 1
    fill_order: int = 1
    rows_per_strip: int = 0
    options: int = 0
    predictor: int = 1
    colour_map: tuple[int, ...] = ()
    icc: bytes = b""
    order: str = "<"


def written(page: Single) -> bytes:
    """The file."""
    head = 8
    ends = [head]
    for strip in page.strips:
        ends.append(ends[-1] + len(strip))
    entries = [
        (tags.WIDTH, _LONG, (page.width,)),
        (tags.HEIGHT, _LONG, (page.height,)),
        (tags.BITS, _SHORT, (page.bits,) * page.samples),
        (tags.COMPRESSION, _SHORT, (page.compression,)),
        (tags.PHOTOMETRIC, _SHORT, (page.photometric,)),
        (tags.FILL_ORDER, _SHORT, (page.fill_order,)),
        (tags.STRIP_OFFSETS, _LONG, tuple(ends[:-1])),
        (tags.SAMPLES, _SHORT, (page.samples,)),
        (tags.ROWS_PER_STRIP, _LONG, (page.rows_per_strip or page.height,)),
        (tags.STRIP_COUNTS, _LONG, tuple(len(strip) for strip in page.strips)),
        (tags.X_RESOLUTION, _RATIO, (round(page.dpi * _HUNDREDTHS), _HUNDREDTHS)),
        (tags.Y_RESOLUTION, _RATIO, (round(page.dpi * _HUNDREDTHS), _HUNDREDTHS)),
        (tags.T4_OPTIONS, _LONG, (page.options,) if page.options else ()),
        (tags.UNIT, _SHORT, (2,)),
        (tags.PREDICTOR, _SHORT, (page.predictor,) if page.predictor != 1 else ()),
        (tags.COLOR_MAP, _SHORT, page.colour_map),
        (tags.ICC, _BYTES, tuple(page.icc)),
    ]
    body = b"".join(page.strips)
    body += b"\0" * (len(body) % 2)
    mark = b"II" if page.order == "<" else b"MM"
    start = head + len(body)
    return struct.pack(f"{page.order}2sHI", mark, 42, start) + body + _directory([e for e in entries if e[2]], start, page.order)


def _directory(entries: list[tuple[int, int, tuple[int, ...]]], start: int, order: str) -> bytes:
    """A directory that stands at `start`, with its longer values behind it."""
    table, values = struct.pack(f"{order}H", len(entries)), b""
    behind = start + 2 + 12 * len(entries) + 4
    for tag, kind, numbers in entries:
        packed = struct.pack(f"{order}{len(numbers)}{_CODES[kind]}", *numbers)
        count = len(numbers) // 2 if kind == _RATIO else len(numbers)
        if len(packed) > 4:
            field, values = struct.pack(f"{order}I", behind + len(values)), values + packed + b"\0" * (len(packed) % 2)
        else:
            field = packed.ljust(4, b"\0")
        table += struct.pack(f"{order}HHI", tag, kind, count) + field
    return table + struct.pack(f"{order}I", 0) + values
