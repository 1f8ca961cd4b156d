"""How long a stream of a PDF is once it is unpacked, found out without holding more of it than a little."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

import pikepdf

_STEP = 1 << 20
_RATIO = 1032
"""How many times longer than itself Deflate can unpack (zlib's documentation)."""
_FLATE = ("/FlateDecode", "/Fl")
_CLEAR, _END = 256, 257


def is_longer(stream: pikepdf.Stream, most: int) -> bool:
    """Whether it is longer than `most` bytes. Filters other than Deflate count as if they changed nothing."""
    packed = [str(each) for each in stream.get("/Filter", pikepdf.Array()).wrap_in_array()]
    depth = next((number for number, name in enumerate(packed) if name not in _FLATE), len(packed))
    data = stream.read_raw_bytes()
    if len(data) * _RATIO**depth <= most:
        return False
    parts: Iterable[bytes] = (data,)
    for _ in range(depth):
        parts = _inflated(parts)
    total = 0
    return any((total := total + len(part)) > most for part in parts)


def _inflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Piece by piece; ends where it is damaged."""
    unpacker = zlib.decompressobj()
    try:
        for part in parts:
            yield unpacker.decompress(part, _STEP)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, _STEP)
    except zlib.error:
        return


def is_whole(stream: pikepdf.Stream) -> bool:
    """Whether what is deflated last unpacks without an error up to its own end; what is not deflated counts as whole."""
    packed = [str(each) for each in stream.get("/Filter", pikepdf.Array()).wrap_in_array()]
    unpacker, data = zlib.decompressobj(), stream.read_raw_bytes()
    if not data or not packed or packed[0] not in _FLATE:
        return True
    try:
        for _ in _steps(unpacker, data):
            pass
    except zlib.error:
        return False
    return bool(unpacker.eof)


def holds(data: bytes, count: int) -> bool:
    """Whether deflated `data` are sound and at least `count` bytes long once they are unpacked."""
    total = 0
    try:
        return any((total := total + len(part)) >= count for part in _steps(zlib.decompressobj(), data))
    except zlib.error:
        return False


def _steps(unpacker: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Piece by piece until it ends, or nothing more comes of what is there. Raises zlib.error where it is damaged."""
    while not unpacker.eof and (part := unpacker.decompress(data, _STEP)):
        yield part
        data = unpacker.unconsumed_tail


def lzw_is_longer(data: bytes, most: int, *, early: bool = True) -> bool:
    """Whether LZW (ISO 32000-1, 7.4.4.2) unpacks to more than `most` bytes, by the lengths of its sequences alone. What is behind
    an impossible code does not count. `early`: codes grow one early.
    """
    lengths, last, total, wide, at, bits = [1] * 258, 0, 0, 9, 0, 0
    for byte in data:
        at, bits = (at << 8 | byte) & 0xFFFFFF, bits + 8
        if bits < wide:
            continue
        bits -= wide
        code = at >> bits & ((1 << wide) - 1)
        if code == _CLEAR:
            del lengths[258:]
            last, wide = 0, 9
            continue
        if code == _END or code > len(lengths):
            return False
        if last:
            lengths.append(last + 1)
        if code >= len(lengths):
            return False
        last = lengths[code]
        total += last
        if total > most:
            return True
        wide = min(max(9, (len(lengths) + early).bit_length()), 12)
    return False
