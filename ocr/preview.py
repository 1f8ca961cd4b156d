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
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


def preview(image: PageImage, rotation: int, width: int = WIDTH) -> bytes:
    """A JPEG of the page after `rotation` (clockwise degrees), at most `width` pixels wide. Raises Unreadable."""
    return previews(image, rotation, (width,))[0]


def previews(image: PageImage, rotation: int, widths: tuple[int, ...] = (WIDTH, THUMBNAIL)) -> list[bytes]:
    """The same in several widths, decoding once; widths from large to small."""
    picture = pictures.decode(image)
    if rotation:
        picture = picture.transpose(_CLOCKWISE[rotation])
    found = []
    for width in widths:
        picture = _narrowed(picture, width)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=_QUALITY)
        found.append(buffer.getvalue())
    return found


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    return picture.resize(
        (width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BILINEAR, reducing_gap=2
    )
