"""Mixed raster content: ink as stencils at full resolution, over the paper at a low one, with pictures and faint words between.

What is told to be ink is not drawn anew: its stencils together are the thresholded scan, pixel for pixel, coded without loss.
Where one threshold does not do a word justice it has several; where they do not either, it stays a picture.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from domain.pages import Box, PageImage, PageReading
from pdfa import geometry, paper, shades, soft, strokes
from pdfa.jbig2 import jbig2_picture, work
from pdfa.layers import Layer, Part
from pdfa.soft import Area
from pdfa.strokes import Grey, Mask
from pdfa.tints import Tint, tints

_PAPER_DPI, _PAPER_QUALITY = 80.0, 40
_PICTURE_DPI, _PICTURE_QUALITY = 150.0, 50
_SOFT_DPI, _SOFT_QUALITY = 200.0, 35
_DRAWN = ("handwriting", "signature", "stamp")
_FINE = 220.0
"""Dots per inch below which stencils are cut from a picture made twice as large: grey edges say more than black ones."""
_MOST_DOUBLED = 12_000_000
"""Pixels up to which a picture is made larger."""
_MOST_WORK = 12_000_000
_MM = 25.4


class TooBusy(Exception):
    """There is ink all over the page: stencils of it would take long and be large."""


def layers(picture: Grey, image: PageImage, reading: PageReading, dpi: float) -> tuple[Layer, ...]:
    """Paper, pictures, faint words, stencils. `picture`: the scan as stored, grey or sRGB, at `dpi`. Raises TooBusy."""
    mm = dpi / _MM
    zones = _areas(image, reading, (zone.box for zone in reading.zones if zone.kind == "picture"))
    stencils, whole, large, light = _stencils(picture, zones, mm)
    bare = paper.paper(picture, whole, mm, _PAPER_DPI)
    written = (*(word.box for word in reading.words), *(zone.box for zone in reading.zones if zone.kind in _DRAWN))
    worn = soft.soft(_areas(image, reading, written), soft.shown(picture, bare, stencils))
    drawn = _without(stencils, _joined(worn, mm, image), image)
    faint: list[Area] = []
    if worn:
        shaded = shades.shades(large, light, _joined(worn, mm, image), mm, large.shape[1] // image.width)
        faint = _joined(soft.soft(worn, soft.shown(picture, bare, shaded)), mm, image)
        drawn += _without(shaded, faint, image)
    if sum(work(tint.ink) for tint in drawn) > _MOST_WORK:
        raise TooBusy
    return (
        Layer(paper.jpeg(bare, _PAPER_QUALITY)),
        *(_cut_out(picture, area, _PICTURE_DPI / dpi, _PICTURE_QUALITY) for area in zones),
        *(_cut_out(picture, area, _SOFT_DPI / dpi, _SOFT_QUALITY) for area in faint),
        *(_stencil(tint) for tint in drawn),
    )


def _joined(words: list[Area], mm: float, image: PageImage) -> list[Area]:
    return [_clipped(area, image) for area in soft.joined(words, mm)]


def _stencils(picture: Grey, zones: list[Area], mm: float) -> tuple[list[Tint], Mask, Grey, Grey]:
    """The tints of the ink, all ink at the picture's size; the picture at once or twice its size, of which the tints are, and its
    evened lightness.
    """
    high, wide = picture.shape[:2]
    times = 2 if mm * _MM < _FINE and high * wide <= _MOST_DOUBLED else 1
    large = cv2.resize(picture, (wide * times, high * times), interpolation=cv2.INTER_CUBIC) if times > 1 else picture
    large = np.asarray(large, np.uint8)
    page = strokes.even(strokes.lightness(large), mm * times)
    mask = strokes.strokes(page, mm * times)
    _clear(mask, zones, times)
    found = tints(large, mask, page.light, mm * times)
    if times > 1:
        rows = mask[::2] | mask[1::2]
        mask = rows[:, ::2] | rows[:, 1::2]
    return found, mask, large, page.light


def _without(stencils: list[Tint], areas: list[Area], image: PageImage) -> list[Tint]:
    """The stencils without ink in those areas."""
    for tint in stencils:
        _clear(tint.ink, areas, tint.ink.shape[1] // image.width)
    return [tint for tint in stencils if tint.ink.any()]


def _clear(mask: Mask, areas: list[Area], times: int) -> None:
    for x0, y0, x1, y1 in areas:
        mask[y0 * times : y1 * times, x0 * times : x1 * times] = False


def _areas(image: PageImage, reading: PageReading, boxes: Iterable[Box]) -> list[Area]:
    """Boxes of a reading in pixels as stored."""
    back = geometry.stored(image, reading.rotation)
    found = []
    for box in boxes:
        x0, y0, x1, y1 = _corners(box, back)
        left, top, right, bottom = _clipped((int(x0), int(y0), int(x1) + 1, int(y1) + 1), image)
        if right > left and bottom > top:
            found.append((left, top, right, bottom))
    return found


def _clipped(area: Area, image: PageImage) -> Area:
    return max(0, area[0]), max(0, area[1]), min(image.width, area[2]), min(image.height, area[3])


def _corners(box: Box, back: geometry.Matrix) -> tuple[float, float, float, float]:
    (xa, ya), (xb, yb) = back.apply(box.x0, box.y0), back.apply(box.x1, box.y1)
    return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _cut_out(picture: Grey, area: Area, factor: float, quality: int) -> Layer:
    left, top, right, bottom = area
    high, wide = picture.shape[:2]
    size = tuple(max(1, round(side * min(1.0, factor))) for side in (right - left, bottom - top))
    small = np.asarray(cv2.resize(picture[top:bottom, left:right], size, interpolation=cv2.INTER_AREA), np.uint8)
    return Layer(paper.jpeg(small, quality), Part(left / wide, top / high, right / wide, bottom / high))


def _stencil(tint: Tint) -> Layer:
    """Cut to where its ink is."""
    high, wide = tint.ink.shape
    rows, columns = (np.flatnonzero(tint.ink.any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    part = Part(left / wide, top / high, right / wide, bottom / high)
    return Layer(jbig2_picture(tint.ink[top:bottom, left:right]), part, tint.colour)
