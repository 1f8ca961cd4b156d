"""Writing that one threshold does not do justice to, worn ribbons and carbon copies: three shades, each stencil over a paler one.

Three outlines of a word are coded in a quarter of the bytes that a picture of it takes, and grain and paper stay out of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pdfa import strokes
from pdfa.soft import Area
from pdfa.strokes import Grey
from pdfa.tints import STEPS, Tint, nested

_SMOOTH = 0.05
"""Millimetres over which grain is evened out."""
_LEAST, _ABOVE_GRAIN = 14.0, 3.0
"""How much darker than even paper the palest shade is: at least, and as a multiple of the grain."""
_SPECK = 0.01
"""Square millimetres of black: what has less ink is grain; the dot of a worn number has more."""
_ROUNDS = 20


def shades(picture: Grey, light: Grey, areas: Sequence[Area], mm: float, times: int = 1) -> list[Tint]:
    """The ink in those areas, the palest shade first. `light`: the picture's lightness with the paper made even. Both are
    `times` as large as what areas and `mm` are pixels of.
    """
    inside = np.zeros(light.shape, np.bool_)
    for x0, y0, x1, y1 in areas:
        inside[y0 * times : y1 * times, x0 * times : x1 * times] = True
    mm *= times
    smooth = np.asarray(cv2.GaussianBlur(light, (0, 0), _SMOOTH * mm), np.uint8)
    dark = np.asarray(cv2.subtract(np.full_like(smooth, strokes.WHITE), smooth), np.uint8)
    least = max(_LEAST, _ABOVE_GRAIN * strokes.grain(smooth))
    limits = np.maximum(_limits(np.bincount(dark[inside & (dark > least)], minlength=256)), least)
    ink = strokes.without_specks(inside & (dark >= limits[0]), smooth, _SPECK * mm * mm)
    steps = np.searchsorted(limits[1:], dark[ink], side="right")
    return nested(picture, ink, np.asarray(STEPS - 1 - steps, np.uint8), mm)


def _limits(counts: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Where each shade begins, so that ink differs least from its shade (Lloyd); `counts`: pixels by their darkness."""
    values = np.arange(len(counts))
    evenly = (np.arange(STEPS) + 0.5) / STEPS * counts.sum()
    centres = np.append(0.0, np.searchsorted(np.cumsum(counts), evenly))
    for _ in range(_ROUNDS):
        of = np.searchsorted((centres[1:] + centres[:-1]) / 2, values)
        pixels, sums = (np.bincount(of, weights, STEPS + 1) for weights in (counts, counts * values))
        centres[1:] = np.where(pixels > 0, sums / np.maximum(pixels, 1), centres)[1:]
    return np.asarray((centres[1:] + centres[:-1]) / 2, np.float64)
