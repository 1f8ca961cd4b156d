"""Where a page's picture has ink, on a small copy of it: enough to know what a margin holds, and cheap.

A cell of the copy is at most 0.7 mm wide. It counts as ink where it is darker, in any of its colours, than the paper around it,
or dark in itself, as the black edge that a scanner leaves.
"""

from __future__ import annotations

import io
import warnings
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

from domain.errors import Unreadable
from domain.pages import PageImage
from pdfa.geometry import Layout, Matrix
from pdfa.pixels import decoded, flat

COARSEST = 36.0
"""Cells an inch that the copy has at least, where the scan has as many."""
_MOST_REDUCED = 8
_LARGEST = 40_000_000
"""Pixels; larger pictures that can only be decoded whole are not looked at."""
_DAMAGED = (OSError, SyntaxError, ValueError, RuntimeError, Image.DecompressionBombError)
_DARKER = 22
_DARK = 110
_NEIGHBOURS = 16

Points = NDArray[np.float64]


def spots(image: PageImage, layout: Layout) -> tuple[Points, float] | None:
    """The middles of all inked cells, `(n, 2)` in points on the page, and the size of a cell in points.

    None where the picture cannot be looked at: damaged, of a rare kind, or too large.
    """
    try:
        small = _small(image)
    except (*_DAMAGED, Unreadable):
        return None
    if small is None:
        return None
    rows, columns = np.nonzero(inked(np.asarray(small, dtype=np.int16)))
    # From cells of the copy to the unit square of the picture, then as the picture is laid out.
    cells = Matrix(a=1 / small.width, d=-1 / small.height, f=1.0).then(layout.picture)
    x, y = columns + 0.5, rows + 0.5
    points = np.column_stack([cells.a * x + cells.c * y + cells.e, cells.b * x + cells.d * y + cells.f])
    return points, layout.scale * max(image.width / small.width, image.height / small.height)


def _small(image: PageImage) -> Image.Image | None:
    factor = _MOST_REDUCED
    while factor > 1 and image.dpi / factor < COARSEST:
        factor //= 2
    with suppress(*_DAMAGED), warnings.catch_warnings(action="ignore"):
        if (coarse := _coarse(image, factor)) is not None:
            return _reduced(coarse, image.width, factor)
    return _reduced(flat(decoded(image)), image.width, factor) if image.width * image.height <= _LARGEST else None


def _coarse(image: PageImage, factor: int) -> Image.Image | None:
    """Decoded at a part of its resolution, where its coding allows that."""
    if image.media_type not in ("image/jpeg", "image/jp2"):
        return None
    with Image.open(io.BytesIO(image.data)) as source:
        if isinstance(source, Jpeg2KImageFile):
            source.reduce = factor.bit_length() - 1
        else:
            source.draft("RGB", (source.width // factor, source.height // factor))
        source.load()
        return source.convert("L" if source.mode == "L" else "RGB")


def _reduced(picture: Image.Image, width: int, factor: int) -> Image.Image:
    """To one part in `factor` of `width`, from what it is now."""
    left = max(1, factor * picture.width // width)
    return picture.reduce(left) if left > 1 else picture


def inked(cells: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Which cells are ink: `(height, width)` or `(height, width, 3)`, 0..255."""
    darkest = cells if cells.ndim == 2 else cells.min(axis=2)
    brightest = cells if cells.ndim == 2 else cells.max(axis=2)
    return (_paper(darkest) - darkest > _DARKER) | (brightest < _DARK)


def _paper(values: NDArray[np.int16]) -> NDArray[np.int16]:
    """How bright the paper is around each cell: what four fifths of the cells near it are darker than."""
    high, wide = values.shape
    down, across = -high % _NEIGHBOURS, -wide % _NEIGHBOURS
    padded = np.pad(values, ((0, down), (0, across)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // _NEIGHBOURS, _NEIGHBOURS, padded.shape[1] // _NEIGHBOURS, _NEIGHBOURS)
    sorted_blocks = np.sort(blocks.transpose(0, 2, 1, 3).reshape(blocks.shape[0], blocks.shape[2], -1), axis=2)
    paper = sorted_blocks[:, :, _NEIGHBOURS * _NEIGHBOURS * 4 // 5]
    return np.asarray(paper.repeat(_NEIGHBOURS, axis=0).repeat(_NEIGHBOURS, axis=1)[:high, :wide], dtype=np.int16)
