"""Where on a page a block finds room: below its caption, else at the foot, never on print or ink.

All rectangles are in points on the page as it is shown, y upwards.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.shown import Inked
from signing.captions import Caption
from signing.page import Rect

USUAL, LEAST = (174.0, 44.0), (94.0, 24.0)
"""Width and height of a block: as it is best, and the smallest in which its words can be read."""
_SHRINKS = (1.0, 0.9, 0.8, 0.71, 0.62, 0.54)
EDGE, GAP = 12.0, 6.0
"""From the sides of the paper, where printers do not print; between blocks."""
SPECKS = 2
"""Inked squares that are dirt, not writing."""
_LOWEST = 90.0
"""How far below its caption a block may begin at most."""
_NEAR = 14.0
"""The same where a somewhat smaller block is better than one further down, below a printed name."""
_STEP = 3.0
_ASIDE = (0.0, 8.0, -8.0, 16.0, -16.0, 24.0, -24.0, 32.0, -32.0)
"""How far the middle of a block may lie from that of its caption."""


@dataclass(slots=True)
class Room:
    """A page as far as it is taken. `paper`: what was scanned; a band below it is not."""

    shown: Rect
    paper: Rect
    words: Sequence[Rect]
    ink: Inked | None = None
    kept: list[Rect] = field(default_factory=list)
    """What no block may cover: other blocks, the mark of conversion."""

    def free(self, box: Rect) -> bool:
        """Whether nothing at all is there."""
        left, bottom, right, top = self.paper
        inside = box[0] >= left + EDGE and box[1] >= bottom + EDGE and box[2] <= right - EDGE and box[3] <= top - EDGE
        return inside and not any(_touch(box, one, GAP / 2) for one in self.kept) and self._blank(box)

    def _blank(self, box: Rect) -> bool:
        left, top = self.shown[0], self.shown[3]
        if self.ink and self.ink.covered(box[0] - left, top - box[3], box[2] - left, top - box[1]) > SPECKS:
            return False
        return not any(_touch(box, one, 0.5) for one in self.words)

    def below(self, caption: Caption, size: tuple[float, float], *, third: bool = False) -> Rect | None:
        """Room for a block below a caption. `third`: the seal's, to the left of whoever signs there (NĐ 30/2020: it covers the
        left third of a signature; here it stands beside it).
        """
        for lowest, (wide, high) in [(_NEAR, one) for one in [*_sizes(size)][:4]] + [(_LOWEST, one) for one in _sizes(size)]:
            for down, aside in itertools.product(_range(2.0, lowest), _ASIDE):
                middle = caption.middle + aside - (wide / 2 if third else 0.0)
                top = caption.box[1] - down
                box = (middle - wide / 2, top - high, middle + wide / 2, top)
                if caption.left <= box[0] and box[2] <= caption.right and self.free(box):
                    return box
        return None

    def foot(self, count: int, size: tuple[float, float], share: float = 1.0) -> list[Rect] | None:
        """Room for blocks side by side, as low as can be, within a share of the page from its foot; None: there is none."""
        left, bottom, right, top = self.paper
        for wide, high in _sizes(size):
            lefts = [right - EDGE - wide - (count - 1 - place) * (wide + GAP) for place in range(count)]
            if lefts[0] < left + EDGE:
                continue
            for y in _range(bottom + EDGE, bottom + share * (top - bottom) - high - EDGE):
                band = [(x, y, x + wide, y + high) for x in lefts]
                if all(self.free(box) for box in band):
                    return band
        return None

    def band(self, count: int, size: tuple[float, float]) -> tuple[float, list[Rect]]:
        """How much higher the page must become at its foot for blocks side by side there, and these."""
        left, bottom, right, _ = self.shown
        wide, high = min(size[0], (right - left - 2 * EDGE - (count - 1) * GAP) / count), size[1]
        y = bottom - high - GAP
        lefts = [right - EDGE - wide - (count - 1 - place) * (wide + GAP) for place in range(count)]
        return high + 2 * GAP, [(x, y, x + wide, y + high) for x in lefts]


def _sizes(best: tuple[float, float]) -> Iterator[tuple[float, float]]:
    return ((max(best[0] * one, LEAST[0]), max(best[1] * one, LEAST[1])) for one in _SHRINKS)


def _range(start: float, end: float) -> Iterator[float]:
    steps = int((end - start) / _STEP) + 1
    return (start + _STEP * place for place in range(max(0, steps)))


def _touch(one: Rect, other: Rect, clear: float) -> bool:
    apart = one[2] + clear <= other[0] or other[2] + clear <= one[0]
    return not (apart or one[3] + clear <= other[1] or other[3] + clear <= one[1])
