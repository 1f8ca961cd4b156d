"""HEIC and other files of pictures coded in HEVC, as telephones write them. The tool is libheif, by pi-heif."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pi_heif
from PIL import Image

_AT_ONCE = 1
"""Threads: pages are read by several processes already."""


def sizes(path: Path) -> list[tuple[int, int]]:
    """Width and height of each picture as it is shown, in the order of the file; thumbnails and depths are none of them.

    Raises what `pictures.DAMAGED` lists.
    """
    return [image.size for image in _opened(path)]


def exif(path: Path) -> bytes:
    """What EXIF says of the first picture, empty where there is none. Raises what `pictures.DAMAGED` lists."""
    return _opened(path).info.get("exif") or b""


def decoded(path: Path, numbers: range) -> Iterator[Image.Image]:
    """The pictures asked for (from 1), 8 bits, turned and mirrored as the file says (`irot`, `imir`), with their colour profile.

    What EXIF says of turns is not for such files (ISO 23008-12, 6.5.10). Raises what `pictures.DAMAGED` lists.
    """
    for number in numbers:
        found = _opened(path)[number - 1]  # opened anew: it keeps all that it has decoded
        picture = Image.frombuffer(found.mode, found.size, found.data, "raw", found.mode, found.stride)
        picture.info["icc_profile"] = found.info.get("icc_profile")
        yield picture


def _opened(path: Path) -> pi_heif.HeifFile:
    pi_heif.options.DECODE_THREADS = _AT_ONCE
    pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
    return pi_heif.open_heif(path)
