"""What is on a page and is no writing: pictures and signatures.

1. Photographs, X-ray and ultrasound pictures are dark where no paper shows between strokes, and not evenly so: a shaded row of a
   table or a black border is.
2. Curves and drawings, as of an electrocardiogram, are ink that hangs together, is no known word and no rule, and is higher than
   letters; so are badges. A grille finer than any table is the ground of such a curve.
3. A signature is a sprawling thin stroke, higher than letters, below a line that says who signs, over or across a name; what is
   drawn at a stamp is one too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engine import Gray
from ocr.glance import Glance
from ocr.seals import Area

_GAPS = 2.4
"""Millimetres within which paper shows wherever there is writing."""
_DARKER = 26
"""Grey levels below the paper from which it is a picture."""
_ROUGH = 7.0
"""Deviation of its grey levels over a few millimetres, 0..255; of even shading it is no more than that of grain."""
_LEAST, _CORE = 10.0, 4.0
"""Millimetres of a picture's sides, and of a square that fits into its dark part."""
_STRAIGHT, _RULE, _THICK, _BREAK = 12.0, 25.0, 1.0, 0.8
"""Millimetres of strokes that are straight, of a row of them that is a rule, how thick one is, and gaps that it may have."""
_JOIN = 1.5
"""Millimetres over which strokes of a drawing hang together."""
_DRAWN, _CURVE = (16.0, 9.0), (40.0, 5.0, 0.1)
"""Millimetres that a drawing is wide and high at least; handwriting is lower. A long curve may be lower still, if no more than
that part of its box is ink."""
_SOLID = 0.22
"""Part of the box of a badge that is ink."""
_GRILLE, _WINDOW, _MESH = 0.22, 14.0, (24.0, 18.0)
"""Part of a window of so many millimetres that the rules of a grille cover, and the sides of a grille at least."""
_TINTED = 9
"""How much redder than the paper the ground of a curve is on average, 0..255."""
_BESIDE, _LEADS = 6.0, 28.0
"""Millimetres within which two parts are one picture, and within which curves below each other are."""
_WAVE = 8.0
"""Millimetres of a curve that are looked at together: a leaning row of dots rises less there than a wave."""
_RULED = 0.55
"""Part of a piece that is straight strokes from which it is what is left of a table."""
_SAME = 0.6
"""Part of two boxes together that they share if they are of one thing."""
_LOOP = (10.0, 6.0)
"""Millimetres that the main stroke of a signature is wide and high at least."""
_SPRAWL, _FILLED, _PEN = (95.0, 45.0), 0.45, 1.3
"""Millimetres of a signature at most; part of its box that is ink; and how thick a pen writes, in millimetres."""
_UNDER, _ASIDE = 42.0, 42.0
"""Millimetres below the line that says who signs, and to both sides of its middle, in which the signature stands."""

_STAMPED = 2.0
"""Millimetres from a stamp within which what is drawn signs, whatever stands above."""

Floats = npt.NDArray[np.float32]
Stats = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Loose:
    """Ink that is no known word."""

    free: Gray
    """1 where there is such ink and it is no rule."""
    straight: Gray
    """1 where it is a straight stroke."""
    pieces: Stats
    """What hangs together: x0, y0, x1, y1 and pixels of ink of each piece."""
    labels: npt.NDArray[np.int32]
    """The number of each pixel's piece, from 1."""


def pictures(seen: Glance, rest: Loose, others: Sequence[Area]) -> list[Area]:
    """Boxes of all pictures. `others`: stamps and signatures, which are none."""
    found = [*_shades(seen), *_drawn(seen, rest, others), *_grilles(seen, rest, others)]
    return together(found, _BESIDE * seen.mm)


