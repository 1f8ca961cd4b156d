"""Ways of spoiling a valid file. Each takes its bytes and a source of chance; the same chance gives the same bytes."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]

ENDS = {"png": b"\x00\x00\x00\x00IEND\xaeB`\x82", "jpeg": b"\xff\xd9", "pdf": b"\n%%EOF\n"}
"""With their end put back, files that were cut off are not told by their end."""
NUMBERS = (0, 1, 2, 7, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def flips(data: bytes, rng: Random) -> bytes:
    """A few bits turned over."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 3, 10, 50))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def head_flips(data: bytes, rng: Random) -> bytes:
    """The same near the beginning, where sizes and tables stand."""
    most = min(len(data), 600)
    return flips(data[:most], rng) + data[most:]


def numbers(data: bytes, rng: Random) -> bytes:
    """Numbers of two or four bytes put anywhere."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 5))):
        size, order = rng.choice((2, 4)), rng.choice((">", "<"))
        packed = struct.pack(f"{order}I", rng.choice(NUMBERS))
        at = rng.randrange(max(1, min(len(out) - 4, rng.choice((64, 1024, len(out))))))
        out[at : at + size] = packed[-size:] if order == ">" else packed[:size]
    return bytes(out)


def blanked(data: bytes, rng: Random) -> bytes:
    """A stretch of one value."""
    start, length = rng.randrange(len(data)), rng.choice((4, 64, 1024))
    return data[:start] + bytes([rng.choice((0, 0xFF, 0x20))]) * len(data[start : start + length]) + data[start + length :]


def taken_out(data: bytes, rng: Random) -> bytes:
    """A stretch is missing."""
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.choice((1, 16, 512)) :]


def doubled(data: bytes, rng: Random) -> bytes:
    """A stretch stands twice."""
    start = rng.randrange(len(data))
    end = start + rng.choice((1, 16, 512))
    return data[:end] + data[start:end] + data[end:]


def cut_off(data: bytes, rng: Random) -> bytes:
    """The rest is missing."""
    return data[: rng.randrange(len(data))]


def mended_end(kind: str) -> Mutation:
    """Cut off, with the end that its kind must have."""

    def mended(data: bytes, rng: Random) -> bytes:
        return cut_off(data, rng) + ENDS[kind]

    return mended


def png_header(data: bytes, rng: Random) -> bytes:
    """Another header, whose sum is right."""
    head = list(struct.unpack(">IIBBBBB", data[16:29]))
    field = rng.randrange(7)
    head[field] = rng.choice(NUMBERS) if field < 2 else rng.choice((0, 1, 2, 3, 4, 6, 8, 16, 255))
    body = b"IHDR" + struct.pack(">IIBBBBB", *head)
    return data[:12] + body + struct.pack(">I", zlib.crc32(body)) + data[33:]


def png_chunk(data: bytes, rng: Random) -> bytes:
    """A chunk more, of those that hold compressed or long values, whose sum is right."""
    name = rng.choice((b"iCCP", b"zTXt", b"iTXt", b"eXIf", b"tRNS", b"PLTE", b"acTL", b"pHYs"))
    body = name + rng.choice((b"a\0\0" + zlib.compress(bytes(1 << 22)), b"", rng.randbytes(40), bytes(9)))
    return data[:33] + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) + data[33:]


def jpeg_size(data: bytes, rng: Random) -> bytes:
    """Another size or number of channels in the frame header."""
    at = re.search(rb"\xff[\xc0\xc1\xc2]", data)
    if at is None:
        return data
    out = bytearray(data)
    high, wide = rng.choice(((1, 1), (65535, 65535), (0, 100), (3000, 3000), (20_000, 5_000), (100, 0)))
    out[at.start() + 5 : at.start() + 9] = struct.pack(">HH", high, wide)
    if rng.random() < 0.3:
        out[at.start() + 9] = rng.choice((0, 1, 2, 4, 255))
    return bytes(out)


def jpeg_segment(data: bytes, rng: Random) -> bytes:
    """Another length or content of a segment."""
    places = [found.start() for found in re.finditer(rb"\xff[\xc0-\xcf\xd8-\xfe]", data)]
    at = rng.choice(places)
    out = bytearray(data)
    out[at + 2 : at + 4] = struct.pack(">H", rng.choice((0, 1, 2, 3, 20, 65535)))
    return bytes(out)


def tiff_entry(data: bytes, rng: Random) -> bytes:
    """Another tag, type, number or value in one of the directories."""
    out = bytearray(data)
    order = "<" if data[:2] == b"II" else ">"
    directories = []
    at = struct.unpack_from(f"{order}I", data, 4)[0]
    while at and at + 2 < len(data) and at not in directories:
        directories.append(at)
        at = struct.unpack_from(f"{order}I", data, at + 2 + 12 * struct.unpack_from(f"{order}H", data, at)[0])[0]
    at = rng.choice(directories)
    count = struct.unpack_from(f"{order}H", data, at)[0]
    entry = at + 2 + 12 * rng.randrange(count + 1)
    if entry == at + 2 + 12 * count:  # where the next directory stands
        struct.pack_into(f"{order}I", out, entry, rng.choice((0, at, directories[0], len(data), len(data) - 2, 2**32 - 1)))
    else:
        field, size = rng.choice(((0, "H"), (2, "H"), (4, "I"), (8, "I"), (8, "I")))
        value = rng.choice(NUMBERS) if size == "I" else rng.choice((0, 1, 2, 3, 4, 5, 7, 12, 13, 254, 259, 273, 322, 65535))
        struct.pack_into(f"{order}{size}", out, entry + field, value)
    return bytes(out)


def box(data: bytes, rng: Random) -> bytes:
    """Another length or kind of one of the boxes, wherever a name of four letters stands behind a length."""
    places = [found.start() for found in re.finditer(rb"\0[\0-\xff]{3}(?=[a-zA-Z]{4})", data)]
    if not places:
        return data
    at, out = rng.choice(places), bytearray(data)
    if rng.random() < 0.7:
        struct.pack_into(">I", out, at, rng.choice((0, 1, 7, 8, 16, len(data), *NUMBERS)))
    else:
        out[at + 4 : at + 8] = rng.choice((b"mdat", b"meta", b"iloc", b"irot", b"ispe", b"jp2c", b"colr", b"pclr", b"free"))
    return bytes(out)


def pdf_number(data: bytes, rng: Random) -> bytes:
    """Another number after a name in a dictionary or an array."""
    return _replaced(data, rb"(/\w+\s*\[?\s*)(-?\d[\d.]*)", rng, lambda: str(_odd(rng)).encode())


def pdf_reference(data: bytes, rng: Random) -> bytes:
    """A reference to another object: loops, wrong kinds, nothing."""
    return _replaced(data, rb"()(\d+)(?= 0 R)", rng, lambda: str(rng.randrange(1, 25)).encode())


def pdf_name(data: bytes, rng: Random) -> bytes:
    """A name where another stood."""
    names = re.findall(rb"/[A-Za-z][A-Za-z0-9]*", data) or [b"/None"]
    more = [b"/LZWDecode", b"/JBIG2Decode", b"/ASCIIHexDecode", b"/RunLengthDecode", b"/Pattern", b"/Indexed", b"/DeviceCMYK"]
    return _replaced(data, rb"()(/[A-Za-z][A-Za-z0-9]*)", rng, lambda: rng.choice([*names, *more]))


def pdf_token(data: bytes, rng: Random) -> bytes:
    """A bracket or keyword lost."""
    return _replaced(data, rb"()(<<|>>|\[|\]|endobj|endstream|stream|obj|xref|trailer|startxref)", rng, lambda: b"")


def _odd(rng: Random) -> float:
    return rng.choice((-1, 0, 1, 2, 3, 16, 90, 91, 1000, 65536, 200_000, 2**31, 2**40, 1e-9, 1e12, rng.randrange(5000)))


def _replaced(data: bytes, pattern: bytes, rng: Random, value: Callable[[], bytes]) -> bytes:
    found = list(re.finditer(pattern, data))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 2, 4)))), key=lambda each: -each.start()):
        data = data[: match.start(2)] + value() + data[match.end(2) :]
    return data


COMMON = (flips, head_flips, numbers, blanked, taken_out, doubled, cut_off)
OF_KIND: dict[str, tuple[Mutation, ...]] = {
    "png": (mended_end("png"), png_header, png_header, png_chunk, png_chunk),
    "jpeg": (mended_end("jpeg"), jpeg_size, jpeg_segment, jpeg_segment),
    "tiff": (tiff_entry,) * 6,
    "pdf": (mended_end("pdf"), pdf_number, pdf_number, pdf_number, pdf_reference, pdf_reference, pdf_name, pdf_name, pdf_token),
    "webp": (),
    "jp2": (box,) * 2,
    "boxes": (box,) * 6,
    "bmp": (),
    "big": (),
}
