"""What kind of file it is, by its first bytes. The name of a file says nothing here."""

from __future__ import annotations

from pathlib import Path

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
WEBP = "image/webp"
JP2 = "image/jp2"

_BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", JP2),
)
_PDF_WITHIN = 1024
"""Readers accept `%PDF-` anywhere in the first 1024 bytes (ISO 32000-1, annex H.3, note 13)."""


def media_type(path: Path) -> str | None:
    """The media type, or None for a kind that is not read."""
    with path.open("rb") as file:
        head = file.read(_PDF_WITHIN)
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return PDF if b"%PDF-" in head else None
