"""How many pictures a HEIF file names, by its own table of items (ISO/IEC 14496-12, 8.11; ISO 23008-12).

libheif passes over an item whose entry is damaged: a page would be lost in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_MOST = 8_000_000
"""Bytes of the table; those of a telephone have a few thousand."""
_HIDDEN = 1
_BESIDE = {b"thmb", b"auxl"}
"""References by which an item is no picture of its own: a thumbnail, a depth or alpha plane."""


def named(path: Path) -> int:
    """Pictures of their own that the file names; 0 where it has no such table, or one that cannot be followed."""
    try:
        tables = dict(_boxes(_meta(path)[4:]))
        items = _items(tables[b"iinf"])
        sized = _sized(dict(_boxes(tables[b"iprp"])))
        beside = set(_from_items(tables.get(b"iref", b"\0\0\0\0")))
    except (KeyError, IndexError, ValueError):
        return 0
    return len((items & sized) - beside)


def _meta(path: Path) -> bytes:
    with path.open("rb") as file:
        while head := file.read(8):
            size, kind = int.from_bytes(head[:4], "big"), head[4:]
            if size == 1:
                size = int.from_bytes(file.read(8), "big") - 8
            if kind == b"meta":
                if not 12 <= size <= _MOST:
                    raise ValueError("no table of that size")
                return file.read(size - 8)
            if size < 8:
                break
            file.seek(size - 8, 1)
    raise ValueError("no table of items")


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big") or len(data) - at
        if size < 8 or at + size > len(data):
            raise ValueError("a box is longer than what holds it")
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _items(table: bytes) -> set[int]:
    """Items that are not hidden (8.11.6)."""
    entries = [entry for kind, entry in _boxes(table[6 if table[0] == 0 else 8 :]) if kind == b"infe"]
    if len(entries) != int.from_bytes(table[4 : 6 if table[0] == 0 else 8], "big"):
        raise ValueError("items are missing")
    return {int.from_bytes(entry[4 : 8 if entry[0] > 2 else 6], "big") for entry in entries if not entry[3] & _HIDDEN}


def _sized(tables: dict[bytes, bytes]) -> set[int]:
    """Items that have a size in pixels (8.11.14)."""
    sizes = {number for number, (kind, _) in enumerate(_boxes(tables[b"ipco"]), start=1) if kind == b"ispe"}
    table = tables[b"ipma"]
    wide, long, at, found = 4 if table[0] else 2, 2 if table[3] & 1 else 1, 8, set()
    for _ in range(int.from_bytes(table[4:8], "big")):
        item, count = int.from_bytes(table[at : at + wide], "big"), table[at + wide]
        at += wide + 1
        parts = (table[place : place + long] for place in range(at, at + long * count, long))
        if any(int.from_bytes(part, "big") & _number(long) in sizes for part in parts):
            found.add(item)
        at += long * count
    return found


def _number(long: int) -> int:
    """The bits of an association that number a property: the first says whether it is essential."""
    return (1 << 8 * long - 1) - 1


def _from_items(table: bytes) -> Iterator[int]:
    """Items that stand beside another (8.11.12)."""
    for kind, entry in _boxes(table[4:]):
        if kind in _BESIDE:
            yield int.from_bytes(entry[: 4 if table[0] else 2], "big")
