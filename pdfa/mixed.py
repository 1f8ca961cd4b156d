"""Mixed raster content: ink as stencils at full resolution, over the paper at a low one, with pictures in between.

What is told to be ink is not drawn anew: its stencils together are the thresholded scan, pixel for pixel, coded without loss.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from domain.pages import Box, PageImage, PageReading
from pdfa import geometry, paper, strokes
from pdfa.jbig2 import jbig2_picture, work
from pdfa.layers import Layer, Part
from pdfa.strokes import Grey, Mask
from pdfa.tints import Tint, tints

_PAPER_DPI, _PAPER_QUALITY = 80.0, 40
_PICTURE_DPI, _PICTURE_QUALITY = 150.0, 50
_FINE = 220.0
"""Dots per inch below which stencils are cut from a picture made twice as large: grey edges say more than black ones."""
_MOST_DOUBLED = 12_000_000
"""Pixels up to which a picture is made larger."""
_MOST_WORK = 12_000_000
_MM = 25.4


class TooBusy(Exception):
    """There is ink all over the page: stencils of it would take long and be large."""


def layers(picture: Grey, image: PageImage, reading: PageReading, dpi: float) -> tuple[Layer, ...]:
    """Paper, pictures, stencils. `picture`: the scan as stored, grey or sRGB, at `dpi`. Raises TooBusy."""
    mm = dpi / _MM
    zones = list(_picture_zones(image, reading))
    stencils, whole = _stencils(picture, zones, mm)
    if sum(work(tint.ink) for tint in stencils) > _MOST_WORK:
        raise TooBusy
    bottom = paper.jpeg(paper.paper(picture, whole, mm, _PAPER_DPI), _PAPER_QUALITY)
    return (
        Layer(bottom),
        *(_cut_out(picture, zone, dpi) for zone in zones),
        *(_stencil(tint) for tint in stencils),
    )


def _stencils(picture: Grey, zones: list[tuple[int, int, int, int]], mm: float) -> tuple[list[Tint], Mask]:
    """The tints of the ink, at once or twice the picture's size, and all ink at the picture's size."""
    high, wide = picture.shape[:2]
    times = 2 if mm * _MM < _FINE and high * wide <= _MOST_DOUBLED else 1
    large = cv2.resize(picture, (wide * times, high * times), interpolation=cv2.INTER_CUBIC) if times > 1 else picture
    large = np.asarray(large, np.uint8)
    page = strokes.even(strokes.lightness(large), mm * times)
    mask = strokes.strokes(page, mm * times)
    for x0, y0, x1, y1 in zones:
        mask[y0 * times : y1 * times, x0 * times : x1 * times] = False
    found = tints(large, mask, page.light, mm * times)
    return found, mask if times == 1 else np.asarray(mask.reshape(high, times, wide, times).any(axis=(1, 3)))


def _picture_zones(image: PageImage, reading: PageReading) -> Iterator[tuple[int, int, int, int]]:
    """Where pictures are, in pixels as stored: left, top, right, bottom."""
    back = geometry.stored(image, reading.rotation)
    for zone in reading.zones:
        if zone.kind == "picture":
            x0, y0, x1, y1 = _corners(zone.box, back)
            left, top = max(0, int(x0)), max(0, int(y0))
            right, bottom = min(image.width, int(x1) + 1), min(image.height, int(y1) + 1)
            if right > left and bottom > top:
                yield left, top, right, bottom


def _corners(box: Box, back: geometry.Matrix) -> tuple[float, float, float, float]:
    (xa, ya), (xb, yb) = back.apply(box.x0, box.y0), back.apply(box.x1, box.y1)
    return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _cut_out(picture: Grey, zone: tuple[int, int, int, int], dpi: float) -> Layer:
    left, top, right, bottom = zone
    high, wide = picture.shape[:2]
    inside = picture[top:bottom, left:right]
    factor = min(1.0, _PICTURE_DPI / dpi)
    size = max(1, round((right - left) * factor)), max(1, round((bottom - top) * factor))
    small = np.asarray(cv2.resize(inside, size, interpolation=cv2.INTER_AREA), np.uint8)
    return Layer(paper.jpeg(small, _PICTURE_QUALITY), Part(left / wide, top / high, right / wide, bottom / high))


def _stencil(tint: Tint) -> Layer:
    """Cut to where its ink is."""
    high, wide = tint.ink.shape
    rows, columns = (np.flatnonzero(tint.ink.any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = Part(left / wide, top / high, right / wide, bottom / high)
    return Layer(jbig2_picture(tint.ink[top:bottom, left:right]), part, tint.colour)
