"""Stamps: rings and frames, by their colour and shape; rings also where the scan has no colour.

1. What is red, or blue, and hangs together is looked at. Seen from its middle, its outermost points stand at one distance: a
   ring. Or they stand along four sides without a gap: a frame. Text and signatures are neither.
2. Without colour, every dark edge points at what would be the middle of a ring of each size; where many point, and ink runs all
   around but not just outside, there is a ring. Letters around it do not make one: they are everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engine import Gray
from ocr.glance import Glance

_TINT = {"red": 40, "blue": 42}
"""How much redder or bluer than the paper ink of a stamp is, 0..255."""
_JOIN = 1.6
"""Millimetres over which strokes of a stamp hang together: writing that crosses it leaves gaps."""
_LEAST, _WIDEST, _HIGHEST = 9.0, 95.0, 55.0
"""Millimetres of a stamp's sides."""
_THICKEST, _SOLID = 0.08, 0.06
"""How thick the strokes of a stamp are, in parts of its side, and part of its ink that may be thicker: badges are solid."""
_ANGLES, _ROUND, _NEAR = 48, 0.6, 0.07
"""Directions looked into, part of them in which the outermost point must lie on the ring, and how near, in radii."""
_BINS, _SIDE, _FRAME = 1.0, 1.2, 0.85
"""Millimetres of a side that are looked at together and in which its line may lie, and part of each side that must be there."""
_RADII = (9.5, 21.5)
"""Millimetres, of rings without colour: seals of offices have 30 to 36 mm across, those of departments less."""
_VOTING = 25
"""Resolution (dpi) at which edges vote."""
_EDGE = 160
"""Least gradient of an edge (Sobel, 0..1020)."""
_TRIES, _APART = 4, 3.0
"""Places that are looked at, and millimetres between them."""
_ALL_AROUND, _CLEAR, _OUTSIDE = 0.88, 2.2, 0.5
"""Part of the ring where there is ink; and of a circle so many millimetres wider, where there is less."""

