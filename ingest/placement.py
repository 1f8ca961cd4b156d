"""Where the one picture of a PDF page stands: read from the page's content (ISO 32000-1, 8.3.2, 8.9.5)."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

_PAINTS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE", "W", "W*", "gs"))
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_INVISIBLE = 3
_FILLS = 0.95
_CUT = 0.01
_ORIENTATIONS = {
    (1, 0, 0, 1): 1, (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
}  # fmt: skip
"""Where the picture's right and down point on the shown page (y downwards) to the EXIF orientation."""

Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture that fills its page: its stream, its resolution on the paper, and how a viewer turns it."""

    stream: pikepdf.Stream
    dpi: float
    orientation: int


def only_picture(page: pikepdf.Page) -> Placed | None:
    """The page's one full-page picture, None where the page is anything else."""
    if "/Annots" in page and len(page.Annots):
        return None
    painted = _painted(page)
    if painted is None:
        return None
    name, matrix = painted
    stream = page.resources.get("/XObject", pikepdf.Dictionary()).get(name)
    if not isinstance(stream, pikepdf.Stream) or stream.get("/Subtype") != pikepdf.Name.Image:
        return None
    return _placed(page, stream, matrix)


def _painted(page: pikepdf.Page) -> tuple[str, Matrix] | None:
    """Name and matrix of the one XObject painted; None if anything visible beside it is."""
    matrix, kept, found, mode = _UNIT, [], [], 0
    for instruction in pikepdf.parse_content_stream(page):
        code, operands = str(instruction.operator), instruction.operands
        if code == "q":
            kept.append((matrix, mode))
        elif code == "Q" and kept:
            matrix, mode = kept.pop()
        elif code == "cm":
            matrix = _times(tuple(float(value) for value in operands), matrix)
        elif code == "Tr":
            mode = int(operands[0])
        elif code == "Do":
            found.append((str(operands[0]), matrix))
        elif code in _PAINTS or (code in _SHOWS_TEXT and mode != _INVISIBLE):
            return None
    return found[0] if len(found) == 1 else None


def _times(first: tuple[float, ...], second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _placed(page: pikepdf.Page, stream: pikepdf.Stream, matrix: Matrix) -> Placed | None:
    a, b, c, d, e, f = matrix
    size = max(abs(value) for value in (a, b, c, d))
    linear = [0.0 if abs(value) < 0.001 * size else value for value in (a, b, c, d)]
    right_down = _shown(linear, int(page.get("/Rotate", 0)) % 360)
    orientation = _ORIENTATIONS.get(right_down) if right_down else None
    wide, high = abs(linear[0]) + abs(linear[1]), abs(linear[2]) + abs(linear[3])
    if orientation is None or not wide or not high:
        return None
    if not _fills(page, (min(e, e + a + c), min(f, f + b + d), max(e, e + a + c), max(f, f + b + d))):
        return None
    unit = float(page.get("/UserUnit", 1))
    across, down = 72 * int(stream.Width) / (wide * unit), 72 * int(stream.Height) / (high * unit)
    return Placed(stream, across, orientation) if abs(across - down) < 0.02 * across else None


def _shown(linear: list[float], rotate: int) -> tuple[int, int, int, int] | None:
    """Signs of the picture's right and down on the shown page, y downwards, after turning clockwise by `rotate`."""
    a, b, c, d = linear
    right, down = (_sign(a), -_sign(b)), (-_sign(c), _sign(d))
    for _ in range(rotate // 90):
        right, down = (-right[1], right[0]), (-down[1], down[0])
    return (*right, *down)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _fills(page: pikepdf.Page, box: tuple[float, float, float, float]) -> bool:
    """Whether the picture covers nearly all of the visible page and nearly none of it lies outside."""
    left, bottom, right, top = _visible(page)
    wide, high = right - left, top - bottom
    inside = box[0] >= left - _CUT * wide and box[2] <= right + _CUT * wide
    inside = inside and box[1] >= bottom - _CUT * high and box[3] <= top + _CUT * high
    return inside and box[2] - box[0] >= _FILLS * wide and box[3] - box[1] >= _FILLS * high


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    media, crop = (_ordered([float(value) for value in box]) for box in (page.mediabox, page.cropbox))
    return max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])


def _ordered(box: list[float]) -> tuple[float, float, float, float]:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
