"""Where the pictures of a PDF page stand, if it has nothing else: read from its content (ISO 32000-1, 8.3.2, 8.9.5)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pikepdf

from ingest.optional import Layers
from ingest.unpacked import is_longer

_PAINTS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "INLINE IMAGE"))
_PATHS = frozenset(("m", "l", "c", "v", "y", "h"))
_SHOWS_TEXT = frozenset(("Tj", "TJ", "'", '"'))
_INVISIBLE = 3
_HARMLESS = {"/Type", "/SA", "/OP", "/op", "/OPM", "/AIS", "/TK", "/SM", "/FL", "/RI", "/LW"}
"""Entries of a graphics state that do not change how a picture looks."""
_BEGINS = frozenset(("BMC", "BDC"))
_FILLS_WITH = frozenset(("g", "rg", "k", "cs", "sc", "scn"))
_DEEPEST = 8
_MOST = 1000
"""Pictures on a page: a scanner cuts a sheet into a hundred strips at most."""
_LEANS = 0.001
_SQUARE = 0.02
_LONGEST = 1_000_000
"""Bytes of instructions; a scan with its hidden words has a third at most, and each would be held as an object."""
_FILLS = 0.95
_CUT = 0.01
_BARELY = 0.001
_OPENINGS = ("/ImageMask", "/Mask", "/SMask", "/SMaskInData")
_NOT_ON_SCREENS = 2 | 32
"""Flags of an annotation: hidden, not for viewing."""
_ORIENTATIONS = {
    (1, 0, 0, 1): 1, (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
}  # fmt: skip
"""Where the picture's right and down point on the shown page (y downwards) to the EXIF orientation."""

Matrix = tuple[float, float, float, float, float, float]
Corners = tuple[float, float, float, float]
_UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_ENDLESS: Corners = (-math.inf, -math.inf, math.inf, math.inf)


