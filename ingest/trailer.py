"""Has the whole file arrived? Looks only at where each kind of file says that it ends; a copy under way fails here."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from pathlib import Path

from ingest import jpeg_head, sniff, tiff_tags

_TAIL = 4096
"""Telephones and scanners append a little of their own after the end of a picture."""
_EOI = b"\xff\xd9"
"""The end of a JPEG, and of a codestream of JPEG 2000. In what is coded of a JPEG it never occurs (ITU-T T.81, B.1.1.5)."""
_BOX = 8
"""Bytes of the shortest box."""


def looks_complete(path: Path) -> bool:
    """Whether the end that its kind of file must have is there. A kind that is not read is taken as complete; empty is not."""
    if path.stat().st_size == 0:
        return False
    check = _CHECKS.get(sniff.media_type(path) or "")
    return check is None or check(path)


def _ends_with(mark: bytes) -> Callable[[Path], bool]:
    def check(path: Path) -> bool:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL), os.SEEK_SET)
            return mark in file.read()

    return check


def _jpeg(path: Path) -> bool:
    """Telephones put a film or a second picture behind the first: of a whole picture, no end of one comes before its first scan,
    and one does after it.
    """
    if _ends_with(_EOI)(path):
        return True
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            scan = max(after for _, _, after in jpeg_head.markers(data))
        except (jpeg_head.NotJpeg, ValueError):
            return False
        return data.find(_EOI, scan) >= 0


def _tiff(path: Path) -> bool:
    return tiff_tags.all_inside(path)


def _bitmap(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(14)
    return path.stat().st_size >= int.from_bytes(head[2:6], "little")


def _boxes(path: Path) -> bool:
    """Whether the last of its boxes ends where the file does, or before (ISO 14496-12, 4.2)."""
    size, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at + _BOX <= size:
            file.seek(at)
            head = file.read(2 * _BOX)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length == 0:
                return True
            if length < _BOX:
                return not any(head)  # some pad the file with zeros
            at += length
    return at <= size


def _webp(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(8)
    return path.stat().st_size >= int.from_bytes(head[4:8], "little") + 8


_CHECKS: dict[str, Callable[[Path], bool]] = {
    sniff.PDF: _ends_with(b"%%EOF"),
    sniff.JPEG: _jpeg,
    sniff.PNG: _ends_with(b"IEND\xaeB`\x82"),
    sniff.TIFF: _tiff,
    sniff.WEBP: _webp,
    sniff.JP2: lambda path: _boxes(path) and _ends_with(_EOI)(path),
    sniff.J2C: _ends_with(_EOI),
    sniff.HEIC: _boxes,
    sniff.AVIF: _boxes,
    sniff.BMP: _bitmap,
}
