"""Reads one page. The order matters: each step makes the next one easier.

1. A page with a text layer that makes sense is not recognised at all.
2. A blank page is not recognised either.
3. Light is evened on a copy of at most the reading resolution, of a photograph's sheet seen from above; seals go with the red
   channel.
4. The page is turned as the engine says, where that is cheap to ask; it is straightened, cleaned and read. When that makes no
   sense, it is tried in other quarter turns. A page that a person turned is read so and no other way.
5. On the straight copy check boxes are made words, and words are put into reading order and into the cells of its tables.
6. What a hand wrote is marked, the parts of the page are told apart, and what was read on pictures and signatures goes. Boxes go
   back to the scan by one matrix, two on a photograph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2

from domain.pages import Cell, PageImage, PageReading, Word
from ocr import barcodes, clean, fold, hands, layout, pictures, quality, syllables, ticks, view, zones
from ocr.engine import Cleaned, Engine, Gray
from ocr.fold import Leaning
from ocr.glance import glance
from ocr.layout import Arranged
from ocr.settings import OcrSettings
from ocr.straighten import lean_of_columns, straightened, thumbnail_of_ink
from ocr.view import View

_LEAST_SIDE = 40
"""Pixels: on what is smaller no word can be read."""
_MAKES_SENSE = 0.3
"""Least `syllables.sense` of a page read the right way up. Measured: 0.41 and more upright, 0.12 and less in a wrong turn."""
_FEW = 8
"""Fewer words than this cannot say which way is up."""
SURE = 2.0
"""Confidence from which the engine's opinion on orientation is tried first (its scale is open)."""
ORIENTATION_DPI = 150
_TURNS = (0, 180, 90, 270)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A page read in one turn: clockwise degrees, lean, words and cells with boxes on `View.whole` after the turn."""

    rotation: int
    skew: float
    words: tuple[Word, ...]
    cells: tuple[Cell, ...]
    written: tuple[bool, ...]
    """Of each word, whether a hand wrote it."""

    @property
    def sense(self) -> float:
        return syllables.sense(self.words)

    @property
    def makes_sense(self) -> bool:
        return len(self.words) >= _FEW and self.sense >= _MAKES_SENSE


def read_page(image: PageImage, engine: Engine, settings: OcrSettings) -> PageReading:
    """Read a page. Boxes: pixels of the scan after `rotation`. Raises Unreadable, PartMissing, Broken."""
    cv2.setNumThreads(1)
    turn = image.turn or 0
    picture = pictures.upright(pictures.decode(image), turn)
    has_text = image.words is not None and not syllables.is_garbled([word.text for word in image.words])
    if min(picture.size) < _LEAST_SIDE and not has_text:
        reading = PageReading(image.number, *picture.size, image.dpi, turn, flags=(quality.blank(0.0),), blank=True)
        return replace(reading, zones=zones.blank(*picture.size), engine=engine.name)
    seen = (view.drawn if has_text else view.of)(picture, image.dpi, settings.dpi)
    flags = quality.flags(seen.whole, seen.fine, cut=seen.sheet is not None, sheet=seen.paper)
    reading = PageReading(image.number, *picture.size, image.dpi, turn, seen.lean, flags=flags)
    if image.words is not None and has_text:
        codes = barcodes.find(seen.gray, image.number, seen.factor)
        page = layout.arranged(_turned(image.words, turn, picture.size), seen.whole, image.dpi)
        parts = zones.told(glance(seen, picture, 0), page.words, page.cells)
        return replace(reading, words=page.words, cells=page.cells, zones=parts.zones, barcodes=codes, engine="text layer")
    ink = thumbnail_of_ink(seen.gray)
    is_blank, share = quality.is_blank(ink)
    if is_blank:
        return replace(reading, blank=True, flags=(quality.blank(share),), zones=zones.blank(*picture.size), engine=engine.name)
    attempt = _Reader(engine, seen, ink, image.turn is not None).read(clean.evened(seen.gray))
    codes = barcodes.find(pictures.turned(seen.gray, attempt.rotation), image.number, seen.factor)
    parts = zones.told(glance(seen, picture, attempt.rotation), attempt.words, attempt.cells, attempt.written)
    found = replace(
        reading, words=seen.on_scan(parts.words, attempt.rotation), cells=seen.on_scan(parts.cells, attempt.rotation),
        zones=seen.on_scan(parts.zones, attempt.rotation), barcodes=seen.on_scan(codes, attempt.rotation), engine=engine.name,
    )  # fmt: skip
    return _placed(found, attempt)


def _turned(words: tuple[Word, ...], turn: int, size: tuple[int, int]) -> tuple[Word, ...]:
    """A text layer after a person's turn; `size`: width and height of the picture after it."""
    return tuple(replace(word, box=word.box.turned(turn, *size)) for word in words) if turn else words


