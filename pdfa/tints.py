"""Which ink is which: every pixel of ink is given to one of a few colours, each a stencil of its own.

1. A pixel's hue is that of the ink about it, weighed by how much ink there is: scans blur colours over several pixels.
2. Hues fall into sectors, neutral ink is one of them; each is dark, middling or pale, as the darkest ink nearby is.
3. What is far darker, even in its lightest channel, than the coloured ink about it is black: print under a seal.
4. A small component most of which is of one kind is of that kind altogether; kinds with hardly any ink go to the nearest other.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pdfa.strokes import Grey, Mask

Kinds = npt.NDArray[np.uint8]

_NEUTRAL = 9.0
"""Distance from grey (in Cb and Cr, on white paper) below which ink has no hue."""
_HUES = np.radians([5.0, 50.0, 85.0, 125.0, 200.0, 295.0])
"""Where violet, magenta, red, orange, green and blue begin on the circle of Cb and Cr (ITU-R BT.601)."""
_LEVELS = (95, 165)
"""Lightness at which dark ink ends and pale ink begins."""
_HUE_BLUR, _LEVEL_BLUR = 0.3, 1.2
"""Millimetres about a pixel from which hue and darkness are taken."""
_BLACK = 0.6
"""Of the lightest channel of a coloured ink: black ink is darker in its own."""
_MOST = 0.75
"""Part of a component from which it is all of one kind."""
_LETTERS = 6.0
"""Square millimetres up to which a component is small: what is larger may be a seal with a signature across it."""
_FEW, _FEWEST = 0.0005, 1.0
"""Part of all ink, and square millimetres, below which a kind is given up."""
STEPS = len(_LEVELS) + 1
"""Of darkness."""
_KINDS = (len(_HUES) + 1) * STEPS


@dataclass(frozen=True, slots=True)
class Tint:
    """A colour (sRGB) and where its ink is; `ink` has the size of the page."""

    colour: tuple[int, int, int]
    ink: Mask


def tints(picture: Grey, ink: Mask, even: Grey, mm: float) -> list[Tint]:
    """All of the ink, each pixel in one tint; most ink first. `even`: the picture's lightness with the paper made even."""
    if not ink.any():
        return []
    where = np.flatnonzero(ink)
    samples = picture.reshape(ink.size, -1)[where]
    kinds = _levels(even, mm).reshape(-1)[where].astype(np.uint8) + np.uint8(STEPS) * _hues_of(picture, ink, where, mm)
    kinds = _by_component(kinds, where, ink, _LETTERS * mm * mm)
    colours = {kind: _colour(_darker(samples[kinds == kind])) for kind in np.unique(kinds).tolist()}
    kinds = _fewer(kinds, colours, mm)
    order = np.bincount(kinds, minlength=_KINDS).argsort()[::-1].tolist()
    return [Tint(colours[kind], _only(ink.shape, where[kinds == kind])) for kind in order if (kinds == kind).any()]


