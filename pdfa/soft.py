"""Which writing stencils do not do justice to, word by word: worn ribbons, carbon copies.

A word is soft where what paper and stencils show differs from the scan by much of what the word differs from bare paper.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pdfa.strokes import Grey, lightness
from pdfa.tints import Tint

Area = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

_MOST_OFF, _MOST_OFF_A_LETTER = 0.28, 0.55
"""Part of a word, and of what is as wide as a letter in it, that may be lost before it is soft: no digit goes unseen."""
_MARGIN = 0.5
"""Millimetres about a soft word that go with it."""
_WASTE = 1.25
"""How much larger than its parts a common area may be."""


def shown(picture: Grey, paper: Grey, tints: Sequence[Tint]) -> tuple[Grey, Grey, Grey]:
    """Lightness at half the picture's size: as scanned, as paper and stencils show it, of the paper alone."""
    half = max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2)
    scanned = lightness(_resized(picture, half, cv2.INTER_AREA))
    bare = _resized(lightness(paper), half, cv2.INTER_LINEAR)
    out = bare.astype(np.float32)
    for tint in tints:
        there = _resized(tint.ink.view(np.uint8) * np.uint8(255), half, cv2.INTER_AREA).astype(np.float32) / 255
        ink = float(lightness(np.array([[tint.colour]], np.uint8))[0, 0])
        out += there * (ink - out)
    return scanned, np.asarray(out, np.uint8), bare


def soft(words: Sequence[Area], views: tuple[Grey, Grey, Grey]) -> list[Area]:
    """Those of the words that are soft. Grain, which nobody misses, is what most of the page has: it is left out of account."""
    scanned, out, bare = (cv2.blur(view, (3, 3)) for view in views)
    lost, drawn = (np.asarray(cv2.absdiff(scanned, other), np.uint8) for other in (out, bare))
    grain = np.full_like(drawn, min(255, 2 * np.median(drawn)))
    lost, drawn = (np.asarray(cv2.subtract(view, grain), np.uint8) for view in (lost, drawn))
    parts = [np.s_[y0 // 2 : y1 // 2 + 1, x0 // 2 : x1 // 2 + 1] for x0, y0, x1, y1 in words]
    return [word for word, part in zip(words, parts, strict=True) if _is_soft(lost[part], drawn[part])]


def joined(words: Sequence[Area], mm: float) -> list[Area]:
    """The words with a margin, as common areas where that wastes little."""
    margin = round(_MARGIN * mm)
    done: list[Area] = []
    for x0, y0, x1, y1 in words:
        now = max(0, x0 - margin), max(0, y0 - margin), x1 + margin, y1 + margin
        for other in list(done):
            both = _around(now, other)
            if _size(both) <= _WASTE * (_size(now) + _size(other)):
                done.remove(other)
                now = both
        done.append(now)
    return done


def _is_soft(lost: Grey, drawn: Grey) -> bool:
    if float(lost.sum()) > _MOST_OFF * float(drawn.sum()):
        return True
    along = int(lost.shape[1] < lost.shape[0])
    letters = max(1, round(1.5 * max(lost.shape) / min(lost.shape)))
    off, there = (np.array([part.sum() for part in np.array_split(view, letters, 1 - along)], float) for view in (lost, drawn))
    return bool(np.any((off > _MOST_OFF_A_LETTER * there) & (there > there.mean() / 12)))


def _around(one: Area, other: Area) -> Area:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _size(area: Area) -> int:
    return (area[2] - area[0]) * (area[3] - area[1])


def _resized(picture: Grey, size: tuple[int, int], how: int) -> Grey:
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8)
