"""A double leaf: a folded sheet scanned open, two pages side by side. The left one is read to its end before the right one.

1. The picture lies, and about its middle a white band runs from top to bottom that no word, and no table, crosses. A form of one
   page has a title or a line there.
2. On both sides there is a page: lines down a good part of the height.
3. What stands in the band, the shadow of the fold taken for a letter, goes with the side it is nearer to.
4. Leaves of a bound book lean each its own way. Where that is seen, in a white band of the thumbnail, each is read for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from domain.pages import Word, around
from ocr.engine import Gray
from ocr.rows import rows_of
from ocr.rules import Grid
from ocr.straighten import MARGIN_ACROSS, lean

_LYING = (1.2, 1.8)
"""Width over height of two pages side by side: 1.41, more where a head or a foot was cut off."""
_BAND, _GUTTER = 0.09, 0.024
"""How far from the middle of the picture the fold may be, and the least width of the white band: in widths of the picture."""
_SHADOW, _STRAY = 2, 200
"""Longest word that the shadow of a fold may be taken for; and one word in so many may be misplaced."""
_LINES, _DOWN = 5, 0.25
"""Fewest lines of a page, and the least part of the height that they reach over."""

_APART, _FEWEST = 0.6, 2500
"""Degrees by which the leaves of a book lean differently, and the least ink of each, in pixels of the thumbnail, that tells."""
_SPECKS, _LINE = 2, 0.5
"""Most ink in a column of the white band, in pixels; and the part of the height from which it is the fold itself."""

Leaf = tuple[list[Word], list[Grid]]


@dataclass(frozen=True, slots=True)
class Leaning:
    """Part of a page, from pixel column `start` to the one before `end`, that leans clockwise by `lean` degrees."""

    start: int
    end: int
    lean: float


def leaning(ink: Gray, width: int) -> list[Leaning]:
    """The page as a whole, or the leaves of a book that lean differently. `ink`: its thumbnail, as `straighten.thumbnail_of_ink`
    makes it, turned with the page or not; `width`: of the page in pixels.
    """
    whole = [Leaning(0, width, lean(ink))]
    at = _band(ink)
    if at is None or min(int(ink[:, :at].sum()), int(ink[:, at:].sum())) < _FEWEST:
        return whole
    left, right = lean(ink[:, :at]), lean(ink[:, at:])
    if abs(left - right) < _APART:
        return whole
    fold = round((MARGIN_ACROSS + at / ink.shape[1] * (1 - 2 * MARGIN_ACROSS)) * width)
    return [Leaning(0, fold, left), Leaning(fold, width, right)]


def _band(ink: Gray) -> int | None:
    """The middle of the white band in the middle of a thumbnail, as a column of it."""
    high, wide = ink.shape
    if not _LYING[0] < wide / high < _LYING[1]:
        return None
    low, top = round((0.5 - _BAND) * wide), round((0.5 + _BAND) * wide)
    written = ink[:, low:top].sum(axis=0, dtype=np.intp)
    taken = np.flatnonzero((written > _SPECKS) & (written < _LINE * high))
    ends = np.concatenate([[-1], taken, [top - low]])
    widest = int(np.diff(ends).argmax())
    if ends[widest + 1] - ends[widest] <= _GUTTER * wide:
        return None
    return int(low + (ends[widest] + ends[widest + 1]) // 2)


def leaves(words: Sequence[Word], grids: Sequence[Grid], shape: tuple[int, int]) -> list[Leaf]:
    """What stands on each leaf, left before right; all of it together where it is one page. `shape`: height and width."""
    fold = _fold(words, grids, shape)
    if fold is None:
        return [(list(words), list(grids))]
    sides = [([word for word in words if (word.box.middle[0] > fold) == right]) for right in (False, True)]
    if not all(_is_page(side, shape[0]) for side in sides):
        return [(list(words), list(grids))]
    return [(side, [grid for grid in grids if (grid.box.middle[0] > fold) == right]) for right, side in enumerate(sides)]


def _fold(words: Sequence[Word], grids: Sequence[Grid], shape: tuple[int, int]) -> float | None:
    """Where the fold is, in pixels from the left (rule 1)."""
    high, wide = shape
    if not _LYING[0] < wide / high < _LYING[1]:
        return None
    low, top = (0.5 - _BAND) * wide, (0.5 + _BAND) * wide
    spans = [(word.box.x0, word.box.x1) for word in words if len(word.text) > _SHADOW]
    spans += [(grid.box.x0, grid.box.x1) for grid in grids for _ in range(1 + len(words) // _STRAY)]
    ends = sorted([(x0, 1) for x0, _ in spans] + [(x1, -1) for _, x1 in spans] + [(low, 0), (top, 0)])
    open_spans, best, most = 0, None, _GUTTER * wide
    for (x, change), (after, _) in pairwise(ends):
        open_spans += change
        left, right = max(x, low), min(after, top)
        if open_spans <= len(words) // _STRAY and right - left > most:
            best, most = (left + right) / 2, right - left
    return best


def _is_page(words: Sequence[Word], height: int) -> bool:
    """Rule 2."""
    if not words:
        return False
    return len(rows_of(words)) >= _LINES and around(words).height > _DOWN * height
