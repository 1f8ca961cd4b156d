"""A page's picture as it goes into a PDF: the scanner's own stream wherever PDF knows its coding, else drawn anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from domain.errors import Unreadable


@dataclass(frozen=True, slots=True)
class Picture:
    """An image XObject in the making: `data` coded by `filter` (a PDF filter name).

    `colours` is the number of channels (1 or 3) of `bits` each; `icc` their profile, else they are the output intent's;
    `palette` RGB triples where the samples are indices.
    """

    data: bytes
    width: int
    height: int
    filter: Literal["DCTDecode", "CCITTFaxDecode", "FlateDecode", "JPXDecode"]
    colours: int
    bits: int = 8
    parms: dict[str, int | bool] = field(default_factory=dict)
    icc: bytes | None = None
    palette: bytes | None = None


class NotForPdf(Exception):
    """This coding has no place in a PDF/A as it is: the picture must be drawn anew."""


def broken_picture() -> Unreadable:
    """The error for a picture that cannot be decoded."""
    return Unreadable(
        "broken_picture",
        "Ảnh của trang bị hỏng, không ghép được vào PDF. Hãy quét lại trang này.",
        "The picture of a page is damaged and cannot be bound. Scan this page again.",
    )


def usable_icc(profile: bytes | None, colours: int) -> bytes | None:
    """A colour profile that PDF/A-2 allows (ISO 19005-2, 6.2.4.2) for that many channels, else None."""
    if profile is None or len(profile) < 128 or profile[36:40] != b"acsp" or profile[8] > 4:
        return None
    space = {1: b"GRAY", 3: b"RGB "}[colours]
    return profile if profile[16:20] == space and profile[12:16] in (b"scnr", b"mntr", b"prtr", b"spac") else None