def nested(picture: Grey, ink: Mask, steps: Kinds, mm: float) -> list[Tint]:
    """All of the ink; a tint lies beneath the darker ones of its hue too, and before them. `steps`: of each pixel, 0 is dark."""
    if not ink.any():
        return []
    where = np.flatnonzero(ink)
    samples = picture.reshape(ink.size, -1)[where]
    hues = _by_component(_hues_of(picture, ink, where, mm), where, ink, _LETTERS * mm * mm)
    kinds = steps + np.uint8(STEPS) * hues
    colours = {kind: _colour(samples[kinds == kind]) for kind in np.unique(kinds).tolist()}
    kinds = _fewer(kinds, colours, mm)
    hues = kinds // STEPS
    found = np.unique(kinds)[::-1].tolist()
    return [Tint(colours[kind], _only(ink.shape, where[(hues == kind // STEPS) & (kinds <= kind)])) for kind in found]


def _hues_of(picture: Grey, ink: Mask, where: npt.NDArray[np.intp], mm: float) -> Kinds:
    """The hue of each pixel of ink."""
    if picture.ndim == 2:
        return np.zeros(len(where), np.uint8)
    return _without_black(_hues(picture, ink, mm).reshape(-1)[where], picture.reshape(ink.size, -1)[where].max(axis=1))


def _levels(even: Grey, mm: float) -> Kinds:
    """0 dark, 1 middling, 2 pale: `(height, width)`."""
    high, wide = even.shape
    small = cv2.resize(even, (max(1, wide // 2), max(1, high // 2)), interpolation=cv2.INTER_AREA)
    side = max(3, round(_LEVEL_BLUR * mm / 2) | 1)
    darkest = cv2.erode(small, np.ones((side, side), np.uint8))
    levels = sum((darkest > level).view(np.uint8) for level in _LEVELS)
    return np.asarray(cv2.resize(np.asarray(levels, np.uint8), (wide, high), interpolation=cv2.INTER_NEAREST), np.uint8)


def _hues(picture: Grey, ink: Mask, mm: float) -> Kinds:
    """0 neutral, then the sectors of `_HUES` in order: `(height, width)`."""
    high, wide = ink.shape
    half = (max(1, wide // 2), max(1, high // 2))
    white = _on_white(np.asarray(cv2.resize(picture, half, interpolation=cv2.INTER_AREA), np.uint8))
    small = cv2.cvtColor(white, cv2.COLOR_RGB2YCrCb)
    weight = cv2.resize(ink.view(np.uint8) * 255, half, interpolation=cv2.INTER_AREA).astype(np.float32)
    side = max(3, round(_HUE_BLUR * mm) | 1)
    total = cv2.blur(weight, (side, side)) + 1e-3
    red, blue = (cv2.blur((small[..., channel].astype(np.float32) - 128) * weight, (side, side)) / total for channel in (1, 2))
    there = weight > 0
    red, blue = red[there], blue[there]
    found = np.searchsorted(_HUES, np.arctan2(red, blue) % (2 * np.pi), side="right")
    found[found == 0] = len(_HUES)
    found[np.hypot(red, blue) < _NEUTRAL] = 0
    sectors = np.zeros(there.shape, np.uint8)
    sectors[there] = found
    return np.asarray(cv2.resize(sectors, (wide, high), interpolation=cv2.INTER_NEAREST), np.uint8)


def _without_black(hues: Kinds, lightest: npt.NDArray[np.uint8]) -> Kinds:
    """Rule 3; `lightest`: of each pixel its lightest channel."""
    limits = [np.median(lightest[hues == hue]) * _BLACK if hue and (hues == hue).any() else 0.0 for hue in range(len(_HUES) + 1)]
    return np.where(lightest < np.asarray(limits)[hues], np.uint8(0), hues)


def _on_white(picture: Grey) -> Grey:
    """As if the paper had no colour: black ink on yellow paper is not blue."""
    paper = np.median(picture[::8, ::8].reshape(-1, 3), axis=0).clip(1)
    return np.asarray((picture * (paper.mean() / paper).astype(np.float32)).clip(0, 255), np.uint8)


def _by_component(kinds: Kinds, where: npt.NDArray[np.intp], ink: Mask, most: float) -> Kinds:
    """One kind for each component of at most so many pixels most of which are of it."""
    count, labels = cv2.connectedComponents(ink.view(np.uint8), connectivity=8)
    of = labels.reshape(-1)[where]
    shares = np.bincount(of.astype(np.int64) * _KINDS + kinds, minlength=count * _KINDS).reshape(count, _KINDS)
    leading = shares.argmax(axis=1)
    sizes = shares.sum(axis=1)
    whole = (shares.max(axis=1) >= _MOST * sizes) & (sizes <= most)
    return np.where(whole[of], leading[of], kinds).astype(np.uint8)


def _fewer(kinds: Kinds, colours: dict[int, tuple[int, int, int]], mm: float) -> Kinds:
    """Without kinds of hardly any ink: they go to the kind of the colour nearest to theirs."""
    counts = np.bincount(kinds, minlength=_KINDS)
    least = max(_FEW * len(kinds), _FEWEST * mm * mm)
    kept = [kind for kind in colours if counts[kind] >= least] or [int(counts.argmax())]
    goes = np.arange(_KINDS, dtype=np.uint8)
    for kind, colour in colours.items():
        goes[kind] = min(kept, key=lambda other: (sum((a - b) ** 2 for a, b in zip(colour, colours[other], strict=True)), other))
    return goes[kinds]


def _darker(samples: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The darker half: edges are paler than the ink is."""
    dark = samples.astype(np.int32).sum(axis=1)
    return np.asarray(samples[dark <= np.median(dark)], np.uint8)


def _colour(samples: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
    middle = np.median(samples, axis=0).round().astype(int).tolist()
    red, green, blue = middle if len(middle) == 3 else middle * 3
    return red, green, blue


def _only(shape: tuple[int, ...], where: npt.NDArray[np.intp]) -> Mask:
    mask = np.zeros(shape, np.bool_)
    mask.reshape(-1)[where] = True
    return mask
