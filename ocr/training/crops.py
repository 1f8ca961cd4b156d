"""Cuts a made-up page with the product's own line finder and says what each crop reads.

Training on these crops, and not on ideal ones, is what makes the reader at home in the product: split lines, clipped accents,
neighbours' descenders, rules and leaders all come as they will come later.

Rules
1. A crop reads the letters whose middles lie in its box and whose line shares at least half of its height.
2. A crop that holds two lines at once, or a letter cut through the middle at its edge, has no honest label and is left out.
3. A crop of no letters reads nothing: seals, creases and show-through teach silence. Few are kept.
4. What was worn away beyond reading teaches guessing and is left out: a crop must still resemble the ink that was set down.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from ocr import clean
from ocr.engine import Gray
from ocr.lines import LineFinder, strip
from ocr.training.ink import Hand
from ocr.training.sheet import Letter
from ocr.training.strips import WIDEST, Sample
from ocr.training.words import Part

_ABOVE, _BELOW = 0.72, 0.2
"""Height of a line over and under its baseline, in ems."""
_EMPTY_KEPT = 0.12
LEGIBLE: dict[Part, tuple[float, float]] = {"train": (0.66, 0.75), "test": (0.72, 0.8)}
"""Least correlation of a crop with its ink, of types and of a pen's thin strokes. Every crop of the test can still be read by a
person (set by eye); for training a little less will do.
"""
_NARROWEST = 16
Numbers = npt.NDArray[np.float32]


class Cutter:
    """The product's cleaning, finding and cutting."""

    def __init__(self, finder: LineFinder, rng: Random, least: tuple[float, float]) -> None:
        """`least` as in `LEGIBLE`."""
        self._finder = finder
        self._rng = rng
        self._by_type, self._by_hand = least

    def cut(self, page: Gray, letters: Sequence[Letter], dpi: float, ink: Gray) -> list[Sample]:
        """The labelled crops of a damaged page (height, width) uint8; `ink`: the same page before the damage, 255 full."""
        evened = clean.evened(page)
        cleaned = clean.bare(evened, dpi)
        boxes = self._finder.find(cleaned)
        table = _Table(letters)
        source = evened if self._rng.random() < 0.85 else cleaned
        found = (self._crop((source, ink), box[:4], table) for box in boxes)
        return [crop for crop in found if crop is not None]

    def _crop(self, pages: tuple[Gray, Gray], box: Numbers, table: _Table) -> Sample | None:
        read = table.read(box)
        if read is None or (not read[0] and self._rng.random() > _EMPTY_KEPT):
            return None
        high = float(box[3] - box[1])
        jitter = np.array([self._rng.gauss(0, part) * high for part in (0.05, 0.03, 0.05, 0.03)])
        cut, meant = (strip(page, (box + jitter).tolist()) for page in pages)
        if not _NARROWEST <= cut.shape[1] <= WIDEST:
            return None
        if read[0] and _likeness(cut, meant) < (self._by_hand if read[1] is Hand.WRITTEN else self._by_type):
            return None
        return Sample(cut, *read)


def _likeness(seen: Gray, meant: Gray) -> float:
    """Correlation of a strip (255 paper) with the ink (255 full) it should show, -1..1."""
    one, other = (cv2.GaussianBlur(strip, (0, 0), 0.6).astype(np.float32) for strip in (seen, meant))
    one, other = one.mean() - one, other - other.mean()
    return float((one * other).sum() / max(np.sqrt((one * one).sum() * (other * other).sum()), 1.0))


class _Table:
    """The letters of a page as columns of numbers."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self._letters = letters
        numbers = np.array([(one.left, one.right, one.base, one.em) for one in letters], np.float32).reshape(-1, 4)
        self._left, self._right, self._base, self._em = numbers.T
        self._middle = (self._left + self._right) / 2
        self._top, self._bottom = self._base - _ABOVE * self._em, self._base + _BELOW * self._em

    def read(self, box: Numbers) -> tuple[str, Hand] | None:
        """Rules 1 and 2."""
        x0, y0, x1, y1 = (float(value) for value in box)
        shared = np.minimum(y1, self._bottom) - np.maximum(y0, self._top)
        level = shared > 0.5 * np.minimum(y1 - y0, self._bottom - self._top)
        spare = 0.18 * (y1 - y0)
        inside = level & (self._middle > x0 - spare) & (self._middle < x1 + spare)
        chosen = np.flatnonzero(inside).tolist()
        if not len(chosen):
            return "", Hand.PRINT
        if np.ptp(self._base[chosen]) > 0.6 * self._em[chosen].min() or self._cuts_a_letter(level, x0, x1):
            return None
        letters = sorted((self._letters[n] for n in chosen), key=lambda letter: letter.left)
        text = "".join((" " if letter.starts else "") + letter.char for letter in letters)
        filled = Counter(letter.hand for letter in letters if letter.hand is not Hand.PRINT)
        hand = filled.most_common(1)[0][0] if filled else Hand.PRINT
        return unicodedata.normalize("NFC", " ".join(text.split())), hand

    def _cuts_a_letter(self, level: npt.NDArray[np.bool_], x0: float, x1: float) -> bool:
        wide = np.maximum(self._right - self._left, 1)
        for edge in (x0, x1):
            part = (edge - self._left) / wide
            if bool((level & (part > 0.3) & (part < 0.7) & (self._right - self._left > 0.2 * self._em)).any()):
                return True
        return False
