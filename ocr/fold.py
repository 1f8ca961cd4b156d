"""A double leaf: a folded sheet scanned open, two pages side by side. The left one is read to its end before the right one.

1. The picture lies, and about its middle a white band runs from top to bottom that no word, and no table, crosses. A form of one
   page has a title or a line there.
2. On both sides there is a page: lines down a good part of the height.
3. What stands in the band, the shadow of the fold taken for a letter, goes with the side it is nearer to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from domain.pages import Word, around
from ocr.rows import rows_of
from ocr.rules import Grid

_LYING = (1.2, 1.8)
"""Width over height of two pages side by side: 1.41, more where a head or a foot was cut off."""
_BAND, _GUTTER = 0.09, 0.024
"""How far from the middle of the picture the fold may be, and the least width of the white band: in widths of the picture."""
_SHADOW, _STRAY = 2, 200
"""Longest word that the shadow of a fold may be taken for; and one word in so many may be misplaced."""
_LINES, _DOWN = 5, 0.25
"""Fewest lines of a page, and the least part of the height that they reach over."""

Leaf = tuple[list[Word], list[Grid]]


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
