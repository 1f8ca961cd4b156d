"""From the scan as it was stored to the page as it is read: every turn is a matrix, no pixel is moved.

Frames
1. stored: pixels as in the encoded picture.
2. upright: after the EXIF orientation and the quarter turns; boxes of words are given here.
3. straight: after turning back the skew, as large as needed to hold the whole picture.
4. page: PDF points, y upwards.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from domain.pages import Box, PageImage, PageReading

_POINTS_PER_INCH = 72.0
_SMALLEST, _LARGEST = 3.0, 14_000.0
"""Sides of a page in points (ISO 19005-2, 6.1.13, allows 14,400: the rest is left for a band below). Beyond them the paper is
drawn smaller or larger than it is.
"""
_ORIENTATIONS = {
    1: (1, 0, 0, 1),
    2: (-1, 0, 0, 1),
    3: (-1, 0, 0, -1),
    4: (1, 0, 0, -1),
    5: (0, 1, 1, 0),
    6: (0, 1, -1, 0),
    7: (0, -1, -1, 0),
    8: (0, -1, 1, 0),
}
"""EXIF orientation to the linear part `(a, b, c, d)` of its matrix, y downwards (TIFF 6.0, tag 274)."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """`x' = a·x + c·y + e`, `y' = b·x + d·y + f`, as in ISO 32000-1, 8.3.3."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, later: Matrix) -> Matrix:
        """This one first, `later` afterwards."""
        return Matrix(
            self.a * later.a + self.b * later.c,
            self.a * later.b + self.b * later.d,
            self.c * later.a + self.d * later.c,
            self.c * later.b + self.d * later.d,
            self.e * later.a + self.f * later.c + later.e,
            self.e * later.b + self.f * later.d + later.f,
        )

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def inverse(self) -> Matrix:
        """The way back."""
        size = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / size, -self.b / size, -self.c / size, self.a / size
        return Matrix(a, b, c, d, -(self.e * a + self.f * c), -(self.e * b + self.f * d))

    def operands(self) -> bytes:
        """As written before `cm`."""
        return " ".join(f"{value:.5f}" for value in (self.a, self.b, self.c, self.d, self.e, self.f)).encode()

    def into_corner(self, width: float, height: float) -> tuple[Matrix, float, float]:
        """The same turn moved so that a picture of `width` × `height` lies at the origin, and the size it then takes."""
        corners = [self.apply(x, y) for x in (0.0, width) for y in (0.0, height)]
        left, top = min(x for x, _ in corners), min(y for _, y in corners)
        size = max(x for x, _ in corners) - left, max(y for _, y in corners) - top
        return self.then(Matrix(e=-left, f=-top)), *size


@dataclass(frozen=True, slots=True)
class Layout:
    """How one page is laid out. `width`, `height` in points; `picture` maps the unit square of an image to the page."""

    width: float
    height: float
    picture: Matrix
    to_page: Matrix
    scale: float
    skew: float

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """Centre (x, y), width and height in points of the word that fills an upright box of the picture that leans.

        A word of w × h that leans by s has a box of (w·cos s + h·sin s) × (h·cos s + w·sin s): this solves for w and h.
        """
        wide, high = box.x1 - box.x0, box.y1 - box.y0
        sine, cosine = abs(math.sin(math.radians(self.skew))), math.cos(math.radians(self.skew))
        divisor = cosine * cosine - sine * sine
        width = max((wide * cosine - high * sine) / divisor, wide / 4)
        height = max((high * cosine - wide * sine) / divisor, high / 4)
        x, y = self.to_page.apply((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        return x, y, width * self.scale, height * self.scale


def lay_out(image: PageImage, reading: PageReading) -> Layout:
    """The matrices of one page. `skew_degrees` above zero: the scan leans clockwise, and is turned back by as much."""
    turned, width, height = _upright(image, reading.rotation)
    straight, wide, high = turn(-reading.skew_degrees).into_corner(width, height)
    scale = min(max(_POINTS_PER_INCH / image.dpi, _SMALLEST / min(wide, high)), _LARGEST / max(wide, high))
    to_page = straight.then(Matrix(a=scale, d=-scale, f=high * scale))
    from_unit_square = Matrix(a=image.width, d=-image.height, f=image.height)
    picture = from_unit_square.then(turned).then(to_page)
    return Layout(wide * scale, high * scale, picture, to_page, scale, reading.skew_degrees)


def upright_size(image: PageImage, rotation: int) -> tuple[float, float]:
    """Width and height in pixels after the EXIF orientation and `rotation` (quarter turns in degrees, clockwise)."""
    return _upright(image, rotation)[1:]


def stored(image: PageImage, rotation: int) -> Matrix:
    """From upright pixels, as words and zones are given, back to those of the stored picture."""
    return _upright(image, rotation)[0].inverse()


def _upright(image: PageImage, rotation: int) -> tuple[Matrix, float, float]:
    shown, width, height = Matrix(*_ORIENTATIONS[image.orientation]).into_corner(image.width, image.height)
    turned, width, height = turn(rotation).into_corner(width, height)
    return shown.then(turned), width, height


def turn(degrees: float) -> Matrix:
    """Clockwise about the origin, where y goes downwards."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    if degrees % 90 == 0:
        sine, cosine = round(sine), round(cosine)
    return Matrix(cosine, sine, -sine, cosine)
