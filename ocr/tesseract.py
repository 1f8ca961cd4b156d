"""Tesseract as the recogniser: as a library in this process where that is installed, else as a program."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Protocol

from domain.errors import PartMissing
from domain.pages import Word
from ocr import clean, tesseract_library
from ocr.engine import Cleaned, Gray
from ocr.merge import merged
from ocr.settings import Level, OcrSettings
from ocr.tesseract_library import Library
from ocr.tesseract_program import Program, installed

log = logging.getLogger("luuky.tesseract")

_SPARSE, _BLOCK, _LINE = 11, 6, 7
"""Page segmentation modes. Sparse text loses the fewest lines of forms and tables; their order is put right in `layout.py`. One
block of text is surer in running text and blinder in forms."""


class Way(Protocol):
    """A way of calling it."""

    version: str

    def words(self, pictures: Sequence[Gray], dpi: float, mode: int) -> Iterator[tuple[int, Word]]:
        """Words in page segmentation mode `mode`, each with the index of its picture. Raises TooLong."""
        ...

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """As `Engine` has it. Raises TooLong."""
        ...


class Tesseract:
    """Reads with the language packs named in the settings; at the level thorough in two ways, keeping the surer words."""

    asked_first = False

    def __init__(self, settings: OcrSettings, way: Way | None = None) -> None:
        """`way`: None for the best that is there. Raises PartMissing."""
        folder, known = installed()
        if missing := set(settings.languages.split("+")) - known:
            raise _language_missing(", ".join(sorted(missing)))
        self._twice = settings.level is Level.THOROUGH
        self._knows_orientation = "osd" in known
        self._way: Way = way or Program(settings.languages, settings.seconds_a_page)
        if way is None and tesseract_library.AVAILABLE:
            try:
                self._way = Library(folder, settings.languages, settings.seconds_a_page)
            except RuntimeError:
                log.warning("tesserocr cannot use the language packs in %s; the program reads", folder)
        self._name = f"tesseract {self._way.version} {settings.languages}"

    @property
    def name(self) -> str:
        """Name, version and language."""
        return self._name

    def read(self, page: Cleaned) -> list[Word]:
        """See `Engine`."""
        gray = clean.stretched(page.bare)
        words = self._words(gray, page.dpi, _SPARSE)
        return merged(words, self._words(gray, page.dpi, _BLOCK)) if self._twice else words

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """See `Engine`."""
        return self._way.orientation(gray) if self._knows_orientation else (0, 0.0)

    def read_lines(self, strips: Sequence[Gray], dpi: float) -> list[list[Word]]:
        """The words of each picture of a single line, boxes in its pixels. Raises TooLong."""
        found: list[list[Word]] = [[] for _ in strips]
        for page, word in self._way.words(strips, dpi, _LINE) if strips else ():
            found[page].append(word)
        return found

    def _words(self, gray: Gray, dpi: float, mode: int) -> list[Word]:
        return [word for _, word in self._way.words([gray], dpi, mode)]


def _language_missing(names: str) -> PartMissing:
    return PartMissing(
        "tesseract_language",
        f"Tesseract thiếu gói ngôn ngữ: {names}. Hãy cài gói tesseract-ocr-vie.",
        f"Tesseract lacks language packs: {names}. Install the package tesseract-ocr-vie.",
    )