def _shades(seen: Glance) -> list[Area]:
    """Rule 1."""
    mm, size = seen.mm, round(_GAPS * seen.mm) | 1
    dark = cv2.subtract(_paper(seen.gray), cv2.morphologyEx(seen.gray, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)))
    mask = np.asarray(dark > _DARKER, np.uint8)
    if not mask.any():
        return []
    core = max(3, round(_CORE * mm))
    solid = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((core, core), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    found = []
    for number, (left, top, wide, high, _) in enumerate(stats[1:].tolist(), start=1):
        if min(wide, high) >= _LEAST * mm:
            own = labels[top : top + high, left : left + wide] == number
            if _roughness(seen.gray[top : top + high, left : left + wide], own, mm) > _ROUGH:
                found.append((left, top, left + wide, top + high))
    return found


def _paper(gray: Gray) -> Gray:
    """How bright the paper is at each place: a smooth surface through the brightest parts of the page."""
    high, wide = gray.shape
    tile = max(4, min(high, wide) // 24)
    rows, columns = high // tile, wide // tile
    tiles = gray[: rows * tile, : columns * tile].reshape(rows, tile, columns, tile).transpose(0, 2, 1, 3)
    few = tiles[:, :, ::2, ::2].reshape(rows, columns, -1)
    bright = few.shape[2] * 85 // 100
    light = np.partition(few, bright, axis=2)[:, :, bright].astype(np.float32)
    y, x = (np.mgrid[0:rows, 0:columns].astype(np.float32) + 0.5) / np.array([rows, columns], np.float32)[:, None, None]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).reshape(-1, 6)
    values, kept = light.ravel(), np.ones(light.size, bool)
    for _ in range(4):
        plane = terms @ np.linalg.lstsq(terms[kept], values[kept], rcond=None)[0]
        again = values > plane - 12
        if np.count_nonzero(again) < 12:
            break
        kept = again
    surface = plane.reshape(rows, columns).clip(0, 255).astype(np.float32)
    return np.asarray(cv2.resize(surface, (wide, high), interpolation=cv2.INTER_LINEAR), np.uint8)


def _roughness(part: Gray, own: npt.NDArray[np.bool_], mm: float) -> float:
    """Deviation of grey levels from what is around them, without the rim."""
    size = (round(5 * mm) | 1,) * 2
    inner = cv2.erode(np.asarray(own, np.uint8), np.ones(size, np.uint8), borderValue=0) > 0
    if not inner.any():
        return 0.0
    soft = cv2.medianBlur(part, 3).astype(np.float32)
    return float((soft - cv2.blur(soft, size))[inner].std())


def loose(seen: Glance, ink: Gray) -> Loose:
    """Of ink that is no known word."""
    length, thick, gap = round(_STRAIGHT * seen.mm), max(2, round(_THICK * seen.mm)), round(_BREAK * seen.mm) | 1
    free, straight = ink.copy(), np.zeros_like(ink)
    for side, turn in ((cv2.CC_STAT_WIDTH, 1), (cv2.CC_STAT_HEIGHT, -1)):
        whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, gap)[::turn], np.uint8))
        leaning = cv2.dilate(whole, np.ones((3, 1)[::turn], np.uint8))  # a thin rule that leans is a row of steps
        lines = cv2.morphologyEx(leaning, cv2.MORPH_OPEN, np.ones((1, length)[::turn], np.uint8))
        if not lines.any():
            continue
        thin = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thick + 3, 1)[::turn], np.uint8)))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(thin, np.ones((3, 3), np.uint8)))
        rules = stats[:, side] >= _RULE * seen.mm
        rules[0] = False
        free[rules[labels]] = 0
        straight |= np.asarray(thin, np.uint8) & ink
    return Loose(free, straight, *_pieces(seen, free))


def _pieces(seen: Glance, ink: Gray) -> tuple[Stats, npt.NDArray[np.int32]]:
    """As `Loose` has them."""
    size = round(_JOIN * seen.mm) | 1
    _, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, np.ones((size, size), np.uint8)), connectivity=8)
    counts = np.bincount(labels[ink > 0], minlength=len(stats))
    left, top, wide, high, _ = stats[1:].T
    return np.stack([left, top, left + wide, top + high, counts[1:]], axis=1), np.asarray(labels, np.int32)


