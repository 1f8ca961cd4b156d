"""Any decoded picture as one bit, grey or RGB of eight bits, as it looks on white paper. The tool is Pillow."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms

PLAIN = ("1", "L", "RGB")
_BAND = 256
"""Rows that are laid on paper at once: a large picture would stand in the memory four times."""
_SIXTEEN_BITS = 257


def plain(image: Image.Image) -> Image.Image:
    """In one of the modes of `PLAIN`, with the colour profile in `info` if it still holds."""
    profile: bytes | None = image.info.get("icc_profile")
    if image.has_transparency_data:
        made = _on_paper(image)
    elif image.mode in PLAIN:
        return image
    elif image.mode == "CMYK":
        made, profile = _from_inks(image, profile), None
    elif image.mode == "LAB":
        made, profile = _turned(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))), None
    elif image.mode.startswith(("I", "F")):
        made = _of_eight_bits(image)
    else:
        made = image.convert("RGB")
    made.info["icc_profile"] = profile
    return made


def sixteen_bits(image: Image.Image) -> Image.Image | None:
    """Grey of sixteen bits, in whatever order its bytes are, as PNG takes it; None for anything else."""
    if not image.mode.startswith("I;16"):
        return None
    made = Image.fromarray(np.asarray(image).astype(np.uint16))
    made.info["icc_profile"] = image.info.get("icc_profile")
    return made


def _on_paper(image: Image.Image) -> Image.Image:
    is_grey = image.mode in ("1", "L", "LA", "La")
    paper = Image.new("L" if is_grey else "RGB", image.size, "white")
    for top in range(0, image.height, _BAND):
        band = image.crop((0, top, image.width, min(top + _BAND, image.height)))
        band.info = image.info
        layer = band.convert("RGBA")
        paper.paste(layer.convert(paper.mode), (0, top), layer.getchannel("A"))
    return paper


def _from_inks(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile is not None:
        try:
            return _turned(image, ImageCms.getOpenProfile(io.BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile of other channels, or a broken one
    return image.convert("RGB")


def _turned(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    turned = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return turned if turned is not None else image


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Whole numbers are of sixteen bits, as scanners write them; fractions reach from 0 to 1, else up to 255."""
    samples = np.asarray(image)
    if image.mode == "F":
        scaled = samples * 255 if samples.max(initial=0) <= 1 else samples
    else:
        scaled = np.asarray((samples.clip(0, 65535).astype(np.uint32) + _SIXTEEN_BITS // 2) // _SIXTEEN_BITS)
    return Image.fromarray(scaled.clip(0, 255).astype(np.uint8))
