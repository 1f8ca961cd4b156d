"""Where a bound page has ink, as a viewer shows it: scans, vectors and forms alike. Tool: PDFium."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2

from domain.shown import Inked
from pdfa.ink import inked

CELL = 2.0
"""Points: less than the dot of an i."""
_PIXELS = 2
"""Pixels that a cell is drawn with, each way: a hairline of half a point is darker than paper yet."""
_LARGEST = 4_000
"""Pixels of the longer side; of a larger page the cells are larger."""


def page_ink(path: Path, number: int) -> Inked | None:
    """The ink of page `number` (from 0; −1: the last). None where it cannot be drawn."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            document.init_forms()
            page = document[number if number >= 0 else len(document) + number]
            scale = min(_PIXELS / CELL, _LARGEST / max(page.get_size()))
            pixels = np.asarray(page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"), dtype=np.int16)
    except pypdfium2.PdfiumError:
        return None
    found = inked(pixels)
    down, across = -found.shape[0] % _PIXELS, -found.shape[1] % _PIXELS
    padded = np.pad(found, ((0, down), (0, across)))
    high, wide = (side // _PIXELS for side in padded.shape)
    squares = np.asarray(padded.reshape(high, _PIXELS, wide, _PIXELS).any(axis=(1, 3)))
    packed = np.packbits(squares, axis=1, bitorder="little")
    return Inked(_PIXELS / scale, tuple(int.from_bytes(row.tobytes(), "little") for row in packed))