def _drawn(seen: Glance, rest: Loose, others: Sequence[Area]) -> list[Area]:
    """Rule 2, the curves and badges."""
    pieces = rest.pieces
    ruled = np.bincount(rest.labels[rest.straight & rest.free > 0], minlength=len(pieces) + 1)[1:]
    wide, high = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    part = pieces[:, 4] / (wide * high)
    large = (wide >= _DRAWN[0] * seen.mm) & (high >= _DRAWN[1] * seen.mm)
    curve = (wide >= _CURVE[0] * seen.mm) & (high >= _CURVE[1] * seen.mm) & (part <= _CURVE[2])
    solid = (np.minimum(wide, high) >= _LEAST * seen.mm) & (part >= _SOLID)
    curves: list[Area] = []
    found: list[Area] = []
    for number in np.flatnonzero((large | curve | solid) & (ruled < _RULED * pieces[:, 4])).tolist():
        area = _hull(pieces[[number]])
        if any(_part_inside(area, other) > _SAME for other in others):
            continue
        if curve[number] and _rises(rest.labels, number + 1, area, seen.mm):
            curves.append(area)
        elif (large[number] or solid[number]) and _is_uneven(seen, area):
            found.append(area)
    return found + _below_each_other(curves, _LEADS * seen.mm)


def _is_uneven(seen: Glance, area: Area) -> bool:
    """Whether a piece is more than even shade."""
    x0, y0, x1, y1 = area
    return _roughness(seen.gray[y0:y1, x0:x1], np.ones((y1 - y0, x1 - x0), np.bool_), seen.mm) > _ROUGH


def _rises(labels: npt.NDArray[np.int32], number: int, area: Area, mm: float) -> bool:
    """Whether a piece is somewhere as high as a wave, within a short part of its length."""
    x0, y0, x1, y1 = area
    step = max(1, round(_WAVE * mm))
    for left in range(x0, x1, step):
        rows = np.flatnonzero((labels[y0:y1, left : left + step] == number).any(axis=1))
        if len(rows) and rows[-1] - rows[0] >= _CURVE[1] * mm:
            return True
    return False


def _below_each_other(areas: Sequence[Area], gap: float) -> list[Area]:
    """Boxes of like place across made one where they follow each other."""
    found: list[Area] = []
    for one in sorted(areas, key=lambda area: area[1]):
        for number, other in enumerate(found):
            shared = min(one[2], other[2]) - max(one[0], other[0])
            if shared > 0.7 * min(one[2] - one[0], other[2] - other[0]) and one[1] - other[3] < gap:
                found[number] = min(one[0], other[0]), other[1], max(one[2], other[2]), max(one[3], other[3])
                break
        else:
            found.append(one)
    return found


def _grilles(seen: Glance, rest: Loose, others: Sequence[Area]) -> list[Area]:
    """Rule 2, what curves are drawn on."""
    window = (round(_WINDOW * seen.mm),) * 2
    mesh = cv2.blur(rest.straight.astype(np.float32), window) > _GRILLE
    if seen.red is not None:
        red = np.minimum(seen.red, 60).astype(np.float32)
        for x0, y0, x1, y1 in others:
            red[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] = 0
        tint = cv2.blur(red, (round(5 * seen.mm),) * 2) > _TINTED
        mesh |= cv2.erode(np.asarray(tint, np.uint8), np.ones((round(3 * seen.mm),) * 2, np.uint8)) > 0
    if not mesh.any():
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(mesh, np.uint8))
    return [
        (left, top, left + wide, top + high)
        for left, top, wide, high, area in stats[1:].tolist()
        if wide >= _MESH[0] * seen.mm and high >= _MESH[1] * seen.mm and area > 0.7 * wide * high
    ]


