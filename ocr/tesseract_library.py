"""Tesseract as a library in this process, by way of tesserocr, whose wheel brings it along; the language packs are the program's.

A page that crashes or hangs it takes this process with it: only for processes that may die (`pipeline/page_pool.py`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from domain.pages import Box, Word
from domain.text import nfc
from ocr.engine import Gray
from ocr.tesseract_program import ORIENTATION_DPI, too_long

try:
    import tesserocr
except ImportError:  # an optional part of the installation
    tesserocr = None

AVAILABLE = tesserocr is not None
"""Whether it is installed."""


class Library:
    """See `ocr.tesseract.Way`. `folder`: where the language packs lie; `languages` joined by `+`; `seconds`: for the pictures of
    a page. Raises RuntimeError where it cannot use the language packs.
    """

    def __init__(self, folder: Path, languages: str, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds
        self._reader = self._opened(languages)
        self._compass: Any = None
        self.version = tesserocr.tesseract_version().split()[1]

    def words(self, pictures: Sequence[Gray], dpi: float, mode: int) -> Iterator[tuple[int, Word]]:
        """Words, each with the index of its picture. What was read before has no say: one page reads alike after any other."""
        until = time.monotonic() + self._seconds
        self._reader.ClearAdaptiveClassifier()
        self._reader.SetPageSegMode(mode)
        line = -1
        for number, picture in enumerate(pictures):
            _show(self._reader, picture, dpi)
            if not self._reader.Recognize(max(1, round(1000 * (until - time.monotonic())))):
                raise too_long()
            for begins, word in self._found(picture.shape):
                line += begins
                yield number, Word(word[0], word[1], word[2], line)
        self._reader.Clear()

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """Clockwise degrees that make the page upright, and how sure that is; 0 where too few characters are on it."""
        self._compass = self._compass or self._opened("osd", psm=tesserocr.PSM.OSD_ONLY)
        _show(self._compass, gray, ORIENTATION_DPI)
        found = self._compass.DetectOrientationScript()
        return ((360 - found["orient_deg"]) % 360, float(found["orient_conf"])) if found else (0, 0.0)

    def _found(self, size: tuple[int, ...]) -> Iterator[tuple[bool, tuple[str, Box, float]]]:
        """The words of the picture that is shown: whether each begins a line, its text, box and confidence."""
        level, begins = tesserocr.RIL.WORD, False
        for each in tesserocr.iterate_level(self._reader.GetIterator(), level) if self._reader.GetIterator() else ():
            begins |= each.IsAtBeginningOf(tesserocr.RIL.TEXTLINE)
            if each.Empty(level) or not (text := each.GetUTF8Text(level).strip()):
                continue
            x0, y0, x1, y1 = each.BoundingBox(level)
            box = Box(max(x0, 0), max(y0, 0), min(x1, size[1]), min(y1, size[0]))
            yield begins, (nfc(text), box, min(max(each.Confidence(level) / 100, 0.0), 1.0))
            begins = False

    def _opened(self, languages: str, **more: int) -> Any:
        opened = tesserocr.PyTessBaseAPI(path=f"{self._folder}/", lang=languages, **more)
        opened.SetVariable("debug_file", "/dev/null")
        return opened


def _show(reader: Any, picture: Gray, dpi: float) -> None:
    high, wide = picture.shape
    reader.SetImageBytes(np.ascontiguousarray(picture).tobytes(), wide, high, 1, wide)
    reader.SetSourceResolution(round(dpi))
