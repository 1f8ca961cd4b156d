"""A small picture for a block of a signature: without transparency, which a viewer need not blend and PDF/A need not allow."""

from __future__ import annotations

import io
import warnings
import zlib

from PIL import Image, ImageChops, ImageOps

from domain.blocks import SmallPicture
from domain.errors import Refused

WIDEST, HIGHEST = 600, 300
"""Pixels: six times as fine as a block shows it on a screen."""
LARGEST = 40_000_000
"""Pixels of what is handed in."""
_DAMAGED = (OSError, SyntaxError, ValueError, RuntimeError, Image.DecompressionBombError)


def small_picture(data: bytes) -> SmallPicture:
    """A PNG or JPEG on white, without the paper around it. Raises Refused `picture`."""
    try:
        with warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning):
            source = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
            if source.width * source.height > LARGEST:
                raise _wrong()
            upright = ImageOps.exif_transpose(source).convert("RGBA")
    except (*_DAMAGED, Image.DecompressionBombWarning) as error:
        raise _wrong() from error
    flat = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    ink = ImageChops.difference(flat, Image.new("RGB", flat.size, "white")).convert("L").point(lambda value: 255 * (value > 24))
    box = ink.getbbox()
    if box is None:
        raise _wrong()
    flat = flat.crop(box)
    flat.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    return SmallPicture(flat.width, flat.height, zlib.compress(flat.tobytes(), 9))


def _wrong() -> Refused:
    return Refused(
        "picture",
        "Ảnh không dùng được: hãy chọn ảnh PNG hoặc JPEG có nét ký hoặc biểu trưng trên nền trắng hay trong suốt.",
        "The picture cannot be used: choose a PNG or JPEG with a signature or logo on white or without a background.",
    )
