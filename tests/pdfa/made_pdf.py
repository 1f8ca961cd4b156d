"""PDFs of one picture, coded in every way that PDF has (ISO 32000-1, 7.4 and 8.9.5)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name, Stream
from PIL import Image


def picture_page(path: Path, size: tuple[int, int], dpi: int, data: bytes, **entries: Any) -> Path:
    """A page that is filled by a picture of `data`. Values that are bytes become streams; `Page` are entries of the page."""
    with pikepdf.new() as document:
        wide, high = (72 * side / dpi for side in size)
        document.add_blank_page(page_size=(wide, high))
        sheet = document.pages[0]
        for name, value in dict(entries.pop("Page", {})).items():
            sheet.obj[f"/{name}"] = value
        picture = Stream(document, data, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1])
        for name, value in entries.items():
            picture[f"/{name}"] = _made(document, value)
        name = sheet.add_resource(picture, Name.XObject, Name.Im)
        sheet.contents_add(f"q {wide:.5f} 0 0 {high:.5f} 0 0 cm {name} Do Q".encode())
        document.save(path, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return path


@dataclass(frozen=True)
class Piece:
    """A picture on a page: its coded data and entries, its size, where its left upper corner stands (pixels), a stencil's ink."""

    data: bytes
    size: tuple[int, int]
    corner: tuple[int, int]
    entries: dict[str, object]
    ink: str = ""


def page_of(path: Path, size: tuple[int, int], dpi: int, pieces: list[Piece]) -> Path:
    """A page of several pictures, the first lowest."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(72 * size[0] / dpi, 72 * size[1] / dpi))
        sheet = document.pages[0]
        for piece in pieces:
            (wide, high), (left, top) = piece.size, piece.corner
            picture = Stream(document, piece.data, Type=Name.XObject, Subtype=Name.Image, Width=wide, Height=high)
            for name, value in piece.entries.items():
                picture[f"/{name}"] = _made(document, value)
            drawn = sheet.add_resource(picture, Name.XObject)
            place = (72 * number / dpi for number in (wide, high, left, size[1] - top - high))
            matrix = "{:.5f} 0 0 {:.5f} {:.5f} {:.5f}".format(*place)
            sheet.contents_add(f"q {piece.ink} {matrix} cm {drawn} Do Q".encode())
        document.save(path, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return path


def _made(document: pikepdf.Pdf, value: object) -> object:
    if isinstance(value, dict):
        return pikepdf.Dictionary({f"/{name}": _made(document, inner) for name, inner in value.items()})
    if isinstance(value, list):
        return pikepdf.Array([_made(document, inner) for inner in value])
    if isinstance(value, tuple):  # a stream: its data and its entries
        return document.make_stream(value[0], **{name: _made(document, inner) for name, inner in value[1].items()})
    return value


def profile(icc: bytes, channels: int) -> list[object]:
    """A colour space of its own."""
    return [Name.ICCBased, (icc, {"N": channels})]


def predicted(picture: Image.Image) -> bytes:
    """Rows of which each is told by the one above, as PNG does (predictor 12)."""
    row = len(picture.tobytes()) // picture.height
    data, last, out = picture.tobytes(), bytes(row), bytearray()
    for start in range(0, len(data), row):
        here = data[start : start + row]
        out += b"\x02" + bytes((a - b) & 0xFF for a, b in zip(here, last, strict=True))
        last = here
    return zlib.compress(bytes(out))


def run_lengths(data: bytes) -> bytes:
    """In runs where there are any (7.4.5)."""
    out, at = bytearray(), 0
    while at < len(data):
        run = 1
        while run < 128 and data[at : at + 1] == data[at + run : at + run + 1]:
            run += 1
        out += bytes((257 - run, data[at])) if run > 1 else bytes((0, data[at]))
        at += run
    return bytes(out) + b"\x80"


def lzw(data: bytes) -> bytes:
    """All in codes of nine bits: the table is cleared before it could need more (7.4.4.2)."""
    codes = [256]
    for count, byte in enumerate(data, 1):
        codes.append(byte)
        if count % 200 == 0:
            codes.append(256)
    bits = "".join(f"{code:09b}" for code in (*codes, 257))
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
