"""The pictures of a page in the scanner's own coding where PDF/A takes them, else drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from domain.pages import PageImage
from pdfa.contained import contained_layers
from pdfa.jp2 import jp2_picture
from pdfa.jpeg import jpeg_picture
from pdfa.layers import Layer
from pdfa.pictures import NotForPdf, Picture, broken_picture
from pdfa.png import png_picture
from pdfa.redraw import redraw
from pdfa.tiff import tiff_picture

_READERS: dict[str, Callable[[bytes], Picture]] = {
    "image/jpeg": jpeg_picture,
    "image/png": png_picture,
    "image/tiff": tiff_picture,
    "image/jp2": jp2_picture,
}
_CONTAINED = "application/pdf"


def own_layers(image: PageImage) -> tuple[Layer, ...]:
    """The page's own pictures, or what `redraw` makes of them. Raises Unreadable."""
    if image.media_type == _CONTAINED:
        with suppress(NotForPdf):
            return contained_layers(image.data)
    return (Layer(_own_picture(image)),)


def _own_picture(image: PageImage) -> Picture:
    try:
        picture = _READERS[image.media_type](image.data)
    except (NotForPdf, KeyError):
        picture = redraw(image)
    if (picture.width, picture.height) != (image.width, image.height):
        raise broken_picture()
    return picture
