"""Cuts PDF pages into pictures. A page that is pictures and nothing else gives those as they are; any other page is drawn.

Rules for handing on pictures as they are
1. The page paints pictures, whole, and nothing else (hidden text made by a scanner aside); no annotation is seen on it. What
   is on a layer that is switched off counts for nothing; where it cannot be told what is seen (`optional`), the page is drawn.
2. One picture stands upright or in quarter turns (also mirrored) and fills the visible page. Several, as the strips of a scanner
   or ink over paper, and those into which a crop cuts, stand upright, wherever they are.
3. Its pixels are square, and `pdf_native` finds a form in which they can go on.
4. Turns of the placement and of /Rotate become the orientation that a viewer applies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from pikepdf.exceptions import PikepdfError
from PIL import Image

from domain.pages import PageImage
from ingest import pdf_effort, pdf_native, pdf_text, pictures, placement, refusals, resolution, sniff
from ingest.drawing import Drawing
from ingest.optional import Layers
from ingest.pdf import MALFORMED, drawn, opened
from ingest.pdf_lost import is_lost, shows_all
from ingest.placement import Laid, Placed
from ingest.settings import IngestSettings

_LOWEST_DPI = 72
_MOST_DRAWN = 40_000_000
"""Pixels: a picture that is drawn stands in the memory several times over. A2 at 300 dpi has 35 million."""
_CANNOT_EXTRACT = (*MALFORMED, PikepdfError, OSError, NotImplementedError, Image.DecompressionBombError)
"""Pictures whose stream cannot be taken out are drawn instead."""


def cut(path: Path, numbers: range, settings: IngestSettings) -> Iterator[PageImage]:
    """The pages asked for, in order. Raises Refused `bomb` and Unreadable."""
    with opened(path) as document, ExitStack() as stack:
        drawing: Drawing | None = None
        layers = Layers(document)
        for number in numbers:
            page = document.pages[number - 1]
            found = placement.pictures(page, layers)
            image = _native(document, found, number, settings)
            if image is None or image.media_type == sniff.PDF:
                drawing = drawing or stack.enter_context(drawn(path, document))
                sheet = drawing[number - 1]
                if image is None or not shows_all(sheet):
                    dpi = found.dpi if isinstance(found, Placed) else settings.drawing_dpi
                    image = _drawn(sheet, number, settings, dpi, partial(is_lost, page, sheet))
            yield image


def _native(document: pikepdf.Pdf, found: Placed | Laid | None, number: int, settings: IngestSettings) -> PageImage | None:
    """The page's pictures as they are, None where they cannot be taken out. Raises Refused `bomb`."""
    try:
        if isinstance(found, Placed):
            return _of_one(document, found, number, settings)
        if found is not None and (made := pdf_native.put_together(document, found)) is not None:
            media_type, data, size, dpi = made
            return PageImage(number, data, media_type, *size, dpi=dpi, orientation=found.orientation)
    except _CANNOT_EXTRACT:
        pass
    return None


def _of_one(document: pikepdf.Pdf, placed: Placed, number: int, settings: IngestSettings) -> PageImage | None:
    stream = placed.stream
    size = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    pictures.guard(size, settings)
    taken = pdf_native.taken_out(document, stream)
    if taken is None:
        return None
    media_type, data = taken
    dpi = resolution.plausible(placed.dpi, placed.dpi, size)
    return PageImage(number, data, media_type, *size, dpi=dpi, orientation=placed.orientation)


def _drawn(page: pypdfium2.PdfPage, number: int, settings: IngestSettings, dpi: float, has_lost: Callable[[], bool]) -> PageImage:
    """The page as a viewer shows it, annotations included, at `dpi` or what the limit of pixels allows. `has_lost` is asked where
    nothing can be seen.
    """
    wide, high = page.get_size()
    if wide < 1 or high < 1:
        raise refusals.broken()
    most = math.sqrt(min(settings.most_pixels, _MOST_DRAWN) / (wide * high))
    if most * 72 < _LOWEST_DPI:
        raise refusals.bomb(settings)
    scale = min(dpi / 72, most)
    if pdf_effort.is_too_much(page, scale):
        raise refusals.overpainted()
    words = pdf_text.words(page, scale) if pdf_text.has_real_text(page) else None
    image = _without_colour(page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))
    if image.mode == "L" and len(set(image.getextrema())) == 1 and has_lost():
        raise refusals.broken()
    data = pictures.png(image)
    return PageImage(number, data, sniff.PNG, *image.size, dpi=scale * 72, native=False, words=words)


def _without_colour(image: Image.Image) -> Image.Image:
    """As grey where it is grey: a third of the bytes."""
    pixels = np.asarray(image)
    grey = np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])
    return image.convert("L") if grey else image
