"""Reads one page. The order matters: each step makes the next one easier.

1. A page with a text layer that makes sense is not recognised at all.
2. A blank page is not recognised either.
3. Light is evened on a copy of at most the reading resolution; seals go with the red channel.
4. The page is straightened, cleaned and read as it lies. Only when that makes no sense is it tried in other quarter turns.
5. Words are put into lines on the straight copy, then their boxes go back to the scan by one matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2

from domain.pages import Barcode, PageImage, PageReading, Word
from ocr import barcodes, clean, layout, pictures, quality, syllables
from ocr.engine import Engine, Gray
from ocr.merge import merged
from ocr.settings import Level, OcrSettings
from ocr.straighten import Straightened, lean, straightened

_MAKES_SENSE = 0.3
"""Least `syllables.sense` of a page read the right way up. Measured: 0.41 and more upright, 0.12 and less in a wrong turn."""
_FEW = 8
"""Fewer words than this cannot say which way is up."""
_SURE = 2.0
"""Confidence from which the engine's opinion on orientation is tried first (its scale is open)."""
_ORIENTATION_DPI = 150
_TURNS = (180, 90, 270)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A page read in one turn: clockwise degrees, lean, words with boxes on the scan after the turn."""

    rotation: int
    skew: float
    words: tuple[Word, ...]

    @property
    def sense(self) -> float:
        return syllables.sense(self.words)


def read_page(image: PageImage, engine: Engine, settings: OcrSettings) -> PageReading:
    """Read a page. Boxes: pixels of the scan after `rotation`. Raises Unreadable, PartMissing, Broken."""
    cv2.setNumThreads(1)
    picture = pictures.decode(image)
    scan = pictures.reading_copy(picture)
    height, width = scan.shape
    reading = PageReading(image.number, width, height, image.dpi, flags=quality.flags(scan, image.dpi))
    factor = min(1.0, settings.dpi / image.dpi)
    small = pictures.scaled(scan, factor)
    if image.words is not None and not syllables.is_garbled([word.text for word in image.words]):
        codes = barcodes.find(small, image.number, factor)
        return replace(reading, words=layout.in_reading_order(image.words), barcodes=codes, engine="text layer")
    is_blank, ink = quality.is_blank(small)
    if is_blank:
        return replace(reading, blank=True, flags=(quality.blank(ink),), engine=engine.name)
    attempt = _Reader(engine, settings, image.dpi * factor, factor).read(clean.evened(small))
    return _finished(reading, attempt, engine, barcodes.find(pictures.turned(small, attempt.rotation), image.number, factor))


def _finished(reading: PageReading, attempt: _Attempt, engine: Engine, codes: tuple[Barcode, ...]) -> PageReading:
    width, height = reading.width, reading.height
    if attempt.rotation % 180:
        width, height = height, width
    flags = (*reading.flags, *quality.of_position(attempt.rotation, attempt.skew))
    return replace(
        reading, width=width, height=height, rotation=attempt.rotation, skew_degrees=attempt.skew, words=attempt.words,
        flags=flags, barcodes=codes, engine=engine.name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads evenly lit pages; `factor`: their size over that of the scan."""

    engine: Engine
    settings: OcrSettings
    dpi: float
    factor: float

    def read(self, page: Gray) -> _Attempt:
        """Rule 4."""
        first = self._attempt(page, 0)
        if len(first.words) >= _FEW and first.sense >= _MAKES_SENSE:
            return first
        return max([first, *self._others(page)], key=lambda attempt: attempt.sense * len(attempt.words))

    def _others(self, page: Gray) -> list[_Attempt]:
        """The turn that the engine believes in; all of them, where it is not sure or the page then makes no sense."""
        turn, confidence = self.engine.orientation(pictures.scaled(page, _ORIENTATION_DPI / self.dpi))
        if confidence >= _SURE and turn == 0:
            return []
        tried = []
        order = (turn, *(other for other in _TURNS if other != turn)) if confidence >= _SURE else _TURNS
        for other in order:
            tried.append(self._attempt(page, other))
            if tried[-1].sense >= _MAKES_SENSE and len(tried[-1].words) >= _FEW:
                break
        return tried

    def _attempt(self, page: Gray, rotation: int) -> _Attempt:
        turned = pictures.turned(page, rotation)
        skew = lean(turned)
        straight = straightened(turned, skew, self.factor)
        words = layout.in_reading_order(self._words(straight))
        return _Attempt(rotation, skew, tuple(replace(word, box=straight.back(word.box)) for word in words))

    def _words(self, straight: Straightened) -> list[Word]:
        cleaned = clean.stretched(clean.without_leaders(clean.without_rules(straight.gray, self.dpi), self.dpi))
        words = self.engine.read(cleaned, self.dpi)
        if self.settings.level is Level.THOROUGH:
            words = merged(words, self.engine.read_block(cleaned, self.dpi))
        return [word for word in words if not syllables.is_noise(word)]
