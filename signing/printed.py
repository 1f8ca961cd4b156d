"""What stands on a page of the bound file: words with their places, as the page is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from domain.pages import Box, PageReading, Word

_INKED = ("handwriting", "stamp", "signature", "picture")
"""Zones in which there is ink and perhaps no word."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where something is printed: a rectangle in shares (0..1) of the page's width and height, from the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PrintedWord:
    """A word, and the number of its line on the page."""

    text: str
    area: Area
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page and its words. `number` counts from 0; −1: the last one."""

    number: int
    words: tuple[PrintedWord, ...]


def sheet(reading: PageReading, number: int = -1) -> Sheet:
    """What was read on a page."""
    return Sheet(number, tuple(PrintedWord(one.text, area, one.line) for one, area in _placed(reading)))


def printed_areas(reading: PageReading) -> tuple[Area, ...]:
    """Where the words of a page stand, and what was written, stamped or pasted on it."""
    inked = [Word("", zone.box, 1.0, 0) for zone in reading.zones if zone.kind in _INKED]
    return tuple(area for _, area in _placed(replace(reading, words=(*reading.words, *inked))))


def _placed(reading: PageReading) -> list[tuple[Word, Area]]:
    """A scan that leant was bound straight, on a page that holds all of it (`docs/reference/bound.md`): words turn with it."""
    angle = math.radians(reading.skew_degrees)
    sine, cosine = math.sin(angle), math.cos(angle)
    wide = reading.width * cosine + reading.height * abs(sine)
    high = reading.height * cosine + reading.width * abs(sine)
    found = []
    for word in reading.words:
        x, y = word.box.middle
        x, y = x - reading.width / 2, y - reading.height / 2
        x, y = x * cosine + y * sine + wide / 2, y * cosine - x * sine + high / 2
        half_wide, half_high = _half(word.box, abs(sine), cosine)
        area = Area((x - half_wide) / wide, (y - half_high) / high, (x + half_wide) / wide, (y + half_high) / high)
        found.append((word, area))
    return found


def _half(box: Box, sine: float, cosine: float) -> tuple[float, float]:
    """Half the size of a word that leans and fills its upright box: w·cos s + h·sin s wide, h·cos s + w·sin s high."""
    divisor = cosine * cosine - sine * sine
    wide, high = (box.width * cosine - box.height * sine) / divisor, (box.height * cosine - box.width * sine) / divisor
    return max(wide, box.width / 4) / 2, max(high, box.height / 4) / 2
