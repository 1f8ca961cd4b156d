"""PNG without its wrapping: PDF knows the same compression and the same row predictors (ISO 32000-1, 7.4.4.4)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from pdfa.pictures import Colours, NotForPdf, Picture, usable_icc

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _RGB, _PALETTE = 0, 2, 3
_PNG_PREDICTORS = 15
_ICC_LIMIT = 4 << 20


def png_picture(data: bytes) -> Picture:
    """The compressed rows as they are. Raises NotForPdf where there is transparency or interlacing, or where it is no PNG."""
    if not data.startswith(_SIGNATURE):
        raise NotForPdf
    chunks: dict[bytes, bytes] = {}
    rows: list[bytes] = []
    for kind, body in _chunks(data):
        if kind == b"IDAT":
            rows.append(body)
        else:
            chunks.setdefault(kind, body)
    if len(chunks.get(b"IHDR", b"")) != 13 or not rows:
        raise NotForPdf
    width, height, bits, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if colour_type not in (_GREY, _RGB, _PALETTE) or interlaced or b"tRNS" in chunks:
        raise NotForPdf
    samples = 3 if colour_type == _RGB else 1
    parms: dict[str, int | bool] = {"Predictor": _PNG_PREDICTORS, "Colors": samples, "BitsPerComponent": bits, "Columns": width}
    palette = chunks.get(b"PLTE") if colour_type == _PALETTE else None
    channels = 1 if colour_type == _GREY else 3
    colours = Colours(channels, usable_icc(_profile(chunks.get(b"iCCP")), channels), palette)
    return Picture(b"".join(rows), width, height, "FlateDecode", colours, bits, parms)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def _profile(chunk: bytes | None) -> bytes | None:
    if chunk is None or b"\0" not in chunk:
        return None
    compressed = chunk[chunk.index(b"\0") + 2 :]
    try:
        return zlib.decompressobj().decompress(compressed, _ICC_LIMIT)
    except zlib.error:
        return None
