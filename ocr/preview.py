"""The upright picture for screens."""

from __future__ import annotations

import io

from PIL import Image

from domain.pages import PageImage
from ocr import pictures

WIDTH = 1600
"""Widest picture a screen asks for, in pixels."""
THUMBNAIL = 240
_QUALITY = 80
_NO_PICTURE, _LONGEST = 200, 8000
"""Grey of a sheet that stands for a picture, and its greatest height in pixels."""


def preview(image: PageImage, rotation: int, width: int = WIDTH) -> bytes:
    """A JPEG of the page after `rotation` (clockwise degrees), at most `width` pixels wide. Raises Unreadable."""
    return previews(image, rotation, (width,))[0]


def previews(image: PageImage, rotation: int, widths: tuple[int, ...] = (WIDTH, THUMBNAIL)) -> list[bytes]:
    """The same in several widths, decoding once; widths from large to small."""
    picture = pictures.upright(pictures.decode(image), rotation)
    found = []
    for width in widths:
        picture = _narrowed(picture, width)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_QUALITY)
        found.append(buffer.getvalue())
    return found


def placeholders(width: int, height: int, widths: tuple[int, ...] = (WIDTH, THUMBNAIL)) -> list[bytes]:
    """Blank grey sheets in place of a picture that cannot be opened, in the shape of the page (pixels, upright)."""
    return [_blank(min(wide, width), width, height) for wide in widths]


def _blank(wide: int, width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    high = min(max(1, round(height * wide / max(width, 1))), _LONGEST)
    Image.new("L", (max(wide, 1), high), _NO_PICTURE).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    return picture.resize(
        (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BILINEAR, reducing_gap=2
    )
