"""TIFF files of kinds that Pillow does not write: tiles, the older kind of JPEG, strips in the open."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, TiffImagePlugin

_CODES = {3: "H", 4: "I", 5: "I", 7: "B"}
Entries = dict[int, tuple[int, tuple[int, ...]]]


def tiff(path: Path, entries: Entries, parts: list[bytes], *, tiles: bool = False, order: str = "<") -> Path:
    """One page of `parts`: `entries` are type and values by tag; where the parts lie is added."""
    starts, body = [], b""
    for part in parts:
        starts.append(8 + len(body))
        body += part + b"\0" * (len(part) % 2)
    where, lengths = (324, 325) if tiles else (273, 279)
    entries = {where: (4, tuple(starts)), lengths: (4, tuple(map(len, parts))), **entries}
    table, values = b"", b""
    start = 8 + len(body)
    behind = start + 2 + 12 * len(entries) + 4
    for tag in sorted(entries):
        kind, numbers = entries[tag]
        packed = struct.pack(f"{order}{len(numbers)}{_CODES[kind]}", *numbers)
        field = packed.ljust(4, b"\0") if len(packed) <= 4 else struct.pack(f"{order}I", behind + len(values))
        values += packed + b"\0" * (len(packed) % 2) if len(packed) > 4 else b""
        table += struct.pack(f"{order}HHI", tag, kind, len(numbers) // 2 if kind == 5 else len(numbers)) + field
    mark = b"II" if order == "<" else b"MM"
    directory = struct.pack(f"{order}H", len(entries)) + table + bytes(4) + values
    path.write_bytes(mark + struct.pack(f"{order}HI", 42, start) + body + directory)
    return path


def plain(picture: Image.Image, dpi: int) -> Entries:
    """What every page says: size, eight bits a channel, grey or RGB, resolution."""
    count = len(picture.getbands())
    return {
        256: (4, (picture.width,)), 257: (4, (picture.height,)), 258: (3, (8,) * count), 259: (3, (1,)),
        262: (3, (2 if count == 3 else 1,)), 277: (3, (count,)), 282: (5, (dpi, 1)), 283: (5, (dpi, 1)), 296: (3, (2,)),
    }  # fmt: skip


def tiled(path: Path, picture: Image.Image, dpi: int, side: int = 256) -> Path:
    """In deflated tiles."""
    wide, high = -(-picture.width // side), -(-picture.height // side)
    parts = [
        zlib.compress(picture.crop((side * x, side * y, side * x + side, side * y + side)).tobytes())
        for y in range(high)
        for x in range(wide)
    ]
    entries = {**plain(picture, dpi), 259: (3, (8,)), 322: (4, (side,)), 323: (4, (side,))}
    return tiff(path, entries, parts, tiles=True)


def deflated(path: Path, samples: np.ndarray, dpi: int, *, bits: int, **tags: tuple[int, tuple[int, ...]]) -> Path:
    """In one deflated strip, the most significant byte first; `tags` by number after an underscore."""
    picture = Image.new("RGB" if samples.ndim == 3 else "L", samples.shape[1::-1])
    data = np.packbits(samples, axis=1) if bits == 1 else samples.astype(">u2" if bits == 16 else np.uint8)
    count = len(picture.getbands())
    more = {int(name[1:]): value for name, value in tags.items()}
    entries = {**plain(picture, dpi), 258: (3, (bits,) * count), 259: (3, (8,)), 278: (4, (picture.height,)), **more}
    return tiff(path, entries, [zlib.compress(data.tobytes())], order=">")


def old_jpeg(path: Path, data: bytes, picture: Image.Image, dpi: int) -> Path:
    """A whole JPEG, as fax servers of the nineties put it into TIFF (TIFF 6.0, section 22)."""
    entries = {**plain(picture, dpi), 259: (3, (6,)), 262: (3, (6,)), 512: (3, (1,)), 513: (4, (8,)), 514: (4, (len(data),))}
    return tiff(path, entries, [data])


def strips_of(picture: Image.Image, rows: int, compression: str, **options: Any) -> tuple[dict[int, Any], list[bytes]]:
    """The strips that libtiff makes, and the tags of their page."""
    out = BytesIO()
    picture.save(out, "TIFF", compression=compression, tiffinfo={278: rows, **options.pop("tiffinfo", {})}, **options)
    out.seek(0)
    with TiffImagePlugin.TiffImageFile(out) as written:
        tags = dict(written.tag_v2)
    data = out.getvalue()
    return tags, [data[start : start + length] for start, length in zip(tags[273], tags[279], strict=True)]