Ink = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture in the page's own frame, and the red, green and blue (0..1) in which a stencil is filled; None: other colours."""

    stream: pikepdf.Stream
    matrix: Matrix
    ink: Ink | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture that fills its page: its stream, its resolution on the paper, and how a viewer turns it."""

    stream: pikepdf.Stream
    dpi: float
    orientation: int


@dataclass(frozen=True, slots=True)
class Laid:
    """Pictures that make a page, lowest first: what of it is visible, points to an inch of paper, and how a viewer turns it."""

    pictures: tuple[Painted, ...]
    visible: Corners
    inch: float
    orientation: int


def pictures(page: pikepdf.Page, layers: Layers) -> Placed | Laid | None:
    """The page's one full-page picture, or the upright ones that it consists of; None where the page is anything else. What is on
    a layer that is switched off is not there.
    """
    if not all(_is_unseen(each, layers) for each in page.get("/Annots", ())):
        return None
    trace = _Trace(page.resources, _UNIT, layers)
    if not trace.run(page):
        return None
    found = _seen(_visible(page), trace.found)
    if not 0 < len(found) <= _MOST:
        return None
    placed = _placed(page, found[0].stream, found[0].matrix) if len(found) == 1 else None
    return placed or _laid(page, found)


def _is_unseen(annotation: object, layers: Layers) -> bool:
    """Whether nothing of an annotation is drawn on a screen (ISO 32000-1, 12.5.3): links have no look of their own."""
    if not isinstance(annotation, pikepdf.Dictionary):
        return False
    is_bare = annotation.get("/Subtype") == pikepdf.Name.Link and "/AP" not in annotation
    return is_bare or bool(int(annotation.get("/F", 0)) & _NOT_ON_SCREENS) or layers.shows(annotation.get("/OC")) is False


def _seen(visible: Corners, found: list[Painted]) -> list[Painted]:
    """Without pictures beyond the edge of the page, and those under one that covers the page."""
    seen = list[Painted]()
    for painted in reversed(found):
        corners = _corners(painted.matrix, 0, 0, 1, 1)
        if corners[0] < visible[2] and corners[2] > visible[0] and corners[1] < visible[3] and corners[3] > visible[1]:
            seen.append(painted)
            if _covers(painted, visible):
                break
    return seen[::-1]


def _covers(painted: Painted, visible: Corners) -> bool:
    """Whether nothing of the page is seen around a picture or through it."""
    a, b, c, d, _, _ = painted.matrix
    is_square = min(max(abs(a), abs(d)), max(abs(b), abs(c))) == 0
    is_open = any(name in painted.stream for name in _OPENINGS)
    return is_square and not is_open and _holds(_corners(painted.matrix, 0, 0, 1, 1), visible, _BARELY)


def are_stacked(strips: Sequence[Painted], visible: Corners) -> bool:
    """Whether pictures, the upmost first, are as wide as one another, meet without gaps, have square pixels and fill the page."""
    wide, left = strips[0].matrix[0], strips[0].matrix[4]
    pixel = wide / max(int(strips[0].stream.get("/Width", 0)), 1)
    for above, below in pairwise(strips):
        (a, _, _, _, e, f), under = below.matrix, above.matrix[5] - below.matrix[3]
        if max(abs(a - wide), abs(e - left), abs(under - f)) > pixel / 2:
            return False
    rows = [(each.matrix[3], int(each.stream.get("/Height", 0))) for each in strips]
    square = all(abs(high - pixel * count) < max(_SQUARE * high, pixel / 2) for high, count in rows)
    corners = left, strips[-1].matrix[5], left + wide, strips[0].matrix[5] + strips[0].matrix[3]
    return square and _fills(visible, corners)


def _laid(page: pikepdf.Page, found: list[Painted]) -> Laid | None:
    """None where one of them is turned, mirrored or leans: such pages are rare. The edge of the page may cut them."""
    for painted in found:
        a, b, c, d, _, _ = painted.matrix
        if not (a > 0 and d > 0 and max(abs(b), abs(c)) <= _LEANS * min(a, d)):
            return None
    orientation = _ORIENTATIONS[_shown([1.0, 0.0, 0.0, 1.0], int(page.get("/Rotate", 0)) % 360)]
    return Laid(tuple(found), _visible(page), 72 / float(page.get("/UserUnit", 1)), orientation)


class _Trace:
    """Follows a page's content as far as one picture needs it: matrices, text modes, rectangles to clip by, forms, layers."""

    def __init__(self, resources: pikepdf.Object, matrix: Matrix, layers: Layers, depth: int = 0) -> None:
        self.found: list[Painted] = []
        self._resources, self._matrix, self._depth = resources, matrix, depth
        self._layers, self._seen = layers, [True]
        self._mode, self._clip = 0, _ENDLESS
        self._ink: Ink | None = (0.0, 0.0, 0.0)
        self._kept: list[tuple[Matrix, int, Corners, Ink | None]] = []
        self._rectangle: Corners | None = None

    def run(self, content: pikepdf.Page | pikepdf.Stream) -> bool:
        """All instructions; False where something visible is painted beside pictures, or hides part of one."""
        if any(is_longer(stream, _LONGEST) for stream in _streams(content)):
            return False
        steps = pikepdf.parse_content_stream(content)
        return all(self.follow(str(step.operator), step.operands) for step in steps)

    def follow(self, code: str, operands: Iterable[Any]) -> bool:
        """One instruction; False where the page is more than pictures."""
        values = list(operands)
        if code in _BEGINS:
            return self._begin(values)
        if code in ("W", "W*"):
            return self._cut()
        if code == "Do":
            return not self._seen[-1] or self._paint(self._resource("/XObject").get(str(values[0])))
        if code == "gs":
            return self._is_harmless(str(values[0]))
        self._change(code, values)
        return not self._seen[-1] or (code not in _PAINTS and (code not in _SHOWS_TEXT or self._mode == _INVISIBLE))

    def _begin(self, values: list[Any]) -> bool:
        """Marked content, up to its EMC; False where it is not known whether that is shown."""
        shown: bool | None = True
        if str(values[0]) == "/OC":
            layer = self._resource("/Properties").get(str(values[-1])) if isinstance(values[-1], pikepdf.Name) else None
            shown = None if layer is None else self._layers.shows(layer)
        self._seen.append(self._seen[-1] and shown is not False)
        return shown is not None or not self._seen[-1]

    def _change(self, code: str, values: list[Any]) -> None:
        """What an instruction does to the graphics state."""
        if code == "q":
            self._kept.append((self._matrix, self._mode, self._clip, self._ink))
        elif code == "Q" and self._kept:
            self._matrix, self._mode, self._clip, self._ink = self._kept.pop()
        elif code == "EMC" and len(self._seen) > 1:
            self._seen.pop()
        elif code == "cm":
            self._matrix = _times(tuple(float(value) for value in values), self._matrix)
        elif code in _FILLS_WITH:
            self._ink = _ink(code, values)
        elif code == "Tr":
            self._mode = int(values[0])
        elif code == "re":
            self._rectangle = _corners(self._matrix, *(float(value) for value in values))
        elif code in _PATHS:
            self._rectangle = None

    def _resource(self, kind: str) -> pikepdf.Object:
        return self._resources.get(kind, pikepdf.Dictionary())

    def _paint(self, thing: pikepdf.Object | None) -> bool:
        if not isinstance(thing, pikepdf.Stream):
            return False
        shown = self._layers.shows(thing.get("/OC"))
        if not shown:
            return shown is False
        if thing.get("/Subtype") == pikepdf.Name.Form:
            return self._enter(thing)
        self.found.append(Painted(thing, self._matrix, self._ink))
        return _holds(self._clip, _corners(self._matrix, 0, 0, 1, 1))

    def _enter(self, form: pikepdf.Stream) -> bool:
        """A form XObject is content of its own: programs that recognise text put the hidden words there."""
        matrix = _times(tuple(float(value) for value in form.get("/Matrix", _UNIT)), self._matrix)
        left, bottom, right, top = (float(value) for value in form.BBox)
        inner = _Trace(form.get("/Resources", self._resources), matrix, self._layers, self._depth + 1)
        inner._mode, inner._ink = self._mode, self._ink
        inner._clip = _common(self._clip, _corners(matrix, left, bottom, right - left, top - bottom))
        sound = self._depth < _DEEPEST and inner.run(form)
        self.found += inner.found
        return sound

    def _cut(self) -> bool:
        if self._rectangle is None:
            return False
        self._clip = _common(self._clip, self._rectangle)
        return True

    def _is_harmless(self, name: str) -> bool:
        state = self._resource("/ExtGState").get(name, pikepdf.Dictionary())
        plain = {"/ca": 1, "/CA": 1, "/BM": pikepdf.Name.Normal, "/SMask": pikepdf.Name("/None")}
        return all(key in _HARMLESS or (key in plain and value == plain[key]) for key, value in state.items())


