"""Page images as arrays: decoded, turned as their orientation says. The tools are Pillow and OpenCV."""

from __future__ import annotations

import io
import struct
from contextlib import suppress

import cv2
import numpy as np
import PIL.MpoImagePlugin  # noqa: F401 - Pillow opens a file of two pictures only where it knows the kind beforehand
from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from domain.errors import Unreadable
from domain.pages import PageImage
from ocr.contained import drawn
from ocr.engine import Gray

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_JP2 = "image/jp2"
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", _JP2: "JPEG2000"}
_CONTAINED = "application/pdf"
_SIXTEEN_BITS = 65535
_MOST_OF_JP2 = 36_000_000
"""Pixels; A4 at 600 dpi has 35 million."""
_DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, OverflowError, TypeError, LookupError, AttributeError, RuntimeError, struct.error,
    Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow raises for damaged pictures."""


def decode(image: PageImage) -> Image.Image:
    """The picture as a viewer shows it, grey ("L") or "RGB". Raises Unreadable `broken_page`.

    The orientation is that of the page image; what the encoded picture says about itself was taken into account when it was cut.
    """
    try:
        plain = drawn(image.data, (image.width, image.height)) if image.media_type == _CONTAINED else _opened(image)
    except _DAMAGED as error:
        raise Unreadable(
            "broken_page",
            f"Ảnh của trang {image.number} bị hỏng. Hãy quét lại trang này rồi làm lại tệp.",
            f"The picture of page {image.number} is damaged. Scan this page again and make the file anew.",
        ) from error
    turn = _TURNS.get(image.orientation)
    return plain.transpose(turn) if turn is not None else plain


def upright(picture: Image.Image, degrees: int) -> Image.Image:
    """After clockwise quarter turns."""
    return picture.transpose(_CLOCKWISE[degrees]) if degrees else picture


def _opened(image: PageImage) -> Image.Image:
    """A large picture of JPEG 2000 comes from half its resolution, where it holds several: OpenJPEG takes four bytes for each
    sample that it decodes.
    """
    if image.media_type == _JP2 and image.width * image.height > _MOST_OF_JP2:
        with suppress(*_DAMAGED):
            return _loaded(image, halved=True).resize((image.width, image.height), Image.Resampling.BICUBIC)
    return _loaded(image)


def _loaded(image: PageImage, *, halved: bool = False) -> Image.Image:
    with Image.open(io.BytesIO(image.data), formats=[_FORMATS[image.media_type], "MPO"]) as source:
        if source.size != (image.width, image.height):  # checked against the limit when it was cut
            raise SyntaxError
        if isinstance(source, Jpeg2KImageFile) and halved:
            source.reduce = 1
        source.load()
        return _of_eight_bits(source)


def _of_eight_bits(source: Image.Image) -> Image.Image:
    if source.mode.startswith("I"):  # sixteen bits, of which Pillow takes the lowest eight
        return Image.fromarray((np.asarray(source).clip(0, _SIXTEEN_BITS) >> 8).astype(np.uint8))
    wanted = "L" if source.mode in ("1", "L", "LA") else "RGB"
    return source if source.mode == wanted else source.convert(wanted)


def reading_copy(picture: Image.Image) -> Gray:
    """Grey by the red channel: red seals and red ink fade, black and blue writing stays."""
    return np.asarray(picture if picture.mode == "L" else picture.getchannel("R"))


def turned(gray: Gray, degrees: int) -> Gray:
    """After clockwise quarter turns."""
    return np.ascontiguousarray(np.rot90(gray, -degrees // 90))


def scaled(gray: Gray, factor: float) -> Gray:
    """Made smaller by averaging; a factor of 1 or more changes nothing."""
    if factor >= 1:
        return gray
    return np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def halved(gray: Gray) -> Gray:
    """Half as wide and high; an odd last row or column goes: with it, averaging takes many times longer."""
    high, wide = (side // 2 for side in gray.shape)
    return np.asarray(cv2.resize(gray[: 2 * high, : 2 * wide], (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def small(gray: Gray, factor: float) -> Gray:
    """A copy to look at, not to read: halved as often as possible first, which is many times faster; may lose an edge pixel."""
    height, width = gray.shape
    wanted = max(1, round(width * factor)), max(1, round(height * factor))
    while min(gray.shape) > 1 and 2 * wanted[0] <= gray.shape[1] and 2 * wanted[1] <= gray.shape[0]:
        gray = halved(gray)
    if gray.shape[::-1] == wanted:
        return gray
    interpolation = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, wanted, interpolation=interpolation), dtype=np.uint8)
