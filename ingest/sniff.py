"""What kind of file it is, by its first bytes. The name of a file says nothing here."""

from __future__ import annotations

from pathlib import Path

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
JP2 = "image/jp2"
J2C = "image/j2c"
"""A JPEG 2000 codestream without the boxes that would make a file of it."""
HEIC = "image/heic"
AVIF = "image/avif"
BMP = "image/bmp"

_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0\x08\0\0\0", TIFF),
    (b"MM\0+\0\x08\0\0", TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
    (b"\xff\x4f\xff\x51", J2C),
)
_OF_HEVC = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_OF_AV1 = {b"avif", b"avis"}
"""Brands of files of pictures (ISO 23008-12, annex B; AVIF 1.1, 8)."""
_PDF_WITHIN = 1024
"""Readers accept `%PDF-` anywhere in the first 1024 bytes (ISO 32000-1, annex H.3, note 13)."""

_BMP_HEADS = {12, 40, 52, 56, 64, 108, 124}
"""Lengths that the second header of a bitmap may have."""


def media_type(path: Path) -> str | None:
    """The media type, or None for a kind that is not read."""
    with path.open("rb") as file:
        head = file.read(_PDF_WITHIN)
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADS:
        return BMP
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    return PDF if b"%PDF-" in head else None


def _of_brands(head: bytes) -> str | None:
    """Of a file of boxes: by the brands that its first one names (ISO 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[at : at + 4] for at in (8, *range(16, end - 3, 4))}
    if brands & _OF_AV1:
        return AVIF
    return HEIC if brands & _OF_HEVC else None