def _ink(code: str, values: list[Any]) -> Ink | None:
    """Of grey and RGB alone."""
    if code == "g":
        return (float(values[0]),) * 3
    if code == "rg":
        return float(values[0]), float(values[1]), float(values[2])
    return (0.0, 0.0, 0.0) if code == "cs" and str(values[0]) in ("/DeviceGray", "/DeviceRGB") else None


def _streams(content: pikepdf.Page | pikepdf.Stream) -> list[pikepdf.Stream]:
    if isinstance(content, pikepdf.Stream):
        return [content]
    parts = content.obj.get("/Contents", pikepdf.Array()).wrap_in_array()
    return [part for part in parts if isinstance(part, pikepdf.Stream)]


def _corners(matrix: Matrix, x: float, y: float, wide: float, high: float) -> Corners:
    """The upright rectangle that holds a rectangle after `matrix`."""
    a, b, c, d, e, f = matrix
    places = [(a * u + c * v + e, b * u + d * v + f) for u in (x, x + wide) for v in (y, y + high)]
    xs, ys = [place[0] for place in places], [place[1] for place in places]
    return min(xs), min(ys), max(xs), max(ys)


def _holds(outer: Corners, inner: Corners, cut: float = _CUT) -> bool:
    """Whether nearly nothing of `inner` (the share `cut` of its sides) lies outside `outer`."""
    slack = cut * max(inner[2] - inner[0], inner[3] - inner[1])
    return all(outer[n] <= inner[n] + slack for n in (0, 1)) and all(outer[n] >= inner[n] - slack for n in (2, 3))


def _times(first: tuple[float, ...], second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _placed(page: pikepdf.Page, stream: pikepdf.Stream, matrix: Matrix) -> Placed | None:
    a, b, c, d, _, _ = matrix
    size = max(abs(value) for value in (a, b, c, d))
    linear = [0.0 if abs(value) < 0.001 * size else value for value in (a, b, c, d)]
    orientation = _ORIENTATIONS.get(_shown(linear, int(page.get("/Rotate", 0)) % 360))
    wide, high = abs(linear[0]) + abs(linear[1]), abs(linear[2]) + abs(linear[3])
    if orientation is None or not _fills(_visible(page), _corners(matrix, 0, 0, 1, 1)):
        return None
    unit = float(page.get("/UserUnit", 1))
    across, down = 72 * int(stream.Width) / (wide * unit), 72 * int(stream.Height) / (high * unit)
    return Placed(stream, across, orientation) if abs(across - down) < _SQUARE * across else None


def _shown(linear: list[float], rotate: int) -> tuple[int, int, int, int]:
    """Signs of the picture's right and down on the shown page, y downwards, after turning clockwise by `rotate`."""
    a, b, c, d = linear
    right, down = (_sign(a), -_sign(b)), (-_sign(c), _sign(d))
    for _ in range(rotate // 90):
        right, down = (-right[1], right[0]), (-down[1], down[0])
    return (*right, *down)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _fills(page: Corners, picture: Corners) -> bool:
    """Whether the picture covers nearly all of the visible page and nearly none of it lies outside."""
    wide, high = page[2] - page[0], page[3] - page[1]
    enough = picture[2] - picture[0] >= _FILLS * wide and picture[3] - picture[1] >= _FILLS * high
    return enough and _holds(page, picture)


def _visible(page: pikepdf.Page) -> Corners:
    media, crop = (_ordered([float(value) for value in box]) for box in (page.mediabox, page.cropbox))
    return _common(media, crop)


def _common(one: Corners, other: Corners) -> Corners:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _ordered(box: list[float]) -> Corners:
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])
