"""Which words of a page were written by a hand.

1. Of every eighth column of a line a small network (`hands.onnx`, taught by `ocr/training/hands.py`) says how much what stands
   there and beside it looks written: the logarithm of the odds.
2. A word is as written as its columns are on average. One word alone says little: words side by side that look written speak
   together, and only if they say enough are they written.
3. What is written is never passed off as print: its confidence is at most `MOST`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from domain.pages import Word, around
from ocr import networks, weights
from ocr.engine import Gray

HEIGHT, STEP = 32, 8
"""Rows of a line as the network sees it, and columns for each of its answers."""
NETWORK = "hands.onnx"
MOST = 0.5
"""Most confidence of a written word: the reader was taught on fonts that look written and is far worse on real hands, so what it
thinks of itself there cannot be believed. What follows from such a word waits for a person.
"""
_SPARE = 0.15
"""What is seen over and under a line and at its ends, in heights of the line."""
_GAP = 4
"""Empty steps between two lines, all of which are seen in one row."""
_INK = 200
"""Lighter than this is paper."""
_LOOKS = 0.0
"""Logarithm of the odds from which a word may be written."""
_ENOUGH, _WIDEST = 8.0, 4.0
"""What words side by side must say together: logarithm of the odds times their width in heights of the row, of each so much at
most. With these, of words in faces never seen, one in 300 that were printed is taken for written, and about half of those that
look written are told.
"""

Numbers = npt.NDArray[np.float32]


def written(words: Sequence[Word], gray: Gray) -> tuple[bool, ...]:
    """Of each word, whether a hand wrote it. Boxes: pixels of `gray`, straight and evenly lit. Raises PartMissing, Broken."""
    lines = [list(own) for _, own in groupby(words, key=lambda word: word.line)]
    cuts = [row(gray, around(line).as_list()) for line in lines]
    answer: list[bool] = []
    for line, (cut, left, scale), said in zip(lines, cuts, odds([cut for cut, _, _ in cuts]), strict=True):
        columns = [((word.box.x0 - left) * scale, (word.box.x1 - left) * scale) for word in line]
        looks = [of_word(said, *ends) if cut.min() < _INK else _LOOKS for ends in columns]
        found = set(runs(looks, [(last - first) / HEIGHT for first, last in columns]))
        answer += [number in found for number in range(len(line))]
    return tuple(answer)


def capped(words: Sequence[Word], marks: Sequence[bool]) -> tuple[Word, ...]:
    """Rule 3: the words, those that are marked as written no surer than `MOST`."""
    return tuple(
        replace(word, confidence=min(word.confidence, MOST)) if mark else word for word, mark in zip(words, marks, strict=True)
    )


def row(gray: Gray, box: Sequence[float]) -> tuple[Gray, float, float]:
    """The line in `box` (x0, y0, x1, y1 in pixels of `gray`) as the network sees it: `(32, width) uint8`, 255 paper; where it
    begins on the page, and its columns per pixel of the page.
    """
    spare = _SPARE * (box[3] - box[1])
    left, top = max(0, round(box[0] - spare)), max(0, round(box[1] - spare))
    part = gray[top : round(box[3] + spare), left : round(box[2] + spare)]
    if not part.size:
        return np.full((HEIGHT, STEP), 255, np.uint8), float(left), 1.0
    scale = HEIGHT / len(part)
    size = max(STEP, round(part.shape[1] * scale)), HEIGHT
    cut = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.asarray(cut, np.uint8), float(left), scale


def side_by_side(rows: Sequence[Gray]) -> tuple[Gray, list[int]]:
    """All lines in one row with paper between them, and the step at which each begins."""
    starts, end = [], _GAP
    for each in rows:
        starts.append(end)
        end += steps(each)
    whole = np.full((HEIGHT, end * STEP), 255, np.uint8)
    for start, each in zip(starts, rows, strict=True):
        whole[:, start * STEP : start * STEP + each.shape[1]] = each
    return whole, starts


def steps(line: Gray) -> int:
    """Steps that a line takes in the row of all, with the gap behind it."""
    return int(-(-line.shape[1] // STEP)) + _GAP


def odds(rows: Sequence[Gray]) -> list[Numbers]:
    """Rule 1: of every step of every line as `row` cuts it, the logarithm of the odds that a hand wrote it."""
    if not rows:
        return []
    whole, starts = side_by_side(rows)
    (found,) = _network().run(None, {"x": ((255 - whole) / np.float32(255))[None, None]})
    return [found[0, start : start + steps(each) - _GAP] for start, each in zip(starts, rows, strict=True)]


def of_word(said: Numbers, first: float, last: float) -> float:
    """Rule 2: the mean over the columns of a word."""
    start = min(max(int(first / STEP), 0), len(said) - 1)
    return float(said[start : max(int(last / STEP), start) + 1].mean())


def runs(said: Sequence[float], wide: Sequence[float]) -> Iterator[int]:
    """Rule 2: the words of a line that were written. `said`: the odds of each; `wide`: how wide it is, in heights of the row."""
    for looks, own in groupby(range(len(said)), key=lambda number: said[number] > _LOOKS):
        run = list(own)
        if looks and sum(said[number] * min(wide[number], _WIDEST) for number in run) >= _ENOUGH:
            yield from run


@cache
def _network() -> onnxruntime.InferenceSession:
    return networks.load(weights.FOLDER / NETWORK, weights.BESIDE[NETWORK])
