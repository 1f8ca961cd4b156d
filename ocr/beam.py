"""Reads a piece of a line once more, with what may be written known: prefix beam search over the steps of the network.

All ways in which the steps can spell a text are summed (connectionist temporal classification; the search is that of Hannun et
al. 2014). Logarithms are natural.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np
import numpy.typing as npt

from ocr.spelling import Spelt

Likely = npt.NDArray[np.floating]
_WIDTH = 12
"""Beginnings that are followed."""
_POSSIBLE, _LEAST = 1e-4, 1e-6
"""Below this a character is not tried; and how likely the least likely thing is taken to be, so that one bad step rules out
nothing.
"""
_MARGIN = 4
"""Steps around a piece that may belong to it: a character is about as wide."""
_IDLE = 0.9995
"""A step at which so surely nothing begins says no more than the one before it, if that was such a step."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network said, step by step: how likely nothing begins there, and how likely each possible character."""

    nothing: list[float]
    chars: list[dict[str, float]]


def piece(words: Sequence[Spelt], first: int, last: int, likely: Likely, space: int) -> tuple[Likely, Likely]:
    """The steps of a line in which characters `first` to `last` of its words stand, counted through: how likely nothing begins
    `(steps,)`, or beside them a space, whose class is `space`; and how likely each class is `(classes, steps)`.
    """
    peaks = [peak for word in words for peak in word.peaks]
    left = (peaks[first - 1] + peaks[first] + 1) // 2 if first else 0
    right = (peaks[last] + peaks[last + 1] + 1) // 2 if last + 1 < len(peaks) else likely.shape[1]
    steps = np.arange(max(left, peaks[first] - _MARGIN), min(right, peaks[last] + _MARGIN + 1))
    part = likely[:, steps]
    beside = (steps < peaks[first]) | (steps > peaks[last])
    return part[0] + np.where(beside, part[space], 0), part


def seen(nothing: Likely, likely: Likely, chars: Sequence[str]) -> Seen:
    """`nothing` `(steps,)`; `likely` `(characters, steps)`, a row for each of `chars`."""
    idle = nothing >= _IDLE
    steps = np.flatnonzero(~(idle & np.r_[False, idle[:-1]]))
    part = likely[:, steps]
    found: list[dict[str, float]] = [{} for _ in steps]
    for row, step in np.argwhere(part >= _POSSIBLE).tolist():
        found[step][chars[row]] = float(part[row, step])
    return Seen(np.maximum(nothing[steps], _LEAST).tolist(), found)


def readings(said: Seen, after: Callable[[str], str]) -> dict[str, float]:
    """The likeliest texts that `after` allows, whole or not, each with the logarithm of its likelihood. `after(begun)`: the
    characters that may follow.
    """
    beam = {"": (1.0, 0.0)}  # what is begun: how likely it is that it ends in nothing, and in its last character
    total = 0.0
    for nothing, chars in zip(said.nothing, said.chars, strict=True):
        grown: dict[str, list[float]] = {}
        for text, (paused, ended) in beam.items():
            last, both = text[-1:], paused + ended
            own = grown.setdefault(text, [0.0, 0.0])
            own[0] += both * nothing
            own[1] += ended * chars.get(last, _LEAST)
            allowed = after(text) if chars else ""
            for char, likely in chars.items():
                if char in allowed:
                    grown.setdefault(text + char, [0.0, 0.0])[1] += (paused if char == last else both) * likely
        best = sorted(grown.items(), key=lambda one: -one[1][0] - one[1][1])[:_WIDTH]
        scale = sum(best[0][1])
        total += log(scale)
        beam = {text: (paused / scale, ended / scale) for text, (paused, ended) in best}
    return {text: total + log(sum(both)) for text, both in beam.items() if sum(both) > 0}


def likelihood(said: Seen, text: str) -> float:
    """The logarithm of the likelihood of one text; minus infinity where it is out of the question."""
    return readings(said, lambda begun: text[len(begun) : len(begun) + 1]).get(text, -inf)
