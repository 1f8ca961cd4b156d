"""The EXIF or XMP that a picture's file carries, as it stands there. No pixel is decoded; what is large is passed over.

Where it stands: JPEG, marker APP1 (EXIF 2.32, 4.7.2); PNG, chunk `eXIf`; WebP, chunk `EXIF`; JPEG 2000, boxes `uuid`; HEIC and
AVIF, an item that libheif and Pillow find. A TIFF is its own EXIF (`tiff_tags.noted`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from ingest import heif, jpeg_head, sniff

MOST = 1 << 20
"""Bytes that are read of it, and of the beginning of a JPEG."""
_MOST_PARTS = 100_000
_APP1 = 0xE1
_LEADING = b"Exif\0\0"
_UUIDS = (b"JpgTiffExif->JP2", bytes.fromhex("be7acfcb97a942e89c71999491e3afac"))
"""Of a box with EXIF, and of one with XMP (XMP specification, part 3, 1.1.4)."""

_Head = Callable[[bytes], tuple[bytes, int, int]]
"""From the 16 bytes at which a part begins: its name, the length of its content, and how far that is to the next part."""


def carried(path: Path, kind: str) -> Iterator[bytes]:
    """Each that there is, from its first byte on. Raises what `pictures.DAMAGED` lists, NotJpeg among it."""
    for found in _found(path, kind):
        yield found.removeprefix(_LEADING)


def _found(path: Path, kind: str) -> Iterator[bytes]:
    if kind == sniff.JPEG:
        yield from _of_jpeg(path)
    elif kind == sniff.PNG:
        yield from _parts(path, 8, _png, b"eXIf")
    elif kind == sniff.WEBP:
        yield from _parts(path, 12, _webp, b"EXIF")
    elif kind == sniff.JP2:
        boxes = _parts(path, 0, _box, b"uuid")
        yield from (box[16:] for box in boxes if box.startswith(_UUIDS))
    elif kind == sniff.HEIC:
        yield heif.exif(path)
    elif kind == sniff.AVIF:
        yield _of_avif(path)


def _of_jpeg(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        head = file.read(MOST)
    return (body for marker, body, _ in jpeg_head.markers(head) if marker == _APP1 and body.startswith(_LEADING))


def _of_avif(path: Path) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Pillow warns of is damage that says nothing here
        with Image.open(path, formats=("AVIF",)) as image:
            return bytes(image.info.get("exif", b""))


def _parts(path: Path, at: int, head: _Head, wanted: bytes) -> Iterator[bytes]:
    """The contents of those parts that have a name."""
    with path.open("rb") as file:
        for _ in range(_MOST_PARTS):
            file.seek(at)
            beginning = file.read(16)
            if len(beginning) < 8:
                return
            name, length, following = head(beginning)
            if following < 0:
                return
            if name == wanted and length <= MOST:
                file.seek(at + 8)
                yield file.read(length)
            at += 8 + following


def _png(head: bytes) -> tuple[bytes, int, int]:
    length = int.from_bytes(head[:4], "big")
    return head[4:8], length, length + 4


def _webp(head: bytes) -> tuple[bytes, int, int]:
    length = int.from_bytes(head[4:8], "little")
    return head[:4], length, length + length % 2


def _box(head: bytes) -> tuple[bytes, int, int]:
    length = int.from_bytes(head[:4], "big")
    length = (int.from_bytes(head[8:], "big") if length == 1 else length) - 8
    return head[4:8], length, length
