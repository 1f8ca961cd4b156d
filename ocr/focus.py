"""How sharp the writing on a scan is, from the width of its edges. Looks at the few squares with the most writing, made small."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engine import Gray

_SQUARE = 0.16
"""Side of a square, in inches: a few letters."""
_SAMPLES, _SIDE = 6, 24
"""Pixels of a square's side on the copy on which squares are chosen, and on that on which edges are measured."""
_MOST, _FEWEST = 64, 12
"""Squares that are looked at, and those below which there is too little writing to tell."""
_MARGIN = 16
"""One part in so many of the squares at each border is left out."""
_CONTRAST = 60
"""Least difference of grey in a square with writing."""
_NO_EDGE = 2.5
"""Millimetres: what is wider is no edge; a ruled line has none along its way."""
_SHARPEST = 25
"""Per cent of the squares that say how wide edges are: the sharpest, since pictures and seals are soft on a good scan too."""


def edge_width(gray: Gray, dpi: float) -> float:
    """Millimetres from ink to paper along the steepest slope of an edge, in the direction in which it is worse; 0.0 where too
    little is written. A Gaussian blur of s mm makes it about 2 s; it is two pixels at least, of 150 to an inch or larger.
    """
    step = max(1, round(dpi * _SQUARE / _SAMPLES))
    squares = _inked(gray, step)
    if len(squares) < _FEWEST:
        return 0.0
    high = squares.max(axis=(1, 2)) - squares.min(axis=(1, 2))
    pixel = 25.4 * step * _SAMPLES / squares.shape[1] / dpi
    rise = [np.abs(squares[:, :, 2:] - squares[:, :, :-2]), np.abs(squares[:, 2:] - squares[:, :-2])]
    return max(_width(2 * pixel * high / np.maximum(each.max(axis=(1, 2)), 1), high) for each in rise)


def _width(widths: npt.NDArray[np.float64], high: npt.NDArray[np.int16]) -> float:
    told = widths[(high >= _CONTRAST) & (widths < _NO_EDGE)]
    return float(np.percentile(told, _SHARPEST)) if len(told) >= _FEWEST else 0.0


def _inked(gray: Gray, step: int) -> npt.NDArray[np.int16]:
    """`(squares, side, side)`: those with the most contrast, as small as `_SIDE` where they are larger."""
    side = step * _SAMPLES
    high, wide = gray.shape[0] // side, gray.shape[1] // side
    if min(high, wide) < 3:
        return np.zeros((0, 1, 1), np.int16)
    sample = gray[: high * side : step, : wide * side : step].astype(np.float32)
    mean, square = (cv2.resize(each, (wide, high), interpolation=cv2.INTER_AREA) for each in (sample, sample * sample))
    contrast = square - mean * mean
    down, across = max(1, high // _MARGIN), max(1, wide // _MARGIN)
    inner = contrast[down : high - down, across : wide - across]
    best = np.argsort(inner, axis=None)[-_MOST:]
    rows, columns = np.unravel_index(best, inner.shape)
    grid = np.lib.stride_tricks.sliding_window_view(gray, (side, side))[::side, ::side]
    found = grid[rows + down, columns + across]
    small = min(side, _SIDE)
    stack = cv2.resize(found.reshape(-1, side), (small, small * len(found)), interpolation=cv2.INTER_AREA)
    return np.asarray(stack, np.int16).reshape(len(found), small, small)
