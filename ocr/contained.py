"""A page that came as a PDF of its own, since there is no file for the way in which it is coded. The tool is PDFium."""

from __future__ import annotations

import numpy as np
import pypdfium2
from PIL import Image


def drawn(data: bytes, size: tuple[int, int]) -> Image.Image:
    """What it shows, a pixel a unit: "RGB", or "L" where there is no colour. Raises OSError, ValueError for another size."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            page = document[0]
            if page.get_size() != size:  # checked against the limit when it was cut
                raise ValueError
            samples = np.asarray(page.render(scale=1, may_draw_forms=False).to_numpy())
    except pypdfium2.PdfiumError as error:
        raise OSError from error
    blue, green, red = (samples[..., place] for place in range(3))
    if np.array_equal(blue, green) and np.array_equal(green, red):
        return Image.fromarray(np.ascontiguousarray(blue))
    return Image.fromarray(np.ascontiguousarray(samples[..., 2::-1]))
