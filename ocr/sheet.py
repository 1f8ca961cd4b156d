"""The sheet of paper on a photograph: where its four corners are, and how it looks from straight above.

1. A picture whose border is as light as its paper is a flat scan; a look at a few of its pixels tells, and it is left as it is.
2. Long straight edges are sought on a small copy without writing. Four of them are a sheet if it is lighter than what lies around
   it nearly everywhere along all four, and the corners are in the picture.
3. A sheet that is only turned a little, as on a scanner with its lid open, is left to be straightened like any other.
4. Seen from above, a sheet has the proportions of A4 where its edges come near them; where not, those of its edges.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from domain.pages import Box
from ocr.engine import Gray

_GLANCE, _SIDE = 128, 512
"""Longer side, in pixels, of the copies on which rules 1 and 2 look."""
_LIGHTER, _RING = 0.93, 0.75
"""Part of the paper's brightness below which it is ground, and the least part of each border of the picture that is ground."""
_WRITING = 11
"""Pixels of the copy: dark strokes up to this width are written on the sheet."""
_LONG, _LINES = 0.16, 10
"""Shortest edge, in longer sides of the copy, and the most edges of either direction that are looked at: the longest."""
_FROM_EDGE, _STEP = 3.0, 0.05
"""Pixels from an edge at which the brightness on its sides is compared, and the least difference, in parts of the inner one."""
_SEEN, _SAMPLES = 0.72, 48
"""Least part of each edge along which the sheet is lighter, and the places where that is looked at."""
_LEAST, _MOST = 0.15, 0.985
"""Part of the picture that a sheet covers."""
_FLAT, _STRAIGHTENED, _ASKEW = 0.012, 6.0, 35.0
"""Difference of opposite edges, in parts of them, and lean in degrees up to which a sheet counts as flat; and the lean beyond
which it is not said which of its edges is the upper one.
"""
_INSET = 1.5
"""Pixels of the copy by which a sheet is cut smaller than it is: its edges are rough, and nobody writes there."""
_PROPORTION, _NEAR = math.sqrt(2), 1.17
"""Of A4, and the factor up to which a sheet's edges are near it: tilting by 30 degrees shortens one of them by 1.15."""

