"""The stream of a PDF's picture without what is merely wrapped around it (ISO 32000-1, 7.4), and what can be known of it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

from ingest.unpacked import holds, is_longer, lzw_is_longer

DCT, JPX, CCITT, JBIG2, FLATE = "/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/FlateDecode"
RUN_LENGTH, LZW = "/RunLengthDecode", "/LZWDecode"
_SHORT = {
    "/DCT": DCT, "/CCF": CCITT, "/Fl": FLATE, "/RL": RUN_LENGTH, "/LZW": LZW, "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
}  # fmt: skip
_KEPT = (DCT, JPX, CCITT, JBIG2, FLATE, RUN_LENGTH)
"""What PDF/A-2 allows (ISO 19005-2, 6.1.7.2). What is in LZW or in letters is packed anew, without loss."""
_LARGEST = 220_000_000
"""Bytes: A3 in colour at 600 dpi."""
_RATIO = 4096
"""More than any of the filters swells."""
_CHANNELS = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/Lab": 3,
    "/Indexed": 1,
    "/G": 1,
    "/RGB": 3,
    "/I": 1,
}


@dataclass(frozen=True, slots=True)
class Coded:
    """A picture's bytes with the one filter that they have and its parameters."""

    data: bytes
    filter: str
    parms: Dictionary

    def number(self, name: str, default: int) -> int:
        """One of the parameters."""
        return int(self.parms.get(name, default))


def coded(stream: pikepdf.Stream) -> Coded | None:
    """None for what would fill the memory once it is unwrapped. Raises pikepdf's errors for a damaged stream."""
    filters = [_SHORT.get(str(each), str(each)) for each in stream.get("/Filter", Array()).wrap_in_array()]
    parms = [_dictionary(each) for each in stream.get("/DecodeParms", Array()).wrap_in_array()]
    parms += [Dictionary() for _ in filters[len(parms) :]]
    if _swells(stream, filters):
        return None
    if not filters or filters[-1] not in _KEPT:
        return Coded(zlib.compress(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized), 6), FLATE, Dictionary())
    data = stream.read_raw_bytes()
    if len(filters) > 1:
        with pikepdf.new() as scratch:
            outer = pikepdf.Stream(scratch, data, Filter=Array([Name(name) for name in filters[:-1]]))
            outer.DecodeParms = Array([_own(scratch, each) for each in parms[:-1]])
            data = outer.read_bytes(pikepdf.StreamDecodeLevel.generalized)
    return Coded(data, filters[-1], parms[-1])


def _own(scratch: pikepdf.Pdf, parms: Dictionary) -> pikepdf.Object | None:
    """A filter's parameters in another file; None where there are none: with empty ones qpdf unpacks no letters (ASCII85)."""
    if not len(parms):
        return None
    return scratch.copy_foreign(parms) if parms.is_indirect else parms


def _swells(stream: pikepdf.Stream, filters: list[str]) -> bool:
    """Whether more than the largest picture comes out of what has to be unwrapped."""
    outer = filters if filters[-1:] and filters[-1] not in _KEPT else filters[:-1]
    if not outer:
        return False
    if outer == [LZW]:
        early = int(_dictionary(stream.get("/DecodeParms")).get("/EarlyChange", 1)) == 1
        return lzw_is_longer(stream.read_raw_bytes(), _LARGEST, early=early)
    if LZW in outer or RUN_LENGTH in outer:  # what no program writes
        return len(stream.read_raw_bytes()) > _LARGEST // _RATIO
    return is_longer(stream, _LARGEST)


def _dictionary(thing: pikepdf.Object | None) -> Dictionary:
    return thing if isinstance(thing, Dictionary) else Dictionary()


def channels(space: pikepdf.Object | None) -> int | None:
    """Of a colour space in which PDF/A-2 can show a picture; None for any other (ISO 19005-2, 6.2.4)."""
    if isinstance(space, Array) and len(space) > 1 and space[0] == Name.ICCBased:
        count = int(space[1].N)
        return count if count in (1, 3, 4) else None
    if isinstance(space, Array) and len(space) > 3 and space[0] in (Name.Indexed, Name.I):
        base = channels(space[1])
        return 1 if base is not None and str(_family(space[1])) not in ("/Indexed", "/I") else None
    return _CHANNELS.get(str(_family(space)))


def _family(space: pikepdf.Object | None) -> pikepdf.Object | None:
    return space[0] if isinstance(space, Array) and len(space) else space


def is_plain(space: pikepdf.Object | None) -> bool:
    """Whether it says no more than how many channels there are, in colours that a screen has anyway."""
    return str(_family(space)) in ("/DeviceGray", "/DeviceRGB", "/G", "/RGB")


def fills(part: Coded, size: tuple[int, int], bits: int, count: int) -> bool:
    """Whether packed rows are all there and are of the picture's own measures; of other codings nothing is known."""
    if part.filter != FLATE:
        return True
    predictor = part.number("/Predictor", 1)
    if predictor > 1:
        stated = part.number("/Columns", 1), part.number("/Colors", 1), part.number("/BitsPerComponent", 8)
        if stated != (size[0], count, bits):
            return False
    row = (size[0] * count * bits + 7) // 8 + (predictor >= 10)
    return holds(part.data, row * size[1])
