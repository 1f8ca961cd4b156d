"""What stands before the first scan of a JPEG (ITU-T T.81, B.2), and how one is put together from strips without decoding any."""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

COMMON = {0xC0, 0xC1, 0xC2}
"""Frames that every viewer decodes: Huffman coded, sequential or progressive."""
ARITHMETIC = {0xC9, 0xCA}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL = {0xC0, 0xC1}
_TABLES = {0xDB, 0xC4}
_ADOBE = struct.Struct(">5sHHHB")
ICC = b"ICC_PROFILE\0"
_MOST_ICC = 65519
_MOST_UNITS = 65535


class NotJpeg(ValueError):
    """No JPEG, or one whose beginning is damaged, or strips that do not belong together."""


@dataclass(frozen=True, slots=True)
class Head:
    """`frame`: the marker of its kind; `adobe`: the transform that Adobe's marker states, None without it; `body`: where what is
    behind the header of the first scan begins.
    """

    frame: int
    bits: int
    width: int
    height: int
    parts: tuple[bytes, ...]
    segments: tuple[tuple[int, bytes], ...]
    adobe: int | None
    body: int

    @property
    def channels(self) -> int:
        """How many there are."""
        return len(self.parts)

    @property
    def unit(self) -> tuple[int, int]:
        """Width and height in pixels of what is coded at once (A.2.3)."""
        if len(self.parts) == 1:
            return 8, 8
        return 8 * max(part[1] >> 4 for part in self.parts), 8 * max(part[1] & 15 for part in self.parts)

    @property
    def restarts(self) -> bool:
        """Whether it states an interval of its own."""
        return any(marker == 0xDD and any(body) for marker, body in self.segments)

    @property
    def has_profile(self) -> bool:
        """Whether it carries a colour profile."""
        return any(marker == 0xE2 and body.startswith(ICC) for marker, body in self.segments)


def read(data: bytes) -> Head:
    """Raises NotJpeg."""
    segments, at = [], 0
    for marker, body, after in markers(data):
        segments.append((marker, body))
        at = after
    frames = [(marker, body) for marker, body in segments if marker in _FRAMES]
    if not frames or segments[-1][0] != 0xDA or len(frames[0][1]) < 6:
        raise NotJpeg
    marker, frame = frames[0]
    bits, height, width, count = struct.unpack(">BHHB", frame[:6])
    parts = tuple(frame[6 + 3 * n : 9 + 3 * n] for n in range(count))
    if not parts or len(parts[-1]) < 3 or any(not (part[1] >> 4 and part[1] & 15) for part in parts):
        raise NotJpeg
    adobe = next((body[11] for kind, body in segments if kind == 0xEE and body[:5] == b"Adobe" and len(body) > 11), None)
    return Head(marker, bits, width, height, parts, tuple(segments), adobe, at)


def markers(data: bytes | mmap.mmap) -> Iterator[tuple[int, bytes, int]]:
    """Marker, content and end of each, up to the header of the first scan and with it. Raises NotJpeg."""
    if data[:2] != b"\xff\xd8":
        raise NotJpeg
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise NotJpeg
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            raise NotJpeg
        yield marker, data[at + 4 : at + 2 + length], at + 2 + length
        if marker == 0xDA:
            return
        at += 2 + length


def settled(data: bytes) -> bytes:
    """The same where programs agree about its colours. Where JFIF's marker says luminance and differences and Adobe's says red,
    green and blue, some believe the one and some the other: Adobe's knows better, and JFIF's goes. What is no JPEG stays.
    """
    try:
        head = read(data)
    except NotJpeg:
        return data
    if head.adobe != 0 or head.channels != 3:
        return data
    first = data[2:4] == b"\xff\xe0" and data[6:10] == b"JFIF"
    return data[:2] + data[4 + int.from_bytes(data[4:6], "big") :] if first else data


def with_adobe(data: bytes, transform: int) -> bytes:
    """With Adobe's marker in front: 0, the channels are what they are; 1, luminance and colour differences (T.872, 6.5.3)."""
    return data[:2] + b"\xff\xee\x00\x0e" + _ADOBE.pack(b"Adobe", 100, 0, 0, transform) + data[2:]


def with_profile(data: bytes, profile: bytes) -> bytes:
    """With a colour profile in front, in as many pieces as it needs (ICC.1, annex B.4)."""
    pieces = [profile[at : at + _MOST_ICC] for at in range(0, len(profile), _MOST_ICC)]
    segments = (
        b"\xff\xe2" + struct.pack(">H", len(piece) + 16) + ICC + bytes((number, len(pieces))) + piece
        for number, piece in enumerate(pieces, 1)
    )
    return data[:2] + b"".join(segments) + data[2:]


def with_tables(stream: bytes, tables: bytes) -> bytes:
    """An abbreviated stream made whole: the tables that several share go behind its start marker (TIFF Technical Note 2)."""
    return stream[:2] + tables[2:-2] + stream[2:]


def joined(strips: Sequence[bytes]) -> bytes:
    """One JPEG of strips that stand one below the other: each becomes what is between two restart markers, bit for bit (E.1.4).

    All are to be as wide, of the same tables, sequential, in one scan, and all but the last as high. Raises NotJpeg.
    """
    if len(strips) == 1:
        return strips[0]
    if not strips:
        raise NotJpeg
    heads = [read(strip) for strip in strips]
    first, last = heads[0], heads[-1]
    units = -(-first.width // first.unit[0]) * (first.height // first.unit[1])
    if first.frame not in _SEQUENTIAL or first.height % first.unit[1] or first.restarts or not 0 < units <= _MOST_UNITS:
        raise NotJpeg
    if any(_look(head) != _look(first) or head.height != first.height for head in heads[:-1]):
        raise NotJpeg
    if _look(last) != _look(first) or last.height > first.height:
        raise NotJpeg
    height = first.height * (len(strips) - 1) + last.height
    scans = [_scan(strip, head) for strip, head in zip(strips, heads, strict=True)]
    entropy = b"".join(scan + bytes((0xFF, 0xD0 + number % 8)) for number, scan in enumerate(scans[:-1])) + scans[-1]
    return _headed(strips[0], first, height, units) + entropy + b"\xff\xd9"


def _look(head: Head) -> tuple[object, ...]:
    """What must be alike: all but the height and what only comments."""
    tables = tuple((marker, body) for marker, body in head.segments if marker in _TABLES or marker == 0xDA)
    return head.frame, head.bits, head.width, head.parts, head.adobe, tables


def _scan(strip: bytes, head: Head) -> bytes:
    """What is coded. Raises NotJpeg where there is more than one scan, or an end in the midst of it."""
    end = strip.rfind(b"\xff\xd9")
    scan = strip[head.body : end if end >= 0 else len(strip)]
    at = scan.find(b"\xff")
    while at >= 0:
        if scan[at + 1 : at + 2] != b"\0":
            raise NotJpeg
        at = scan.find(b"\xff", at + 1)
    return scan


def _headed(strip: bytes, head: Head, height: int, units: int) -> bytes:
    """Everything before what is coded, of another height and with an interval for restarts."""
    if height > 65535:
        raise NotJpeg
    out = bytearray(strip[:2])
    for marker, body in head.segments:
        if marker == head.frame:
            body = body[:1] + struct.pack(">H", height) + body[3:]  # noqa: PLW2901 - the frame alone is changed
        if marker == 0xDA:
            out += b"\xff\xdd\x00\x04" + struct.pack(">H", units)
        out += bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body
    return bytes(out)
