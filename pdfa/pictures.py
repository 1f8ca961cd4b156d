"""A page's picture as it goes into a PDF: the scanner's own stream wherever PDF knows its coding, else drawn anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from domain.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Colours:
    """What the samples mean: `channels` (1 grey, 3 RGB) in the colours of `icc`, or of the output intent where that is None;
    `palette`: RGB triples, where each sample is an index into them.
    """

    channels: int
    icc: bytes | None = None
    palette: bytes | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image XObject in the making: `data` coded by `filter` (a PDF filter name), samples of `bits`."""

    data: bytes
    width: int
    height: int
    filter: Literal["DCTDecode", "CCITTFaxDecode", "FlateDecode", "JPXDecode", "JBIG2Decode"]
    colours: Colours
    bits: int = 8
    parms: dict[str, int | bool] = field(default_factory=dict)


class NotForPdf(Exception):
    """This coding has no place in a PDF/A as it is: the picture must be drawn anew."""


def broken_picture() -> Unreadable:
    """The error for a picture that cannot be decoded."""
    return Unreadable(
        "broken_picture",
        "Ảnh của trang bị hỏng, không ghép được vào PDF. Hãy quét lại trang này.",
        "The picture of a page is damaged and cannot be bound. Scan this page again.",
    )


def usable_icc(profile: bytes | None, channels: int) -> bytes | None:
    """A colour profile that PDF/A-2 allows (ISO 19005-2, 6.2.4.2) for that many channels, else None."""
    if profile is None or len(profile) < 128 or profile[36:40] != b"acsp" or profile[8] > 4:
        return None
    space = {1: b"GRAY", 3: b"RGB "}[channels]
    return profile if profile[16:20] == space and profile[12:16] in (b"scnr", b"mntr", b"prtr", b"spac") else None
