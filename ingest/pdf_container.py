"""A picture that is no file of its own goes on as a PDF of one page, which holds it byte for byte and nothing else.

The page is as wide and high as the picture, one unit a pixel, so that whoever draws it at 72 dpi has the picture itself.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from ingest.pdf_stream import Coded

_CARRIED = ("/ColorSpace", "/Decode", "/BitsPerComponent", "/Intent")


def of_picture(source: Pdf, stream: Stream, part: Coded) -> bytes:
    """`stream` of `source`, coded as `part` says."""
    wide, high = int(stream.Width), int(stream.Height)
    with pikepdf.new() as document:
        entries = {name: _copied(document, source, stream[name]) for name in _CARRIED if name in stream}
        picture = Stream(document, part.data, Type=Name.XObject, Subtype=Name.Image, Width=wide, Height=high)
        for name, value in entries.items():
            picture[name] = value
        picture.Filter = Name(part.filter)
        if len(part.parms):
            picture.DecodeParms = _copied(document, source, part.parms)
        return _written(document, (wide, high), {"/Im": picture}, f"q {wide} 0 0 {high} 0 0 cm /Im Do Q".encode())


def _copied(document: Pdf, source: Pdf, thing: object) -> object:
    """Direct ones may hold references too; numbers and the like are values."""
    if not isinstance(thing, pikepdf.Object):
        return thing
    return document.copy_foreign(thing if thing.is_indirect else source.make_indirect(thing))


def _written(document: Pdf, size: tuple[int, int], things: Mapping[str, pikepdf.Object], content: bytes) -> bytes:
    page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *size]), Resources=Dictionary(XObject=Dictionary(dict(things))))
    page.Contents = Stream(document, content)
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    out = io.BytesIO()
    document.save(out, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()
