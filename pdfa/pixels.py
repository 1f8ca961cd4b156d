"""A page's picture as samples, for what must be coded anew. The tool is Pillow."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageCms

from domain.pages import PageImage
from pdfa.contained import drawn
from pdfa.pictures import broken_picture

_SIXTEEN_TO_EIGHT_BITS = 1 / 257


def decoded(image: PageImage) -> Image.Image:
    """The picture as stored, in whatever mode. Raises Unreadable where it cannot be decoded."""
    try:
        if image.media_type == "application/pdf":
            return drawn(image.data)
        with warnings.catch_warnings(action="ignore", category=UserWarning), Image.open(io.BytesIO(image.data)) as source:
            source.load()
            return source
    except (OSError, SyntaxError, ValueError, RuntimeError, Image.DecompressionBombError) as error:
        raise broken_picture() from error


def profile(source: Image.Image) -> bytes | None:
    """The colour profile that the picture brings along."""
    found: bytes | None = source.info.get("icc_profile")
    return found


def flat(source: Image.Image) -> Image.Image:
    """Grey ("L") or "RGB" in the picture's own colours, on white; inks become colours."""
    if source.mode in ("CMYK", "YCCK"):
        return srgb(source)
    if source.mode in ("L", "RGB") and not source.has_transparency_data:
        return source
    if source.has_transparency_data:
        layer = source.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    if source.mode.startswith("I"):
        return source.convert("I").point(lambda value: value * _SIXTEEN_TO_EIGHT_BITS).convert("L")
    return source.convert("L" if source.mode in ("1", "F", "LA") else "RGB")


def srgb(source: Image.Image) -> Image.Image:
    """The colours that the picture's profile means, as sRGB; without a usable profile, as they are."""
    found = profile(source)
    if found is None:
        return source.convert("RGB")
    try:
        meant = ImageCms.getOpenProfile(io.BytesIO(found))
        turned = ImageCms.profileToProfile(source, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return source.convert("RGB")
    return turned if turned is not None else source.convert("RGB")
