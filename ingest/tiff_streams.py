"""A TIFF page's own stream as a file of its own, byte for byte, where one can be made of it.

What passes
1. CCITT, all kinds: as a TIFF of one page.
2. Deflate of one strip with the predictors that PDF has too: likewise.
3. JPEG: a file, with the tables that the strips share; several strips are joined without decoding any. Of the older kind of JPEG
   in TIFF only what is a whole file already.
Tiles, planes apart, further channels and whatever else does not pass.
"""

from __future__ import annotations

from pathlib import Path

from ingest import jpeg_head, sniff
from ingest import tiff_tags as tags
from ingest.tiff_single import Single, written
from ingest.tiff_tags import Directory
from ingest.unpacked import holds

_RLE, _G3, _G4 = 2, 3, 4
_OLD_JPEG, _JPEG = 6, 7
_DEFLATE = (8, 32946)
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _YCBCR = 0, 1, 2, 3, 6
_TRANSFORMS = {(_BLACK_IS_ZERO, 1): None, (_YCBCR, 3): None, (_RGB, 3): 0}
"""Photometric interpretation and channels of a JPEG that can stand alone; what Adobe's marker must say, if it is needed."""


def passed_on(path: Path, directory: Directory, dpi: float) -> tuple[str, bytes] | None:
    """Media type and bytes, or None."""
    if not directory.numbers(tags.STRIP_OFFSETS) or directory.numbers(tags.EXTRA) or directory.number(tags.FORMAT, 1) != 1:
        return None
    if directory.number(tags.SAMPLES, 1) > 1 and directory.number(tags.PLANAR, 1) != 1:
        return None
    compression = directory.number(tags.COMPRESSION, 1)
    if compression == _OLD_JPEG:
        return _whole_jpeg(path, directory)
    if compression not in (_RLE, _G3, _G4, _JPEG, *_DEFLATE):
        return None
    strips = _strips(path, directory)
    if compression == _JPEG:
        return _jpeg(directory, strips)
    if compression in _DEFLATE:
        return _deflate(directory, strips, dpi)
    if directory.number(tags.PHOTOMETRIC) in (0, 1) and directory.number(tags.BITS, 1) == directory.number(tags.SAMPLES, 1) == 1:
        return sniff.TIFF, written(_single(directory, strips, dpi))
    return None


def _strips(path: Path, directory: Directory) -> tuple[bytes, ...]:
    found = []
    with path.open("rb") as file:
        for start, count in tags.pieces(directory):
            file.seek(start)
            found.append(file.read(count))
    return tuple(found)


def _single(directory: Directory, strips: tuple[bytes, ...], dpi: float) -> Single:
    return Single(
        directory.number(tags.WIDTH),
        directory.number(tags.HEIGHT),
        directory.number(tags.COMPRESSION),
        directory.number(tags.PHOTOMETRIC),
        strips,
        dpi,
        bits=directory.number(tags.BITS, 1),
        samples=directory.number(tags.SAMPLES, 1),
        fill_order=directory.number(tags.FILL_ORDER, 1),
        rows_per_strip=directory.number(tags.ROWS_PER_STRIP),
        options=directory.number(tags.T4_OPTIONS),
        predictor=directory.number(tags.PREDICTOR, 1),
        colour_map=directory.numbers(tags.COLOR_MAP),
        icc=directory.table(tags.ICC),
        order=directory.order,
    )


def _deflate(directory: Directory, strips: tuple[bytes, ...], dpi: float) -> tuple[str, bytes] | None:
    page = _single(directory, strips, dpi)
    depths = set(directory.numbers(tags.BITS)) or {1}
    kinds = {(_WHITE_IS_ZERO, 1), (_BLACK_IS_ZERO, 1), (_RGB, 3), (_PALETTE, 1)}
    if len(strips) != 1 or len(depths) != 1 or (page.photometric, page.samples) not in kinds or page.fill_order != 1:
        return None
    if page.bits not in (1, 2, 4, 8) and not (page.bits == 16 and page.order == ">"):  # the order of bytes in a PDF
        return None
    if page.predictor not in (1, 2) or (page.predictor == 2 and page.bits < 8):
        return None
    if page.photometric == _PALETTE and (page.bits > 8 or len(page.colour_map) != 3 << page.bits):
        return None
    rows = (page.width * page.samples * page.bits + 7) // 8 * page.height
    return (sniff.TIFF, written(page)) if holds(strips[0], rows) else None


def _jpeg(directory: Directory, strips: tuple[bytes, ...]) -> tuple[str, bytes] | None:
    kind = directory.number(tags.PHOTOMETRIC), directory.number(tags.SAMPLES, 1)
    if kind not in _TRANSFORMS:
        return None
    tables = directory.table(tags.JPEG_TABLES)
    try:
        data = jpeg_head.joined([jpeg_head.with_tables(strip, tables) if tables else strip for strip in strips])
        head = jpeg_head.read(data)
    except jpeg_head.NotJpeg:
        return None
    transform = _TRANSFORMS[kind]
    if transform is not None and head.adobe is None:
        data = jpeg_head.with_adobe(data, transform)
    return _checked(directory, head, data)


def _whole_jpeg(path: Path, directory: Directory) -> tuple[str, bytes] | None:
    start, count = directory.number(tags.OLD_JPEG), directory.number(tags.OLD_JPEG_LENGTH)
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(count)
    try:
        head = jpeg_head.read(data)
    except jpeg_head.NotJpeg:
        return None
    return _checked(directory, head, data) if data.rstrip(b"\0").endswith(b"\xff\xd9") else None


def _checked(directory: Directory, head: jpeg_head.Head, data: bytes) -> tuple[str, bytes] | None:
    """Where the JPEG is what the directory says, and carries the page's colour profile or there is none."""
    is_same = (head.width, head.height) == (directory.number(tags.WIDTH), directory.number(tags.HEIGHT))
    if not is_same or head.channels != directory.number(tags.SAMPLES, 1) or head.bits != 8:
        return None
    profile, data = directory.table(tags.ICC), jpeg_head.settled(data)
    return sniff.JPEG, jpeg_head.with_profile(data, profile) if profile and not head.has_profile else data
