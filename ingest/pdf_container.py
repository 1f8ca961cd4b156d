"""Pictures that are no files of their own go on as a PDF of one page, which holds them byte for byte and nothing else.

The page is as wide and high as the picture, or as what the pictures make between them, a unit a pixel: whoever draws it at 72 dpi
has the picture itself. Its content says for each `q R G B rg A 0 0 D E F cm /Im0 Do Q`, the colour for stencils alone.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from ingest.pdf_stream import Coded
from ingest.placement import Ink

_CARRIED = ("/ColorSpace", "/Decode", "/BitsPerComponent", "/Intent", "/ImageMask")


@dataclass(frozen=True, slots=True)
class Part:
    """A picture of the source with its coding, that of its mask (`/Mask` or `/SMask`), where it stands (left, bottom, width and
    height in pixels, y upwards), and in what colour if it is a stencil.
    """

    stream: Stream
    coded: Coded
    place: tuple[float, float, float, float]
    mask: tuple[str, Stream, Coded] | None = None
    ink: Ink | None = None


def contained(source: Pdf, size: tuple[int, int], parts: Sequence[Part]) -> bytes:
    """The PDF; `size`: width and height in pixels. What is painted several times is in it once."""
    with pikepdf.new() as document:
        things, content, made = Dictionary(), [], dict[tuple[int, int], pikepdf.Object]()
        for number, part in enumerate(parts):
            if part.stream.objgen not in made:
                made[part.stream.objgen] = _copied_part(document, source, part)
            things[f"/Im{number}"] = made[part.stream.objgen]
            left, bottom, wide, high = part.place
            ink = f"{' '.join(f'{value:.4f}' for value in part.ink)} rg " if part.ink else ""
            content.append(f"q {ink}{wide:.4f} 0 0 {high:.4f} {left:.4f} {bottom:.4f} cm /Im{number} Do Q")
        page = Dictionary(Type=Name.Page, MediaBox=Array([0, 0, *size]), Resources=Dictionary(XObject=things))
        page.Contents = Stream(document, "\n".join(content).encode())
        document.pages.append(pikepdf.Page(document.make_indirect(page)))
        out = io.BytesIO()
        document.save(out, deterministic_id=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return out.getvalue()


def _copied_part(document: Pdf, source: Pdf, part: Part) -> pikepdf.Object:
    picture = _copied_picture(document, source, part.stream, part.coded)
    if part.mask is not None:
        name, stream, coded = part.mask
        picture[name] = document.make_indirect(_copied_picture(document, source, stream, coded))
    return document.make_indirect(picture)


def _copied_picture(document: Pdf, source: Pdf, stream: Stream, coded: Coded) -> Stream:
    picture = Stream(document, coded.data, Type=Name.XObject, Subtype=Name.Image, Width=stream.Width, Height=stream.Height)
    for name in _CARRIED:
        if name in stream:
            picture[name] = _copied(document, source, stream[name])
    picture.Filter = Name(coded.filter)
    if len(coded.parms):
        picture.DecodeParms = _copied(document, source, coded.parms)
    return picture


def _copied(document: Pdf, source: Pdf, thing: object) -> object:
    """Direct ones may hold references too; numbers and the like are values."""
    if not isinstance(thing, pikepdf.Object):
        return thing
    return document.copy_foreign(thing if thing.is_indirect else source.make_indirect(thing))
