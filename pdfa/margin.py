"""Where a page has room at its foot for a block of text: no word, no zone, no ink within it, and paper all around."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from domain.pages import Box, PageImage, PageReading
from pdfa.geometry import Layout
from pdfa.ink import Points, spots

INSET = 18.0
"""Points between the block and the sides of the page."""
_LOWEST, _HIGHEST, _STEP = 12.0, 44.0, 4.0
"""Points between the foot of the page and that of the block: below the first of them printers do not print."""
_CLEAR = 4.0
"""Points that stay free around the block."""

Rect = tuple[float, float, float, float]
"""`(left, bottom, right, top)` in points on the page."""


def room(image: PageImage, reading: PageReading, layout: Layout, size: tuple[float, float]) -> Rect | None:
    """The lowest free place for a block of that width and height: left, right or in the middle. None: there is none."""
    places = list(_places(layout, *size))
    taken = [_on_page(box, layout) for box in _boxes(reading)]
    places = [place for place in places if _on_paper(place, layout) and not any(_touch(place, other) for other in taken)]
    found = spots(image, layout) if places else None
    if found is None:
        return None
    return next((place for place in places if not _inked(place, *found)), None)


def _places(layout: Layout, width: float, height: float) -> Iterator[Rect]:
    lefts = (INSET, layout.width - INSET - width, (layout.width - width) / 2)
    if width > layout.width - 2 * INSET:
        return
    for bottom in np.arange(_LOWEST, min(_HIGHEST, layout.height / 4), _STEP).tolist():
        for left in lefts:
            yield left, bottom, left + width, bottom + height


def _boxes(reading: PageReading) -> Iterator[Box]:
    yield from (word.box for word in reading.words)
    yield from (zone.box for zone in reading.zones if zone.kind != "blank")
    yield from (code.box for code in reading.barcodes)


def _on_page(box: Box, layout: Layout) -> Rect:
    corners = [layout.to_page.apply(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)


def _touch(one: Rect, other: Rect) -> bool:
    apart = one[2] + _CLEAR <= other[0] or other[2] + _CLEAR <= one[0]
    return not (apart or one[3] + _CLEAR <= other[1] or other[3] + _CLEAR <= one[1])


def _on_paper(place: Rect, layout: Layout) -> bool:
    """A page that was straightened is larger than its paper: the corners are empty, but no place for print."""
    back = layout.picture.inverse()
    corners = [back.apply(x, y) for x in (place[0], place[2]) for y in (place[1], place[3])]
    return all(0 <= share <= 1 for corner in corners for share in corner)


def _inked(place: Rect, points: Points, cell: float) -> bool:
    clear = _CLEAR + cell / 2
    left, bottom, right, top = place
    x, y = points[:, 0], points[:, 1]
    return bool(((x > left - clear) & (x < right + clear) & (y > bottom - clear) & (y < top + clear)).any())
