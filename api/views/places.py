"""Where things stand on a page, in per cent of its picture, and strips cut from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.pages import Box, PageReading

STRIP_WIDTH = 0.8
"""Part of the page's width that a strip shows."""
_PAD = 0.6
"""Room above and below a hit, in heights of the hit."""
_NEAR = 0.8
"""Words closer than this, in heights, stand side by side."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in per cent of what it lies on."""

    left: float
    top: float
    width: float
    height: float

    @property
    def style(self) -> str:
        """The inline style that puts it there."""
        return f"left:{self.left:.2f}%;top:{self.top:.2f}%;width:{self.width:.2f}%;height:{self.height:.2f}%"


@dataclass(frozen=True, slots=True)
class Strip:
    """A window on a page: its aspect ratio, where the whole page lies behind it, and the hits on the page."""

    aspect: float
    picture: Place
    hits: tuple[Place, ...]


def on_page(box: Box, page: PageReading, pad: float = 0.12) -> Place:
    """A box in per cent, a little wider than the ink; `pad` in heights of the box."""
    room = box.height * pad
    x0, y0 = max(0.0, box.x0 - room), max(0.0, box.y0 - room)
    x1, y1 = min(page.width, box.x1 + room), min(page.height, box.y1 + room)
    return Place(100 * x0 / page.width, 100 * y0 / page.height, 100 * (x1 - x0) / page.width, 100 * (y1 - y0) / page.height)


def strips(boxes: Iterable[Box], page: PageReading, most: int = 2, width: float = STRIP_WIDTH) -> list[Strip]:
    """Strips of the page around its best lines, from the top; lines with fewer than half the hits of the best are left out."""
    rows = _rows(boxes)
    best = max((len(row) for row in rows), default=0)
    ranked = sorted((row for row in rows if 2 * len(row) >= best), key=len, reverse=True)[:most]
    return [_strip(row, page, width) for row in sorted(ranked, key=lambda row: row[0].y0)]


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Words that stand side by side, as one box."""
    found: list[Box] = []
    for row in _rows(boxes):
        first, *others = sorted(row, key=lambda one: one.x0)
        found.append(first)
        for box in others:
            if box.x0 - found[-1].x1 < box.height * _NEAR:
                found[-1] = found[-1].union(box)
            else:
                found.append(box)
    return found


def cut(box: Box, page: PageReading, width: float = 0.5) -> Strip:
    """The place of one finding, enlarged."""
    return _strip([box], page, max(width, min(1.0, 1.2 * (box.x1 - box.x0) / page.width)))


def _rows(boxes: Iterable[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda one: (one.y0, one.x0)):
        middle = (box.y0 + box.y1) / 2
        if rows and rows[-1][0].y0 <= middle <= rows[-1][0].y1:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _strip(row: Sequence[Box], page: PageReading, part: float) -> Strip:
    tall = max(*(box.height for box in row), page.height * 0.012)
    top = max(0.0, min(box.y0 for box in row) - tall * _PAD)
    bottom = min(page.height, max(box.y1 for box in row) + tall * _PAD)
    wide = page.width * part
    first, last = min(box.x0 for box in row), max(box.x1 for box in row)
    middle = (first + min(last, first + wide)) / 2
    left = min(max(0.0, middle - wide / 2), page.width - wide)
    picture = Place(-100 * left / wide, -100 * top / (bottom - top), 100 * page.width / wide, 100 * page.height / (bottom - top))
    return Strip(wide / (bottom - top), picture, tuple(on_page(box, page) for box in joined(row)))
