"""The directories of a TIFF file (TIFF 6.0, section 2) or a BigTIFF, read without decoding any picture."""

from __future__ import annotations

import functools
import struct
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

NEW_SUBFILE, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, FILL_ORDER = 254, 256, 257, 258, 259, 262, 266
STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS = 273, 274, 277, 278, 279
X_RESOLUTION, Y_RESOLUTION, T4_OPTIONS, UNIT, TILE_OFFSETS, TILE_COUNTS, JPEG_TABLES = 282, 283, 292, 296, 324, 325, 347
PLANAR, PREDICTOR, COLOR_MAP, EXTRA, FORMAT, OLD_JPEG, OLD_JPEG_LENGTH, ICC = 284, 317, 320, 338, 339, 513, 514, 34675
_EXIF = 34665

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8, 18: 8}
_MASK = 4
_CODES = {1: "B", 3: "H", 4: "I", 16: "Q", 18: "Q"}
_MOST_VALUES = 1_000_000
_MOST_DIRECTORIES = 100_000
_MOST_NOTED = 64


@dataclass(frozen=True, slots=True)
class _Layout:
    """How directories are written: byte order, the codes of a count of entries and of an offset, bytes of an entry."""

    order: str
    count: str = "H"
    offset: str = "I"
    entry: int = 12
    head: int = 8

    @property
    def field(self) -> int:
        """Bytes that stand in the entry itself."""
        return struct.calcsize(self.offset)


class NotTiff(ValueError):
    """A directory lies outside the file, or the chain of directories bites its tail."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One picture's tags: whole numbers as tuples, resolutions as floats, tables as bytes."""

    tags: dict[int, tuple[float, ...] | bytes]
    length: int = 0
    """Bytes that the directory and its longer values take up."""
    order: str = "<"
    """`<` where the least byte of a number comes first, else `>`."""

    def number(self, tag: int, default: int = 0) -> int:
        """The first value of a tag of whole numbers."""
        values = self.numbers(tag)
        return values[0] if values else default

    def numbers(self, tag: int) -> tuple[int, ...]:
        """All values of a tag of whole numbers."""
        value = self.tags.get(tag, ())
        return () if isinstance(value, bytes) else tuple(int(v) for v in value)

    def real(self, tag: int) -> float:
        """A resolution, 0 where there is none."""
        value = self.tags.get(tag, ())
        return float(value[0]) if value and not isinstance(value, bytes) else 0.0

    def table(self, tag: int) -> bytes:
        """Bytes of a tag of undefined type."""
        value = self.tags.get(tag, b"")
        return value if isinstance(value, bytes) else b""

    def is_page(self, largest: int) -> bool:
        """Not a thumbnail or a mask of another picture, as it says. `largest`: width of the file's widest picture; what is as
        wide, or looks like no mask, is taken for a page: one too many can be seen, one too few cannot.
        """
        kind = self.number(NEW_SUBFILE)
        is_thumbnail = bool(kind & 0b001) and 0 < self.number(WIDTH) < largest
        return not is_thumbnail and not (kind & 0b100 and self.number(PHOTOMETRIC) == _MASK)


