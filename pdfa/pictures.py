"""A page's picture as it goes into a PDF: the scanner's own stream wherever PDF knows its coding, else drawn anew."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Literal

from PIL import ImageCms

from domain.errors import Unreadable

Filter = Literal["DCTDecode", "CCITTFaxDecode", "FlateDecode", "JPXDecode", "JBIG2Decode", "RunLengthDecode"]


@dataclass(frozen=True, slots=True)
class Colours:
    """What the samples mean: `channels` (1 grey, 3 RGB, 4 inks) in the colours of `icc`, or of the output intent where that is
    None; `palette`: colours of so many channels, where each sample is an index into them; `written`: the colour space itself in
    PDF's own words, where it is neither.
    """

    channels: int
    icc: bytes | None = None
    palette: bytes | None = None
    written: bytes | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image XObject in the making: `data` coded by `filter` (a PDF filter name), samples of `bits`.

    `decode`: which numbers the least and the greatest sample stand for, channel by channel, where they are not the usual ones;
    `shared`: the symbols of a JBIG2 picture that stand outside it (ISO 32000-1, 7.4.7).
    """

    data: bytes
    width: int
    height: int
    filter: Filter
    colours: Colours
    bits: int = 8
    parms: dict[str, int | bool] = field(default_factory=dict)
    decode: tuple[float, ...] = ()
    shared: bytes | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """What of a picture is seen: `soft`, as grey says (ISO 32000-1, 11.6.5.3); else, where a stencil paints (8.9.6.3)."""

    picture: Picture
    soft: bool


class NotForPdf(Exception):
    """This coding has no place in a PDF/A as it is: the picture must be drawn anew."""


def broken_picture() -> Unreadable:
    """The error for a picture that cannot be decoded."""
    return Unreadable(
        "broken_picture",
        "Ảnh của trang bị hỏng, không ghép được vào PDF. Hãy quét lại trang này.",
        "The picture of a page is damaged and cannot be bound. Scan this page again.",
    )


_SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_NEWEST = 4


def usable_icc(profile: bytes | None, channels: int) -> bytes | None:
    """A colour profile that PDF/A-2 allows (ISO 19005-2, 6.2.4.2) for that many channels, else None."""
    if profile is None or space_of(profile) != channels or profile[8] > _NEWEST or profile[12:16] not in _CLASSES:
        return None
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return None
    return profile


def space_of(profile: bytes) -> int | None:
    """The channels of the space that a whole profile is for; 0 for other spaces, None for what is none."""
    if len(profile) < 128 or profile[36:40] != b"acsp" or int.from_bytes(profile[:4], "big") > len(profile):
        return None
    return _SPACES.get(profile[16:20], 0)