def signatures(seen: Glance, rest: Loose, signed: Sequence[Area]) -> list[Area]:
    """Rule 3. `signed`: boxes of the lines that say who signs."""
    if not signed:
        return []
    pieces, found = rest.pieces, []
    for x0, _, x1, y1 in signed:
        middle, mm = (x0 + x1) / 2, seen.mm
        across, down = (pieces[:, 0] + pieces[:, 2]) / 2, (pieces[:, 1] + pieces[:, 3]) / 2
        there = (np.abs(across - middle) < _ASIDE * mm) & (down > y1) & (down < y1 + _UNDER * mm)
        main = there & _sprawls(pieces, mm)
        if not main.any():
            continue
        best = int(np.where(main, pieces[:, 4], 0).argmax())
        if _is_thin(rest, best, mm):
            near = there & (_off(pieces, pieces[best]) < _BESIDE * mm / 2) & (pieces[:, 4] > mm * mm)
            found.append(_hull(pieces[near | (np.arange(len(pieces)) == best)]))
    return together([area for area in found if _fits(area, seen.mm)], 0)


def _sprawls(pieces: Stats, mm: float) -> npt.NDArray[np.bool_]:
    wide, high = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    size = (wide >= _LOOP[0] * mm) & (high >= _LOOP[1] * mm) & (wide <= _SPRAWL[0] * mm) & (high <= _SPRAWL[1] * mm)
    return np.asarray(size & (pieces[:, 4] < _FILLED * wide * high), np.bool_)


def _is_thin(rest: Loose, number: int, mm: float) -> bool:
    """Whether a pen drew a piece."""
    x0, y0, x1, y1, _ = rest.pieces[number].tolist()
    own = np.asarray((rest.labels[y0:y1, x0:x1] == number + 1) & (rest.free[y0:y1, x0:x1] > 0), np.uint8)
    return bool(np.quantile(cv2.distanceTransform(own, cv2.DIST_L2, 3)[own > 0], 0.9) * 2 <= _PEN * mm + 1)


def _off(pieces: Stats, one: npt.NDArray[np.int32]) -> Floats:
    """How far each piece is from one, in pixels, across or down, whichever is more."""
    across = np.maximum(pieces[:, 0] - one[2], one[0] - pieces[:, 2])
    down = np.maximum(pieces[:, 1] - one[3], one[1] - pieces[:, 3])
    return np.asarray(np.maximum(across, down), np.float32)


def _hull(pieces: Stats) -> Area:
    (x0, y0), (x1, y1) = pieces[:, :2].min(0).tolist(), pieces[:, 2:4].max(0).tolist()
    return x0, y0, x1, y1


def _fits(area: Area, mm: float) -> bool:
    return area[2] - area[0] <= _SPRAWL[0] * mm and area[3] - area[1] <= _SPRAWL[1] * mm


def signs_beside(area: Area, stamps: Sequence[Area], mm: float) -> bool:
    """Whether what is drawn at a stamp is as small as a signature."""
    return _fits(area, mm) and any(_apart(area, stamp) <= _STAMPED * mm for stamp in stamps)


def together(areas: Sequence[Area], near: float) -> list[Area]:
    """Boxes that overlap or stand within `near` pixels made one."""
    left = list(areas)
    found: list[Area] = []
    while left:
        one = left.pop()
        beside = next((other for other in left if _apart(one, other) <= near), None)
        if beside is None:
            found.append(one)
        else:
            left.remove(beside)
            left.append((min(one[0], beside[0]), min(one[1], beside[1]), max(one[2], beside[2]), max(one[3], beside[3])))
    return sorted(found, key=lambda area: (area[1], area[0]))


def same(one: Area, other: Area) -> bool:
    """Whether two boxes are nearly the same."""
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    inner = max(wide, 0) * max(high, 0)
    areas = [(area[2] - area[0]) * (area[3] - area[1]) for area in (one, other)]
    return inner > _SAME * (sum(areas) - inner)


def holds(one: Area, other: Area) -> bool:
    """Whether nearly all of the second box lies in the first."""
    return _part_inside(other, one) > 0.9


def _part_inside(one: Area, other: Area) -> float:
    wide, high = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0) / max(1, (one[2] - one[0]) * (one[3] - one[1]))


def _apart(one: Area, other: Area) -> float:
    return max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