def _placed(reading: PageReading, attempt: _Attempt) -> PageReading:
    """With how the sheet lay."""
    width, height = reading.width, reading.height
    if attempt.rotation % 180:
        width, height = height, width
    rotation = (reading.rotation + attempt.rotation) % 360
    flags = (*reading.flags, *quality.of_position(attempt.rotation, attempt.skew))  # a person's turn is none to wonder at
    skew = round(reading.skew_degrees + attempt.skew, 2)
    return replace(reading, width=width, height=height, rotation=rotation, skew_degrees=skew, flags=flags)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads an evenly lit page."""

    engine: Engine
    seen: View
    ink: Gray
    as_it_is: bool
    """A person turned it."""

    def read(self, page: Gray) -> _Attempt:
        """Rule 4."""
        tried: dict[int, _Attempt] = {}
        for turn in self._turns(page):
            if turn not in tried:
                tried[turn] = self._attempt(page, turn)
                if tried[turn].makes_sense:
                    break
        return max(tried.values(), key=lambda attempt: attempt.sense * len(attempt.words))

    def _turns(self, page: Gray) -> Iterator[int]:
        """What is worth trying, in this order; some of it twice."""
        if self.as_it_is or not self.engine.asked_first:
            yield 0
        if self.as_it_is:
            return
        turn, confidence = self.engine.orientation(pictures.scaled(page, ORIENTATION_DPI / self.seen.dpi))
        if confidence >= SURE:
            yield turn
        if confidence < SURE or turn:
            yield from _TURNS

    def _attempt(self, page: Gray, rotation: int) -> _Attempt:
        upright = pictures.turned(page, rotation)
        leaves = self._leaves(pictures.turned(self.ink, rotation), upright.shape[1])
        read = [self._leaf(upright, leaf) for leaf in leaves]
        found, written = layout.joined([part for part, _ in read]), tuple(mark for _, own in read for mark in own)
        skew = round(sum(leaf.lean for leaf in leaves) / len(leaves), 2)
        return _Attempt(rotation, skew, found.words, found.cells, written)

    def _leaves(self, ink: Gray, width: int) -> list[Leaning]:
        columns = lean_of_columns(ink) if self.as_it_is else None
        return fold.leaning(ink, width) if columns is None else [Leaning(0, width, columns)]

    def _leaf(self, page: Gray, leaf: Leaning) -> tuple[Arranged, tuple[bool, ...]]:
        """Nearly always all of the page; and of each word, whether a hand wrote it."""
        straight = straightened(page[:, leaf.start : leaf.end], leaf.lean, self.seen.factor, leaf.start)
        found = layout.arranged(self._words(straight.gray), straight.gray, self.seen.dpi)
        written = hands.written(found.words, straight.gray)
        words = tuple(replace(word, box=straight.back(word.box)) for word in found.words)
        return Arranged(words, tuple(replace(cell, box=straight.back(cell.box)) for cell in found.cells)), written

    def _words(self, gray: Gray) -> list[Word]:
        page = Cleaned(gray, clean.bare(gray, self.seen.dpi), self.seen.dpi)
        words = [word for word in self.engine.read(page) if not syllables.is_noise(word)]
        return ticks.with_ticks(words, gray, self.seen.dpi)
