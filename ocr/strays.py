"""Writing that the line finder left out: words cut off at the end of a line, and short lines beside a seal.

Ink outside all lines is looked at in pieces that hang together. What goes on where a line ends, at its height and no further off
than the next word, belongs to it. Pieces of a letter's size side by side, three and more, are a line of their own; whether it
says anything is for the recogniser to tell.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float32]

_INK = 0.4
"""From this on it is ink, 0..1; seals, which are paler after cleaning, are none."""
_NEXT = 0.8
"""How far off a word may stand that goes on a line, in heights of the line."""
_LETTER = (0.3, 1.7)
"""Heights of a letter, in heights of the page's lines."""
_LONG = 6.0
"""Pieces longer than this many line heights are rules and signatures."""
_PIECES, _CROWD = 3, 60
"""Fewest pieces of a line of its own; and most such lines: more are grain or a picture."""

Pieces = npt.NDArray[np.float32]


def completed(boxes: Boxes, seen: Numbers) -> Boxes:
    """Lines `(N, 5)` in pixels of the page as the line finder saw it: those that were cut off are made longer, in place; those
    that were left out are added. `seen` `(height, width)`: 1 ink, 0 paper.
    """
    if not len(boxes):
        return boxes
    line = float(np.median(boxes[:, 3] - boxes[:, 1]))
    pieces = _lengthened(boxes, _pieces(seen, boxes, line))
    return np.concatenate([boxes, _new(pieces, line)])


def _pieces(seen: Numbers, boxes: Boxes, line: float) -> Pieces:
    """`(M, 4)` x0, y0, x1, y1 of what is ink and in no line, of a letter's size or less."""
    ink = np.asarray(seen > _INK, np.uint8)
    for x0, y0, x1, y1 in boxes[:, :4]:
        spare = 0.25 * (y1 - y0)
        ink[max(0, round(y0 - spare)) : max(0, round(y1 + spare)), max(0, round(x0)) : max(0, round(x1))] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, wide, high, area = stats[1:].T
    kept = (high <= _LETTER[1] * line) & (wide <= _LONG * line) & (area >= max(3.0, 0.01 * line * line))
    return np.asarray(np.stack([left, top, left + wide, top + high], axis=1)[kept], np.float32)


def _lengthened(boxes: Boxes, pieces: Pieces) -> Pieces:
    """Give each line what goes on where it ends (in place); the pieces that are left."""
    middle = (pieces[:, 1] + pieces[:, 3]) / 2
    free = np.ones(len(pieces), bool)
    for line in boxes:
        high = line[3] - line[1]
        level = (middle > line[1]) & (middle < line[3]) & (pieces[:, 3] - pieces[:, 1] <= 1.3 * high)
        while True:
            gap = np.maximum(pieces[:, 0] - line[2], line[0] - pieces[:, 2])
            near = np.flatnonzero(free & level & (gap < _NEXT * high))
            if not len(near):
                break
            free[near] = False
            line[0], line[2] = min(line[0], pieces[near, 0].min()), max(line[2], pieces[near, 2].max())
    return pieces[free]


def _new(pieces: Pieces, line: float) -> Boxes:
    """Lines made of pieces of a letter's size that stand side by side."""
    high = pieces[:, 3] - pieces[:, 1]
    letters = pieces[(high >= _LETTER[0] * line)]
    chains: list[Pieces] = []
    for letter in letters[np.argsort(letters[:, 0])]:
        at = next((n for n in reversed(range(len(chains))) if _goes_on(chains[n], letter)), None)
        if at is None:
            chains.append(letter[None])
        else:
            chains[at] = np.concatenate([chains[at], letter[None]])
    found = [chain for chain in chains if len(chain) >= _PIECES]
    if len(found) > _CROWD:
        return np.empty((0, 5), np.float32)
    boxes = [[*chain[:, :2].min(0), *chain[:, 2:].max(0), 0.5] for chain in found]
    return np.array(boxes, np.float32).reshape(-1, 5)


def _goes_on(chain: Pieces, letter: Pieces) -> bool:
    top, bottom = np.median(chain[:, 1]), np.median(chain[:, 3])
    shared = min(bottom, letter[3]) - max(top, letter[1])
    high = min(bottom - top, letter[3] - letter[1])
    gap = letter[0] - chain[:, 2].max()
    return bool(shared > 0.5 * high and gap < 1.2 * (bottom - top))