def directories(path: Path) -> list[Directory]:
    """All directories in order. Raises NotTiff."""
    stat = path.stat()
    return _directories(path, stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(maxsize=1)
def _directories(path: Path, size: int, _time: int) -> list[Directory]:
    """Remembered for the file that was asked for last: its pages are often cut one by one."""
    with path.open("rb") as file:
        layout = _layout(file)
        offset = _first(file, layout)
        found: list[Directory] = []
        seen: set[int] = set()
        while offset:
            if offset in seen or offset + 2 > size or len(seen) > _MOST_DIRECTORIES:
                raise NotTiff
            seen.add(offset)
            directory, offset = _directory(file, offset, layout)
            found.append(directory)
    return found


def _layout(file: BinaryIO) -> _Layout:
    head = _at(file, 0, 4)
    order = "<" if head[:2] == b"II" else ">"
    return _Layout(order, "Q", "Q", 20, 16) if 43 in (head[2], head[3]) else _Layout(order)


def _first(file: BinaryIO, layout: _Layout) -> int:
    """Where the first directory stands."""
    return int(struct.unpack(layout.order + layout.offset, _at(file, layout.head - layout.field, layout.field))[0])


def noted(file: BinaryIO, wanted: Collection[int]) -> Directory:
    """What the first directory and its EXIF (EXIF 2.32, 4.6.3) say by tags of few values. Raises NotTiff, struct.error."""
    layout = _layout(file)
    first, _ = _directory(file, _first(file, layout), layout, {*wanted, _EXIF})
    inner = first.number(_EXIF)
    within = _directory(file, inner, layout, wanted)[0].tags if inner else {}
    return Directory({**first.tags, **within}, order=layout.order)


def all_inside(path: Path) -> bool:
    """Whether every directory and all picture data lie inside the file."""
    size = path.stat().st_size
    try:
        found = directories(path)
    except NotTiff:
        return False
    return bool(found) and all(start + count <= size for directory in found for start, count in pieces(directory))


def used(path: Path) -> int:
    """Bytes of the file that its directories, what they say and the pictures take up. Raises NotTiff."""
    found = directories(path)
    data = {piece for directory in found for piece in pieces(directory)}
    with path.open("rb") as file:
        head = _layout(file).head
    return head + sum(directory.length for directory in found) + sum(count for _, count in data)


def pieces(directory: Directory) -> list[tuple[int, int]]:
    """Offset and length of each strip or tile."""
    starts = directory.numbers(STRIP_OFFSETS) or directory.numbers(TILE_OFFSETS)
    counts = directory.numbers(STRIP_COUNTS) or directory.numbers(TILE_COUNTS)
    return list(zip(starts, counts, strict=False))


def _directory(
    file: BinaryIO, offset: int, layout: _Layout, wanted: Collection[int] | None = None
) -> tuple[Directory, int]:  # fmt: skip
    """A directory and where the next one stands. `wanted`: only these tags, and those of few values."""
    most = _MOST_VALUES if wanted is None else _MOST_NOTED
    order, wide = layout.order, struct.calcsize(layout.count)
    (count,) = struct.unpack(order + layout.count, _at(file, offset, wide))
    if count > _MOST_VALUES:
        raise NotTiff
    entries = _at(file, offset + wide, count * layout.entry + layout.field)
    tags: dict[int, tuple[float, ...] | bytes] = {}
    length = wide + len(entries)
    for start in range(0, count * layout.entry, layout.entry):
        tag, kind, values = struct.unpack_from(f"{order}HH{layout.offset}", entries, start)
        if kind in _SIZES and values <= most and (wanted is None or tag in wanted):
            behind = start + layout.entry - layout.field
            tags[tag] = _values(file, (kind, values), entries[behind : behind + layout.field], layout)
            length += _SIZES[kind] * values
    (following,) = struct.unpack(order + layout.offset, entries[-layout.field :])
    return Directory(tags, length, order), following


def _values(file: BinaryIO, of: tuple[int, int], field: bytes, layout: _Layout) -> tuple[float, ...] | bytes:
    (kind, count), order = of, layout.order
    length = _SIZES[kind] * count
    data = field[:length] if length <= len(field) else _at(file, struct.unpack(order + layout.offset, field)[0], length)
    if kind in _CODES:
        return struct.unpack(f"{order}{count}{_CODES[kind]}", data)
    if kind == 5:
        parts = struct.unpack(f"{order}{2 * count}I", data)
        return tuple(top / bottom if bottom else 0.0 for top, bottom in zip(parts[::2], parts[1::2], strict=True))
    return data


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    try:
        file.seek(offset)
    except (OSError, ValueError, OverflowError) as error:  # further than any file reaches
        raise NotTiff from error
    data = file.read(length)
    if len(data) < length:
        raise NotTiff
    return data
