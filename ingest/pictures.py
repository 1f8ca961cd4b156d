"""Files that hold one picture: JPEG, PNG, JPEG 2000 are passed on as they are, WebP is stored as PNG. The tool is Pillow."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import PIL.MpoImagePlugin  # noqa: F401 - Pillow opens a file of two pictures only where it knows the kind beforehand
from PIL import Image

from domain.documents import Nature
from domain.pages import PageImage
from ingest import refusals, resolution, sniff
from ingest.inspection import Inspection
from ingest.settings import IngestSettings

_FORMATS = {sniff.JPEG: ("JPEG", "MPO"), sniff.PNG: ("PNG",), sniff.WEBP: ("WEBP",), sniff.JP2: ("JPEG2000",)}
_EXIF_ORIENTATION = 0x0112
DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, OverflowError, TypeError, LookupError, AttributeError, RuntimeError, struct.error,
)  # fmt: skip
"""What Pillow raises for damaged pictures."""
_PNG_LEVEL = 3
"""zlib's level: about as small as the default 6, in a third of the time."""


def inspect(path: Path, kind: str, settings: IngestSettings) -> Inspection:
    """Look at one picture: its size first, then whether it decodes to its end."""
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            guard(image.size, settings)
            if getattr(image, "is_animated", False) and image.format != "MPO":
                raise refusals.animated()
            image.draft("L", (1, 1))
            if kind != sniff.JP2:
                image.load()
    except Image.DecompressionBombError as error:
        raise refusals.bomb(settings) from error
    except DAMAGED as error:
        raise refusals.broken() from error
    return Inspection(kind, Nature.SCAN, 1)


def cut(path: Path, kind: str, settings: IngestSettings) -> Iterator[PageImage]:
    """The one page."""
    try:
        with Image.open(path, formats=_FORMATS[kind]) as image:
            guard(image.size, settings)
            dpi = stated_dpi(image)
            orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
            native = kind != sniff.WEBP
            data = path.read_bytes() if native else png(image)
    except DAMAGED as error:
        raise refusals.broken() from error
    media_type = kind if native else sniff.PNG
    orientation = orientation if orientation in range(1, 9) else 1
    yield PageImage(1, data, media_type, *image.size, dpi=dpi, orientation=orientation, native=native)


def guard(size: tuple[int, int], settings: IngestSettings) -> None:
    """Refuse a picture with more pixels than the limit, before it is decoded."""
    if size[0] * size[1] > settings.most_pixels:
        raise refusals.bomb(settings)
    if size[0] < 1 or size[1] < 1:
        raise refusals.broken()


def stated_dpi(image: Image.Image) -> float:
    """The resolution the picture states, where it is plausible for a scanned sheet; else that of the sheet it is likely to be."""
    across, down = image.info.get("dpi", (0, 0))
    return resolution.plausible(float(across), float(down), image.size)


def png(image: Image.Image) -> bytes:
    """Without loss, with its colour profile."""
    buffer = io.BytesIO()
    plain = image if image.mode in ("1", "L", "RGB") else image.convert("RGB")
    plain.save(buffer, "PNG", compress_level=_PNG_LEVEL, icc_profile=image.info.get("icc_profile"))
    return buffer.getvalue()
