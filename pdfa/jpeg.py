"""JPEG, passed on untouched (ISO 32000-1, 7.4.8): eight bits, Huffman coded, sequential or progressive, grey, RGB, or inks of
which it says the colours.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pdfa.pictures import Colours, NotForPdf, Picture, usable_icc

_FRAMES = {0xC0, 0xC1, 0xC2}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_ICC_HEADER = b"ICC_PROFILE\0"


def jpeg_picture(data: bytes) -> Picture:
    """The stream as it is. Raises NotForPdf for inks without a profile, 12 bits, arithmetic coding, lossless frames, no JPEG."""
    frame, profiles, adobe, jfif = b"", {}, False, False
    for marker, body in _segments(data):
        if marker in _FRAMES:
            frame = body
        elif marker in _OTHER_FRAMES:
            raise NotForPdf
        elif marker == 0xE2 and body.startswith(_ICC_HEADER) and len(body) > 14:
            profiles[body[12]] = body[14:]
        jfif |= marker == 0xE0 and body.startswith(b"JFIF")
        adobe |= marker == 0xEE and body.startswith(b"Adobe")
    if len(frame) < 6:
        raise NotForPdf
    bits, height, width, channels = struct.unpack(">BHHB", frame[:6])
    if bits != 8 or height == 0 or width == 0 or channels not in (1, 3, 4):
        raise NotForPdf
    profile = usable_icc(b"".join(profiles[number] for number in sorted(profiles)) or None, channels)
    if channels == 4:
        if profile is None:
            raise NotForPdf
        inverted = (1.0, 0.0) * channels if adobe else ()  # Adobe's programs write how much paper is left, not how much ink
        return Picture(data, width, height, "DCTDecode", Colours(channels, profile), decode=inverted)
    plain_rgb = channels == 3 and not (adobe or jfif) and frame[6::3] == b"RGB"
    parms: dict[str, int | bool] = {"ColorTransform": 0} if plain_rgb else {}
    return Picture(data, width, height, "DCTDecode", Colours(channels, profile), parms=parms)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and content of each segment up to the first scan (ITU-T T.81, B.1.1)."""
    if data[:2] != b"\xff\xd8":
        raise NotForPdf
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotForPdf
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xDA:
            return
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, data[at + 4 : at + 2 + length]
        at += 2 + length