Points = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet on a picture. `corners` `(4, 2)`: top left, top right, bottom right, bottom left as it lies, in pixels of the
    picture; `size`: its width and height in pixels, seen from above, none of which is coarser than the picture; `lies_flat`: it
    needs no more than to be straightened (rule 3).
    """

    corners: Points
    size: tuple[int, int]
    lies_flat: bool = False

    @property
    def lean(self) -> float:
        """Degrees by which it is turned clockwise, −45 to 45."""
        ways = np.roll(self.corners, -1, axis=0) - self.corners
        across = sum(complex(*way) * (-1j) ** number / abs(complex(*way)) for number, way in enumerate(ways))
        return math.degrees(math.atan2(across.imag, across.real))

    @property
    def inside(self) -> Box:
        """An upright rectangle of the picture that shows nothing but the sheet, where it leans a little."""
        (left, top), (right, bottom) = np.sort(self.corners, axis=0)[1:3].tolist()
        return Box(left, top, right, bottom)

    def flat(self, gray: Gray) -> Gray:
        """The sheet of a picture, seen from above."""
        seen = cv2.warpPerspective(gray, self._onto(), self.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, dtype=np.uint8)

    def _onto(self) -> Matrix:
        wide, high = self.size
        above = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
        return np.asarray(cv2.getPerspectiveTransform(self.corners.astype(np.float32), above), np.float64)

    def back(self, boxes: Sequence[Box], rotation: int, picture: tuple[int, int]) -> list[Box]:
        """Boxes on the sheet seen from above, after clockwise `rotation`: the upright rectangles on the picture (its width and
        height), after the same rotation, that hold them.
        """
        if not boxes:
            return []
        matrix = quarter_turn(picture, rotation) @ np.linalg.inv(quarter_turn(self.size, rotation) @ self._onto())
        corners = np.array([[(b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)] for b in boxes], np.float64)
        seen = cv2.perspectiveTransform(corners, matrix)
        return [Box(*low, *top) for low, top in zip(seen.min(axis=1).tolist(), seen.max(axis=1).tolist(), strict=True)]


def quarter_turn(size: tuple[int, int], degrees: int) -> Matrix:
    """From pixels of a picture (width, height) to pixels of it after clockwise quarter turns."""
    wide, high = size
    return {
        0: np.eye(3),
        90: np.array([[0.0, -1, high], [1, 0, 0], [0, 0, 1]]),
        180: np.array([[-1.0, 0, wide], [0, -1, high], [0, 0, 1]]),
        270: np.array([[0.0, 1, 0], [-1, 0, wide], [0, 0, 1]]),
    }[degrees % 360]


def find(picture: Image.Image) -> Sheet | None:
    """The sheet on other ground; None where the picture shows nothing but paper, or not all of the sheet."""
    if not _on_ground(_lightness(picture, _GLANCE)):
        return None
    paper = _lightness(picture, 2 * _SIDE)
    paper = np.asarray(cv2.resize(paper, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_WRITING, _WRITING))
    paper = np.asarray(cv2.GaussianBlur(cv2.morphologyEx(paper, cv2.MORPH_CLOSE, brush), (0, 0), 1.0), np.uint8)
    corners = _best(paper)
    if corners is None:
        return None
    scale = np.array(picture.size) / np.array(paper.shape[::-1])
    return _sheet(_smaller(corners) * scale)


def _lightness(picture: Image.Image, side: int) -> Gray:
    """The darkest channel of a copy, in which wood and cloth are darker than paper: `(height, width) uint8`."""
    factor = min(1.0, side / max(picture.size))
    size = max(1, round(picture.width * factor)), max(1, round(picture.height * factor))
    pixels = np.asarray(picture.resize(size, Image.Resampling.NEAREST))
    return np.asarray(pixels if pixels.ndim == 2 else pixels.min(axis=2), np.uint8)


def _on_ground(glance: Gray) -> bool:
    """Rule 1."""
    if min(glance.shape) < _GLANCE / 4:
        return False
    seen = np.asarray(cv2.medianBlur(glance, 3))
    high, wide = seen.shape
    light = _LIGHTER * float(np.percentile(seen[high // 5 : -high // 5, wide // 5 : -wide // 5], 75))
    return all(float((side < light).mean()) > _RING for side in (seen[1], seen[-2], seen[:, 1], seen[:, -2]))


def _best(paper: Gray) -> Points | None:
    """Rule 2: the corners of the sheet in pixels of `paper`."""
    across, down = _edges(paper)
    best, most = None, 0.0
    for top, bottom in itertools.combinations(sorted(across, key=lambda edge: edge[1] + edge[3]), 2):
        for left, right in itertools.combinations(sorted(down, key=lambda edge: edge[0] + edge[2]), 2):
            corners = _corners(top, right, bottom, left)
            if corners is None or not _possible(corners, paper.shape):
                continue
            seen = _seen(paper, corners)
            if min(seen) >= _SEEN and (rank := sum(seen) / 4 + 0.5 * _area(corners) / paper.size) > most:
                best, most = corners, rank
    return None if best is None else _refined(paper, best)


def _edges(paper: Gray) -> tuple[list[Points], list[Points]]:
    """Long straight edges (x0, y0, x1, y1) that lie, and that stand; the longest of either, pieces of one edge made one."""
    found = cv2.createLineSegmentDetector().detect(paper)[0]
    if found is None:
        return [], []
    least = _LONG * max(paper.shape)
    kept: tuple[list[Points], list[Points]] = ([], [])
    lines = np.asarray(found, np.float64).reshape(-1, 4)
    lengths = np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1])
    for number in np.argsort(-lengths):
        line = lines[number]
        stands = abs(line[2] - line[0]) < abs(line[3] - line[1])
        same = kept[int(stands)]
        if lengths[number] >= least and len(same) < _LINES and not any(_on(line, other) for other in same):
            same.append(line)
    return kept


def _on(line: Points, other: Points) -> bool:
    """Whether a line is a piece of the edge that another goes along."""
    way = other[2:] - other[:2]
    normal = np.array([-way[1], way[0]]) / np.hypot(*way)
    return bool(np.abs((line.reshape(2, 2) - other[:2]) @ normal).max() < 4.0)


def _corners(*edges: Points) -> Points | None:
    """Where each of four edges (top, right, bottom, left) meets the one before it."""
    lines = [np.cross((*edge[:2], 1.0), (*edge[2:], 1.0)) for edge in edges]
    meet = [np.cross(lines[number - 1], line) for number, line in enumerate(lines)]
    if any(abs(point[2]) < 1e-9 for point in meet):
        return None
    return np.array([point[:2] / point[2] for point in meet])


def _possible(corners: Points, shape: tuple[int, ...]) -> bool:
    """Whether four corners are in the picture, and those of a sheet seen from somewhere above it."""
    high, wide = shape
    if (corners < -1).any() or (corners > (wide + 1, high + 1)).any() or not _LEAST < _area(corners) / (wide * high) < _MOST:
        return False
    ways = np.roll(corners, -1, axis=0) - corners
    turns = ways[:, 0] * np.roll(ways[:, 1], -1) - ways[:, 1] * np.roll(ways[:, 0], -1)
    lengths = np.hypot(*ways.T)
    sines = turns / (lengths * np.roll(lengths, -1))
    return bool((sines > math.sin(math.radians(55))).all())


def _area(corners: Points) -> float:
    x, y = corners.T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) / 2


def _along(corners: Points, off: Sequence[float] | Points) -> tuple[Points, Points]:
    """Places `(4, samples, len(off), 2)` along the four edges, so many pixels inward, and the inward normals `(4, 2)`."""
    ways = np.roll(corners, -1, axis=0) - corners
    normals = np.stack([-ways[:, 1], ways[:, 0]], axis=1) / np.hypot(*ways.T)[:, None]
    parts = np.linspace(0.04, 0.96, _SAMPLES)
    on = corners[:, None] + parts[None, :, None] * ways[:, None]
    return on[:, :, None] + np.asarray(off)[None, None, :, None] * normals[:, None, None], normals


def _values(paper: Gray, places: Points) -> Points:
    x, y = np.moveaxis(places.reshape(-1, 1, 2).astype(np.float32), 2, 0)
    seen = cv2.remap(paper, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float64).reshape(places.shape[:-1])


def _seen(paper: Gray, corners: Points) -> list[float]:
    """The part of each edge along which the sheet is lighter than its ground."""
    inside, outside = np.moveaxis(_values(paper, _along(corners, (_FROM_EDGE, -_FROM_EDGE))[0]), 2, 0)
    return [float(part) for part in (inside - outside > np.maximum(_STEP * inside, 5)).mean(axis=1)]


def _refined(paper: Gray, corners: Points) -> Points:
    """Each edge laid anew through where the brightness changes most across it."""
    off = np.arange(-5, 5.01, 0.5)
    places, _ = _along(corners, off)
    slope = np.diff(_values(paper, places), axis=2)
    at = slope.argmax(axis=2)
    edges = []
    for number in range(4):
        sharp = slope[number].max(axis=1) > 1.0
        on = (places[number, np.arange(_SAMPLES), at[number]] + places[number, np.arange(_SAMPLES), at[number] + 1]) / 2
        if sharp.sum() < _SAMPLES / 2:
            return corners
        x, y, from_x, from_y = (
            float(value) for value in cv2.fitLine(on[sharp].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        )
        edges.append(np.array([from_x - x, from_y - y, from_x + x, from_y + y]))
    better = _corners(*edges)
    return corners if better is None or np.abs(better - corners).max() > 8 else better


def _smaller(corners: Points) -> Points:
    places, _ = _along(corners, (_INSET,))
    return np.array(_corners(*(np.concatenate([edge[0, 0], edge[-1, 0]]) for edge in places)))


def _sheet(corners: Points) -> Sheet | None:
    """Rules 3 and 4."""
    top, right, bottom, left = (float(length) for length in np.hypot(*(np.roll(corners, -1, axis=0) - corners).T))
    wide, high = max(top, bottom), max(left, right)
    sheet = Sheet(corners, (round(wide), round(high)))
    if abs(sheet.lean) > _ASKEW:
        return None
    skewed = np.abs(corners[0] + corners[2] - corners[1] - corners[3]).max() / min(wide, high)
    diagonals = np.hypot(*(corners[:2] - corners[2:]).T)
    if skewed < _FLAT and abs(diagonals[0] / diagonals[1] - 1) < _FLAT and abs(sheet.lean) < _STRAIGHTENED:
        return replace(sheet, lies_flat=True)
    middle = (top + bottom) / (left + right)
    wanted = _PROPORTION if middle > 1 else 1 / _PROPORTION
    if 1 / _NEAR < middle / wanted < _NEAR:
        wide, high = max(wide, high * wanted), max(high, wide / wanted)
    return Sheet(corners, (round(wide), round(high)))
