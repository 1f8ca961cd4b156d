"""TIFF, many pages: CCITT G4 strips and clean JPEG streams are passed on untouched, all else is stored as PNG without loss."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, TiffImagePlugin

from domain.documents import Nature
from domain.pages import PageImage
from ingest import pictures, refusals, resolution, sniff
from ingest import tiff_tags as tags
from ingest.inspection import Inspection
from ingest.settings import IngestSettings
from ingest.tiff_tags import Directory

_G4 = 4
_JPEG = 7
_BLACK_IS_ZERO, _RGB, _YCBCR = 1, 2, 6
_NOT_TRANSFORMED = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"
"""Adobe's marker that says: three channels, red, green and blue as they are (ITU-T T.872, 6.5.3)."""
_JPEG_HEADS = {(_BLACK_IS_ZERO, 1): b"", (_YCBCR, 3): b"", (_RGB, 3): _NOT_TRANSFORMED}
"""Photometric interpretation and number of channels of the JPEG streams that can stand alone, and what must be added."""
_CENTIMETRE = 3
_LEFT_OVER = 0.2
"""Bytes that belong to no page, in bytes of an average page: from here on a page may be missing."""


def inspect(path: Path, settings: IngestSettings) -> Inspection:
    """Count the pages and check their sizes, from the directories alone."""
    pages = _pages(path)
    if not pages:
        raise refusals.no_pages()
    if len(pages) > settings.most_pages:
        raise refusals.too_many_pages(settings)
    for _, directory in pages:
        pictures.guard(_size(directory), settings)
    size = path.stat().st_size
    notes = (refusals.LEFT_OVER,) if size - tags.used(path) > _LEFT_OVER * size / len(pages) else ()
    return Inspection(sniff.TIFF, Nature.SCAN, len(pages), notes)