Area = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the small copy."""
Points = npt.NDArray[np.float32]


def stamps(seen: Glance, rest: Gray) -> list[Area]:
    """Of every stamp the box, rings first; what lies within another is a part of it.

    `rest`: 1 where there is ink that is not known to be writing.
    """
    if seen.red is None or seen.blue is None:
        return _gray_rings(seen, rest)
    found = [*_coloured(seen.red > _TINT["red"], seen.mm), *_coloured(seen.blue > _TINT["blue"], seen.mm)]
    areas = [area for area, _ in sorted(found, key=lambda one: not one[1])]
    return [one for one in areas if not any(one != other and _within(one, other) for other in areas)]


def _within(one: Area, other: Area) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


def _coloured(mask: npt.NDArray[np.bool_], mm: float) -> Iterator[tuple[Area, bool]]:
    """Rule 1: stamps, and whether each is a ring."""
    tint = np.asarray(mask, np.uint8)
    if np.count_nonzero(tint) < _LEAST * mm:
        return
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(_JOIN * mm) | 1,) * 2)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(tint, brush), connectivity=8)
    for number, (left, top, wide, high, _) in enumerate(stats[1:], start=1):
        if not (_LEAST * mm <= wide <= _WIDEST * mm and _LEAST * mm / 2 <= high <= 1.6 * _HIGHEST * mm):
            continue
        own = (labels[top : top + high, left : left + wide] == number) & (tint[top : top + high, left : left + wide] > 0)
        points = np.asarray(np.argwhere(own)[:, ::-1] + (left, top), np.float32)
        if _is_solid(own, max(3, round(_THICKEST * min(wide, high)))):
            continue
        if ring := _ring(points, mm):
            yield ring, True
        elif _is_frame(points, mm):
            yield _around(points), False


def _is_solid(own: npt.NDArray[np.bool_], thick: int) -> bool:
    """Whether much of it is thicker than the strokes of a stamp, in pixels."""
    core = cv2.erode(np.asarray(own, np.uint8), np.ones((thick, thick), np.uint8))
    return bool(np.count_nonzero(core) > _SOLID * np.count_nonzero(own))


def _ring(points: Points, mm: float) -> Area | None:
    """The circle on which the outermost points lie, as a box."""
    middle = (points.min(0) + points.max(0)) / 2
    radius = 0.0
    for _ in range(3):
        outer = _outermost(points - middle)
        if len(outer) < _ROUND * _ANGLES:
            return None
        far = np.hypot(*outer.T)
        radius = float(np.median(far))
        on = outer[np.abs(far - radius) < 2 * _NEAR * radius]
        if len(on) < 8:
            return None
        # the circle through them with the least squared error (Kåsa 1976)
        solved = np.linalg.lstsq(np.column_stack([2 * on, np.ones(len(on))]), (on**2).sum(1), rcond=None)[0]
        middle, radius = middle + solved[:2], float(np.sqrt(max(solved[2] + (solved[:2] ** 2).sum(), 0.0)))
    far = np.hypot(*_outermost(points - middle).T)
    there = np.count_nonzero(np.abs(far - radius) < _NEAR * radius) / _ANGLES
    if there < _ROUND or not _LEAST / 2 * mm <= radius <= _HIGHEST / 2 * mm:
        return None
    left, top = (middle - radius).tolist()
    return round(left), round(top), round(left + 2 * radius), round(top + 2 * radius)


def _outermost(around: Points) -> Points:
    """Of points about a middle, the farthest in each direction that has any."""
    sector = ((np.arctan2(around[:, 1], around[:, 0]) / (2 * np.pi) + 0.5) * _ANGLES).astype(np.intp).clip(0, _ANGLES - 1)
    order = np.lexsort((np.hypot(*around.T), sector))
    last = np.flatnonzero(np.append(np.diff(sector[order]) > 0, True))
    return np.asarray(around[order[last]], np.float32)


def _is_frame(points: Points, mm: float) -> bool:
    """Whether points run along the four sides of the smallest rectangle around them."""
    (_, sides, _) = rectangle = cv2.minAreaRect(points)
    if min(sides) < _LEAST / 2 * mm or max(sides) > _WIDEST * mm or min(sides) > _HIGHEST * mm:
        return False
    corners = cv2.boxPoints(rectangle)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        along = (end - start) / length
        off = points - start
        near = np.abs(off[:, 0] * along[1] - off[:, 1] * along[0]) < _SIDE * mm
        there = np.unique((off[near] @ along / (_BINS * mm)).astype(np.intp))
        if len(there) < _FRAME * length / (_BINS * mm):
            return False
    return True


def _around(points: Points) -> Area:
    (left, top), (right, bottom) = points.min(0), points.max(0)
    return round(float(left)), round(float(top)), round(float(right)) + 1, round(float(bottom)) + 1


def _gray_rings(seen: Glance, rest: Gray) -> list[Area]:
    """Rule 2."""
    step = max(1, round(seen.dpi / _VOTING))
    high, wide = (side // step for side in seen.gray.shape)
    small = cv2.resize(255 * rest[: high * step, : wide * step], (wide, high), interpolation=cv2.INTER_AREA)
    mm = seen.mm / step
    votes = _votes(np.asarray(small, np.uint8), mm)
    dark = cv2.dilate(seen.ink, np.ones((3, 3), np.uint8))
    found: list[Area] = []
    for _ in range(_TRIES):
        y, x = divmod(int(votes.argmax()), wide)
        ring = _all_around(np.asarray(dark, np.uint8), ((x + 0.5) * step, (y + 0.5) * step), seen.mm)
        if ring:
            found.append(ring)
        reach = round((_APART if ring is None else (ring[2] - ring[0]) / 2 / seen.mm) * mm)
        votes[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1] = 0
    return found


def _votes(small: Gray, mm: float) -> Points:
    """`(height, width)`: of the ring about each place, whatever its size, how much of it the edges that point there make up."""
    across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    strength = cv2.magnitude(across, down)
    ys, xs = np.nonzero(strength > _EDGE)
    steep = strength[ys, xs]
    ux, uy = across[ys, xs] / steep, down[ys, xs] / steep
    high, wide = small.shape
    best = np.zeros((high, wide), np.float32)
    for radius in np.arange(_RADII[0] * mm, _RADII[1] * mm + 1, dtype=np.float32):
        votes = np.zeros(high * wide, np.float32)
        for way in (-radius, radius):
            x, y = (xs + way * ux + 0.5).astype(np.intp), (ys + way * uy + 0.5).astype(np.intp)
            inside = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
            votes += np.bincount(y[inside] * wide + x[inside], minlength=high * wide)
        cv2.max(best, cv2.blur(votes.reshape(high, wide), (3, 3)) / radius, dst=best)
    return best


def _all_around(dark: Gray, middle: tuple[float, float], mm: float) -> Area | None:
    """The box of the widest ring about a place, a little off at most, that ink runs around, and none just outside."""
    high, wide = dark.shape
    angles = np.arange(0, 2 * np.pi, 2 * np.pi / 72)
    off = np.array((-2.0, 0.0, 2.0))
    xs = (middle[0] + np.repeat(off, 3))[:, None, None]
    ys = (middle[1] + np.tile(off, 3))[:, None, None]
    radii = np.arange(_RADII[0] * mm, (_RADII[1] + _CLEAR) * mm + 1)[:, None]
    x, y = (xs + radii * np.cos(angles) + 0.5).astype(np.intp), (ys + radii * np.sin(angles) + 0.5).astype(np.intp)
    inside = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
    share = (dark[y.clip(0, high - 1), x.clip(0, wide - 1)] * inside).mean(2)
    clear = round(_CLEAR * mm)
    rings = (share[:, :-clear] >= _ALL_AROUND) & (share[:, clear:] <= _OUTSIDE)
    if not rings.any():
        return None
    size = int(np.flatnonzero(rings.any(0))[-1])
    spot = int(np.where(rings[:, size], share[:, size], 0).argmax())
    x0, y0, far = float(xs[spot, 0, 0]), float(ys[spot, 0, 0]), float(radii[size, 0])
    return round(x0 - far), round(y0 - far), round(x0 + far), round(y0 + far)
