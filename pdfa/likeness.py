"""Whether two files show the same, page by page: for what had to be drawn anew with other means. Tool: PDFium.

A letter of another face is not a difference, a letter that is missing is: the pages are compared in small squares by how dark and
of what colour these are, and by their words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
from numpy.lib.stride_tricks import sliding_window_view

from domain.text import nfc

_DPI = 60
_SQUARE = 10
"""Pixels a side: a sixth of an inch, a line of print."""
_MOST = 32.0
"""How much a square with its neighbours may differ, of 255, in the mean of its pixels."""
_MOST_MEAN = 2.0
_LARGEST = 1_600
"""Pixels of a page's longer side."""
_WORDS_KEPT = 0.995

Picture = np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def alike(first: Path, second: Path) -> bool:
    """Whether a person would take the pages of `second` for those of `first`; a form is shown filled in."""
    try:
        with pypdfium2.PdfDocument(first) as one, pypdfium2.PdfDocument(second) as other:
            if len(one) != len(other):
                return False
            for document in (one, other):
                document.init_forms()
            return all(_pages_alike(one, other, number) for number in range(len(one)))
    except pypdfium2.PdfiumError:
        return False


def keeps_words(first: Path, second: Path) -> bool:
    """Whether the text of `first` can be read out of `second`, but for a word in two hundred."""
    try:
        with pypdfium2.PdfDocument(first) as one, pypdfium2.PdfDocument(second) as other:
            before, after = (_words(document) for document in (one, other))
    except pypdfium2.PdfiumError:
        return False
    return (before & after).total() >= _WORDS_KEPT * before.total() - 0.5


def words(path: Path) -> list[Counter[str]]:
    """The words of each page, by its own text. Raises PdfiumError."""
    with pypdfium2.PdfDocument(path) as document:
        return list(_pages(document))


def _pages_alike(one: pypdfium2.PdfDocument, other: pypdfium2.PdfDocument, number: int) -> bool:
    first, second = (_squares(document, number) for document in (one, other))
    if first.shape != second.shape:
        return False
    difference = np.abs(first - second)
    return bool(difference.max(initial=0) <= _MOST and difference.mean() <= _MOST_MEAN)


def _squares(document: pypdfium2.PdfDocument, number: int) -> Picture:
    page = document[number]
    scale = min(_DPI / 72, _LARGEST / max(page.get_size()))
    picture = np.asarray(page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"), np.float32)
    page.close()
    high, wide = (-(-side // _SQUARE) * _SQUARE for side in picture.shape[:2])
    padded = np.full((high, wide, 3), 255, np.float32)
    padded[: picture.shape[0], : picture.shape[1]] = picture
    single: Picture = padded.reshape(high // _SQUARE, _SQUARE, wide // _SQUARE, _SQUARE, 3).mean((1, 3))
    around = np.pad(single, ((1, 1), (1, 1), (0, 0)), mode="edge")
    squares: Picture = sliding_window_view(around, (3, 3), (0, 1)).mean((3, 4), dtype=np.float32)
    return squares


def _words(document: pypdfium2.PdfDocument) -> Counter[str]:
    return sum(_pages(document), Counter())


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Counter[str]]:
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        yield Counter(nfc(text.get_text_bounded()).split())
        text.close()
        page.close()