def cut(path: Path, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    """The pages asked for, in order."""
    pages = _pages(path)
    for number in numbers:
        frame, directory = pages[number - 1]
        pictures.guard(_size(directory), settings)
        passed = _passed_on(path, directory)
        yield _native(number, directory, passed) if passed else _stored(path, number, (frame, directory))


def _pages(path: Path) -> list[tuple[int, Directory]]:
    try:
        found = tags.directories(path)
    except (tags.NotTiff, struct.error) as error:
        raise refusals.broken() from error
    widest = max((directory.number(tags.WIDTH) for directory in found), default=0)
    return [(frame, directory) for frame, directory in enumerate(found) if directory.is_page(widest)]


def _size(directory: Directory) -> tuple[int, int]:
    return directory.number(tags.WIDTH), directory.number(tags.HEIGHT)


def _native(number: int, directory: Directory, passed: tuple[str, bytes]) -> PageImage:
    media_type, data = passed
    orientation = directory.number(tags.ORIENTATION, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    return PageImage(number, data, media_type, *_size(directory), dpi=_dpi(directory), orientation=orientation)


def _dpi(directory: Directory) -> float:
    scale = 2.54 if directory.number(tags.UNIT, 2) == _CENTIMETRE else 1.0
    across, down = directory.real(tags.X_RESOLUTION) * scale, directory.real(tags.Y_RESOLUTION) * scale
    return resolution.plausible(across, down, _size(directory))


def _square(directory: Directory) -> bool:
    """Whether pixels are as wide as high; those of a fax are not. Resolutions that no scanner has count for nothing."""
    across, down = directory.real(tags.X_RESOLUTION), directory.real(tags.Y_RESOLUTION)
    plausible = resolution.is_plausible(across) and resolution.is_plausible(down)
    return not plausible or abs(across - down) < 0.03 * across


def _passed_on(path: Path, directory: Directory) -> tuple[str, bytes] | None:
    """The page's own stream as a file of its own, where it can stand alone: square pixels and strips, not tiles."""
    pieces = tags.pieces(directory)
    if not directory.numbers(tags.STRIP_OFFSETS) or not _square(directory):
        return None
    compression, photometric = directory.number(tags.COMPRESSION, 1), directory.number(tags.PHOTOMETRIC)
    with path.open("rb") as file:
        strips = []
        for start, count in pieces:
            file.seek(start)
            strips.append(file.read(count))
    if compression == _G4 and photometric in (0, 1) and directory.number(tags.BITS, 1) == 1:
        return sniff.TIFF, _single_page(directory, strips)
    kind = photometric, directory.number(tags.SAMPLES, 1)
    if compression == _JPEG and len(strips) == 1 and kind in _JPEG_HEADS:
        return sniff.JPEG, _with_tables(strips[0], _JPEG_HEADS[kind] + directory.table(tags.JPEG_TABLES)[2:-2])
    return None


def _with_tables(stream: bytes, tables: bytes) -> bytes:
    """An abbreviated JPEG stream made whole: the shared tables go behind its start marker (TIFF Technical Note 2)."""
    return stream[:2] + tables + stream[2:]


def _single_page(directory: Directory, strips: list[bytes]) -> bytes:
    """A TIFF of one page with the same strips, byte for byte."""
    dpi = _dpi(directory)
    head = 8
    offsets = [head + sum(len(strip) for strip in strips[:index]) for index in range(len(strips))]
    entries = [
        (tags.WIDTH, 4, (directory.number(tags.WIDTH),)),
        (tags.HEIGHT, 4, (directory.number(tags.HEIGHT),)),
        (tags.BITS, 3, (1,)),
        (tags.COMPRESSION, 3, (_G4,)),
        (tags.PHOTOMETRIC, 3, (directory.number(tags.PHOTOMETRIC),)),
        (tags.FILL_ORDER, 3, (directory.number(tags.FILL_ORDER, 1),)),
        (tags.STRIP_OFFSETS, 4, tuple(offsets)),
        (tags.SAMPLES, 3, (1,)),
        (tags.ROWS_PER_STRIP, 4, (directory.number(tags.ROWS_PER_STRIP, directory.number(tags.HEIGHT)),)),
        (tags.STRIP_COUNTS, 4, tuple(len(strip) for strip in strips)),
        (tags.X_RESOLUTION, 5, (round(dpi * 100), 100)),
        (tags.Y_RESOLUTION, 5, (round(dpi * 100), 100)),
        (tags.UNIT, 3, (2,)),
    ]
    body = b"".join(strips)
    body += b"\0" * (len(body) % 2)
    return struct.pack("<2sHI", b"II", 42, head + len(body)) + body + _written(entries, head + len(body))


def _written(entries: list[tuple[int, int, tuple[int, ...]]], start: int) -> bytes:
    """A directory that stands at `start`, with its longer values behind it."""
    table, values = struct.pack("<H", len(entries)), b""
    behind = start + 2 + 12 * len(entries) + 4
    for tag, kind, numbers in entries:
        packed = struct.pack(f"<{len(numbers)}{'H' if kind == 3 else 'I'}", *numbers)
        count = len(numbers) // 2 if kind == 5 else len(numbers)
        if len(packed) > 4:
            field, values = struct.pack("<I", behind + len(values)), values + packed
        else:
            field = packed.ljust(4, b"\0")
        table += struct.pack("<HHI", tag, kind, count) + field
    return table + struct.pack("<I", 0) + values


def _stored(path: Path, number: int, page: tuple[int, Directory]) -> PageImage:
    """Decoded and stored as PNG. Pillow turns the picture as its orientation says; unequal resolutions are made equal."""
    frame, directory = page
    try:
        with TiffImagePlugin.TiffImageFile(path) as image:
            image.seek(frame)
            image.load()
            upright = image if _square(directory) else _made_square(image, directory)
            data = pictures.png(upright)
    except pictures.DAMAGED as error:
        raise refusals.broken() from error
    across = directory.real(tags.X_RESOLUTION)
    dpi = _dpi(directory) if _square(directory) else max(across, directory.real(tags.Y_RESOLUTION))
    return PageImage(number, data, sniff.PNG, *upright.size, dpi=dpi, native=False)


def _made_square(image: Image.Image, directory: Directory) -> Image.Image:
    across, down = directory.real(tags.X_RESOLUTION), directory.real(tags.Y_RESOLUTION)
    most = max(across, down)
    size = round(image.width * most / across), round(image.height * most / down)
    return image.convert("L" if image.mode == "1" else image.mode).resize(size, Image.Resampling.BICUBIC)
