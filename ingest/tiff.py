"""TIFF, many pages: what `tiff_streams` can pass on is passed on untouched, all else is stored as PNG without loss."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from PIL import TiffImagePlugin

from domain.documents import Nature
from domain.pages import PageImage
from ingest import pictures, refusals, resolution, sniff, tiff_streams
from ingest import tiff_tags as tags
from ingest.inspection import Inspection
from ingest.settings import IngestSettings
from ingest.tiff_tags import Directory

_KNOWN = {1, 2, 3, 4, 5, 6, 7, 8, 32771, 32773, 32809, 32946, 34676, 34677, 34925, 50000}
"""Compressions that can be decoded."""
_CENTIMETRE = 3
_SIDEWAYS = range(5, 9)
"""Orientations under which rows become columns."""
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
        if sum(count for _, count in tags.pieces(directory)) > pictures.MOST_BYTES:
            raise refusals.bomb(settings)
    size = path.stat().st_size
    notes = (refusals.LEFT_OVER,) if size - tags.used(path) > _LEFT_OVER * size / len(pages) else ()
    return Inspection(sniff.TIFF, Nature.SCAN, len(pages), notes)


def cut(path: Path, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    """The pages asked for, in order."""
    pages = _pages(path)
    for number in numbers:
        frame, directory = pages[number - 1]
        pictures.guard(_size(directory), settings)
        passed = tiff_streams.passed_on(path, directory, _dpi(directory)) if _is_square(directory) else None
        yield _native(number, directory, passed) if passed else _stored(path, number, (frame, directory), settings)


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


def _stated(directory: Directory) -> tuple[float, float]:
    """Dots per inch across and down, of the picture as it is stored."""
    scale = 2.54 if directory.number(tags.UNIT, 2) == _CENTIMETRE else 1.0
    return directory.real(tags.X_RESOLUTION) * scale, directory.real(tags.Y_RESOLUTION) * scale


def _dpi(directory: Directory) -> float:
    return resolution.plausible(*_stated(directory), _size(directory))


def _is_square(directory: Directory) -> bool:
    return resolution.stretched(*_stated(directory), _size(directory)) == _size(directory)


def _stored(path: Path, number: int, page: tuple[int, Directory], settings: IngestSettings) -> PageImage:
    """Decoded and stored as PNG. Pillow turns the picture as its orientation says; unequal resolutions are made equal."""
    frame, directory = page
    if directory.number(tags.COMPRESSION, 1) not in _KNOWN:
        raise refusals.rare_coding("TIFF")
    across, down = _stated(directory)
    if directory.number(tags.ORIENTATION, 1) in _SIDEWAYS:
        across, down = down, across
    try:
        with TiffImagePlugin.TiffImageFile(path) as image:
            image.seek(frame)
            image.load()
            square, dpi = pictures.squared(image, (across, down), settings)
            data = pictures.png(square)
    except pictures.DAMAGED as error:
        raise refusals.broken() from error
    return PageImage(number, data, sniff.PNG, *square.size, dpi=dpi, native=False)
