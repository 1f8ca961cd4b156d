"""Pictures that came as a PDF of one page, since there are no files for the way in which they are coded (CCITT G3, JBIG2 with
symbols that pages share, colours of their own), or because several make a page. The tools are pikepdf and, to decode, PDFium.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Stream
from PIL import Image

from pdfa.jp2 import jp2_picture
from pdfa.layers import Layer, Part
from pdfa.pictures import Colours, Filter, Mask, NotForPdf, Picture, space_of, usable_icc

_FILTERS: dict[str, Filter] = {
    "/DCTDecode": "DCTDecode", "/CCITTFaxDecode": "CCITTFaxDecode", "/FlateDecode": "FlateDecode", "/JPXDecode": "JPXDecode",
    "/JBIG2Decode": "JBIG2Decode", "/RunLengthDecode": "RunLengthDecode",
}  # fmt: skip
_DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/G": 1, "/RGB": 3}
_CALIBRATED = {"/CalGray": 1, "/CalRGB": 3, "/Lab": 3}
_DAMAGED = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError)


def contained_layers(data: bytes) -> tuple[Layer, ...]:
    """Its pictures, byte for byte, lowest first. Raises NotForPdf where PDF/A has no place for their colours, or it is none."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            page = document.pages[0].obj
            wide, high = (float(side) for side in page.MediaBox[2:])
            return tuple(
                _layer(page.Resources.XObject[name], place, ink, (wide, high)) for name, place, ink in _painted(page.Contents)
            )
    except _DAMAGED as error:
        raise NotForPdf from error


def _painted(content: Object) -> Iterator[tuple[str, tuple[float, ...], tuple[float, ...] | None]]:
    """Of each picture: name, matrix, and the colour set before it, if there is one."""
    place, ink = tuple[float, ...](), None
    for step in pikepdf.parse_content_stream(content):
        code, values = str(step.operator), step.operands
        if code == "cm":
            place = tuple(float(value) for value in values)
        elif code == "rg":
            ink = tuple(float(value) for value in values)
        elif code == "Do":
            yield str(values[0]), place, ink
            ink = None


def _layer(image: Object, place: tuple[float, ...], ink: tuple[float, ...] | None, size: tuple[float, float]) -> Layer:
    (across, _, _, down, left, bottom), (wide, high) = place, size
    part = Part(left / wide, 1 - (bottom + down) / high, (left + across) / wide, 1 - bottom / high)
    if not image.get("/ImageMask", False):
        return Layer(_picture(image), part)
    red, green, blue = (round(255 * value) for value in ink or (0, 0, 0))
    return Layer(_picture(image), part, (red, green, blue))


def drawn(data: bytes) -> Image.Image:
    """What it shows, a pixel a unit: "RGB", or "L" where there is no colour. Raises what `pixels` calls damaged."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            samples = np.asarray(document[0].render(scale=1, may_draw_forms=False).to_numpy())
    except pypdfium2.PdfiumError as error:
        raise OSError from error
    blue, green, red = (samples[..., place] for place in range(3))
    if np.array_equal(blue, green) and np.array_equal(green, red):
        return Image.fromarray(np.ascontiguousarray(blue))
    return Image.fromarray(np.ascontiguousarray(samples[..., 2::-1]))


def _picture(image: Object) -> Picture:
    if not isinstance(image, Stream):
        raise NotForPdf
    masks = {name: image[name] for name in ("/Mask", "/SMask") if name in image}
    mask = next((Mask(_picture(inner), soft=name == "/SMask") for name, inner in masks.items()), None)
    return replace(_unmasked(image), mask=mask)


def _unmasked(image: Stream) -> Picture:
    data, wide, high = image.read_raw_bytes(), int(image.Width), int(image.Height)
    coding = _FILTERS[str(image.Filter)]
    decode = tuple(float(value) for value in image.get("/Decode", []))
    if coding == "JPXDecode":
        own = jp2_picture(data)
        if (own.width, own.height) != (wide, high):
            raise NotForPdf
        colours = _colours(image.ColorSpace) if "/ColorSpace" in image else own.colours
        return Picture(data, wide, high, "JPXDecode", colours, own.bits, decode=decode)
    parms = image.get("/DecodeParms", Dictionary())
    shared = parms.get("/JBIG2Globals")
    return Picture(
        data,
        wide,
        high,
        coding,
        Colours(1) if image.get("/ImageMask", False) else _colours(image.ColorSpace),
        int(image.get("/BitsPerComponent", 8 if coding == "DCTDecode" else 1)),
        {name[1:]: _parameter(value) for name, value in parms.items() if name != "/JBIG2Globals"},
        decode=decode,
        shared=shared.read_bytes() if isinstance(shared, Stream) else None,
    )


def _parameter(value: Object | int | bool) -> int | bool:  # noqa: FBT001 - a value as it stands
    return value if isinstance(value, bool) else int(value)


def _colours(space: Object) -> Colours:
    """Raises NotForPdf for those that depend on a device that is not ours (ISO 19005-2, 6.2.4)."""
    if not isinstance(space, Array):
        return Colours(_of(_DEVICE, space))
    if space[0] == Name.ICCBased:
        return _of_profile(space[1])
    if space[0] in (Name.Indexed, Name.I):
        base, table = _colours(space[1]), space[3]
        palette = table.read_bytes() if isinstance(table, Stream) else bytes(table)
        return Colours(base.channels, base.icc, palette[: (int(space[2]) + 1) * base.channels], base.written)
    if str(space[0]) in _CALIBRATED:
        return Colours(_CALIBRATED[str(space[0])], written=space.unparse(resolved=True))
    return Colours(_of(_DEVICE, space[0]))


def _of(known: dict[str, int], name: Object) -> int:
    if str(name) not in known:
        raise NotForPdf
    return known[str(name)]


def _of_profile(stream: Object) -> Colours:
    """What its profile says; where the profile is broken, the usual grey or RGB."""
    count, profile = int(stream.N), stream.read_bytes()
    if (usable := usable_icc(profile, count)) is None and (count not in (1, 3) or space_of(profile) not in (None, count)):
        raise NotForPdf
    return Colours(count, usable)
