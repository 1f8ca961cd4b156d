"""Pictures that PDF/A cannot take as they are, drawn anew by Pillow: without loss, but for CMYK JPEG, which becomes RGB JPEG."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageCms

from domain.pages import PageImage
from pdfa.ccitt import ccitt_picture
from pdfa.jpeg import jpeg_picture
from pdfa.pictures import Picture, broken_picture
from pdfa.png import png_picture

_JPEG_QUALITY = 95
_SIXTEEN_TO_EIGHT_BITS = 1 / 257


def redraw(image: PageImage) -> Picture:
    """The picture as grey, RGB or one bit a pixel, sRGB, on white. Raises Unreadable where it cannot be decoded."""
    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning), Image.open(io.BytesIO(image.data)) as source:
            source.load()
            return _coded(source)
    except (OSError, SyntaxError, ValueError, RuntimeError, Image.DecompressionBombError) as error:
        raise broken_picture() from error


def _coded(source: Image.Image) -> Picture:
    out = io.BytesIO()
    if source.mode == "1":
        source.save(out, "TIFF", compression="group4", strip_size=source.width * source.height)
        return ccitt_picture(out.getvalue())
    profile: bytes | None = source.info.get("icc_profile")
    if source.mode in ("CMYK", "YCCK"):
        _srgb(source, profile).save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        return jpeg_picture(out.getvalue())
    _flat(source).save(out, "PNG", icc_profile=profile)
    return png_picture(out.getvalue())


def _srgb(source: Image.Image, profile: bytes | None) -> Image.Image:
    if profile is None:
        return source.convert("RGB")
    try:
        inks = ImageCms.getOpenProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(source, inks, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return source.convert("RGB")
    return turned if turned is not None else source.convert("RGB")


def _flat(source: Image.Image) -> Image.Image:
    if source.mode in ("L", "RGB") and not source.has_transparency_data:
        return source
    if source.has_transparency_data:
        layer = source.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if source.mode.startswith("I"):
        return source.convert("I").point(lambda value: value * _SIXTEEN_TO_EIGHT_BITS).convert("L")
    return source.convert("L" if source.mode == "F" else "RGB")
