"""Pictures that PDF/A cannot take as they are, drawn anew by Pillow: without loss, but for CMYK JPEG, which becomes RGB JPEG."""

from __future__ import annotations

import io

from PIL import Image

from domain.pages import PageImage
from pdfa.jpeg import jpeg_picture
from pdfa.pictures import Picture, broken_picture
from pdfa.pixels import decoded, flat, profile
from pdfa.png import png_picture
from pdfa.tiff import tiff_picture

_JPEG_QUALITY = 95


def redraw(image: PageImage) -> Picture:
    """The picture as grey, RGB or one bit a pixel, sRGB, on white. Raises Unreadable where it cannot be decoded."""
    source = decoded(image)
    try:
        return _coded(source)
    except (OSError, SyntaxError, ValueError, RuntimeError) as error:
        raise broken_picture() from error


def group4(source: Image.Image) -> Picture:
    """A picture of one bit a pixel in CCITT Group 4."""
    out = io.BytesIO()
    source.save(out, "TIFF", compression="group4", strip_size=source.width * source.height)
    return tiff_picture(out.getvalue())


def _coded(source: Image.Image) -> Picture:
    if source.mode == "1":
        return group4(source)
    out = io.BytesIO()
    if source.mode in ("CMYK", "YCCK"):
        flat(source).save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        return jpeg_picture(out.getvalue())
    flat(source).save(out, "PNG", icc_profile=profile(source))
    return png_picture(out.getvalue())
