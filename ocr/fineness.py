"""How fine a picture is, judged by what is written on it: files state a wrong resolution, or none, more often than scanners do.

Hospital papers are set in 9 to 14 points; the median letter, capitals and small ones together, is a tenth of an inch high. A
picture that is as large as A4, A3 or A5 at its resolution is believed; any other only if its letters are not far from that.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from domain.paper import A3, A4, A5
from ocr import pictures
from ocr.engine import Gray

_SHEETS = (A4, A3, A5, (8.5, 11.0))
"""Inches: A4, A3, A5, and what programs from America take for A4."""
_EXACT = 0.03
_LETTER = 0.098
"""Inches: the usual height of the median letter."""
_FAR = 1.75
"""Factor by which letters may be higher or lower than usual."""
_SIDE = 1000
"""Shorter side, in pixels, of the copy on which letters are measured."""
_LEAST, _HIGHEST, _FEWEST = 5, 120, 40
"""Pixels of that copy between which a piece of ink is a letter, and the letters below which there are too few to tell."""


@dataclass(frozen=True, slots=True)
class Fineness:
    """Dots per inch: `likely` what they are, `least` and `most` what they are between. All the same where nothing is in doubt."""

    likely: float
    least: float
    most: float


def believed(dpi: float) -> Fineness:
    """A resolution without doubt."""
    return Fineness(dpi, dpi, dpi)


def of(gray: Gray, dpi: float) -> Fineness:
    """How fine a picture is that is said to have `dpi`."""
    sides = sorted(side / dpi for side in gray.shape)
    if any(all(abs(side / wanted - 1) < _EXACT for side, wanted in zip(sides, sheet, strict=True)) for sheet in _SHEETS):
        return believed(dpi)
    return measured(gray, dpi)


def measured(gray: Gray, dpi: float) -> Fineness:
    """The same whatever the size of the picture."""
    letter = _letter(gray)
    written = letter / _LETTER if letter else dpi
    if 1 / _FAR < written / dpi < _FAR:
        return believed(dpi)
    return Fineness(written, min(written, dpi), max(written, dpi))


def _letter(gray: Gray) -> float:
    """Median height of letters in pixels of `gray`; 0.0 where there are too few."""
    factor = min(1.0, _SIDE / min(gray.shape))
    small = pictures.small(gray, factor)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 20)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    _, _, wide, high, area = stats[1:].T
    solid = area >= 0.15 * wide * high
    letters = high[(high >= _LEAST) & (high <= _HIGHEST) & (wide <= 3 * high) & (5 * wide >= high) & solid]
    return float(np.median(letters)) / factor if len(letters) >= _FEWEST else 0.0
