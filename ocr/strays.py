"""Writing that the line finder left out: words cut off at the end of a line, short lines beside a seal, rows taken for one.

Ink outside all lines is looked at in pieces that hang together. What goes on where a line ends, at its height and no further off
than the next word, belongs to it. Pieces of a letter's size side by side, three and more, are a line of their own; whether it
says anything is for the recogniser to tell. Two rows run together where the other side of the sheet shines through between them:
the letters of a line that made no sense are put together anew, from its dark ink alone.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engine import Gray

Boxes = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float32]

_INK = 0.4
"""From this on it is ink, 0..1; seals, which are paler after cleaning, are none."""
_DARK = 0.45
"""Part of the way from the darkest ink to white up to which it is ink of this side."""
_NEXT = 0.8
"""How far off a word may stand that goes on a line, in heights of the line."""
_LETTER = (0.3, 1.7)
"""Heights of a letter, in heights of the page's lines."""
_MARK = 0.25
"""How far over or under the letters their marks stand, in heights of the letters."""
_BROKEN = 0.12
"""Height of a piece of a letter that cleaning broke, in the same."""
_GAP = 1.2
"""Widest gap between letters of one line, in heights of the letters."""
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
    pieces = _lengthened(boxes, _pieces(seen, boxes, line, 0.25))
    return np.concatenate([boxes, _new(pieces, line, _LETTER[0])])


def apart(bare: Gray, box: Numbers, others: Boxes) -> Boxes:
    """The lines `(N, 5)` of dark ink inside a box (x0, y0, x1, y1 in pixels of `bare`) that made no sense; `others`: lines that
    did.
    """
    line = float(np.median(others[:, 3] - others[:, 1])) if len(others) else float(box[3] - box[1])
    left, top = max(0, int(box[0] - line)), max(0, int(box[1] - line / 2))
    part = bare[top : int(box[3] + line / 2), left : int(box[2] + line)]
    dark = float(np.percentile(part, 1))
    ink = np.asarray(part < dark + _DARK * (255 - dark), np.float32)
    inside = others - np.array([left, top, left, top, 0], np.float32)
    found = _new(_pieces(ink, inside, line, 0.0), line, _BROKEN)
    found[:, :4] += np.array([left, top, left, top], np.float32)
    return found


def _pieces(seen: Numbers, boxes: Boxes, line: float, around: float) -> Pieces:
    """`(M, 4)` x0, y0, x1, y1 of what is ink and in no line, nor `around` it (in its heights), of a letter's size or less."""
    ink = np.asarray(seen > _INK, np.uint8)
    for x0, y0, x1, y1 in boxes[:, :4]:
        spare = around * (y1 - y0)
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
        level = (middle > line[1]) & (middle < line[3]) & (_high(pieces) <= 1.3 * high)
        while True:
            gap = np.maximum(pieces[:, 0] - line[2], line[0] - pieces[:, 2])
            near = np.flatnonzero(free & level & (gap < _NEXT * high))
            if not len(near):
                break
            free[near] = False
            line[0], line[2] = min(line[0], pieces[near, 0].min()), max(line[2], pieces[near, 2].max())
    return pieces[free]


def _new(pieces: Pieces, line: float, least: float) -> Boxes:
    """Lines made of pieces of a letter's size that stand side by side, and of smaller ones between them, at `least` so high."""
    letters = pieces[_high(pieces) >= least * line]
    chains: list[list[int]] = []
    # of each chain; the larger a piece, the more it counts for top and bottom
    tops, bottoms, rights, heights = np.zeros((4, len(letters)), np.float32)
    for number in np.argsort(letters[:, 0]).tolist():
        _, top, right, bottom = letters[number]
        known = len(chains)
        high = bottoms[:known] - tops[:known]
        shared = np.minimum(bottoms[:known], bottom) - np.maximum(tops[:known], top)
        goes_on = (shared > 0.5 * np.minimum(high, bottom - top)) & (letters[number, 0] - rights[:known] < _GAP * high)
        at = int(np.argmax(np.where(goes_on, shared, 0))) if goes_on.any() else known
        if at == known:
            chains.append([])
        chains[at].append(number)
        heights[at] += bottom - top
        part = (bottom - top) / heights[at]
        tops[at] += part * (top - tops[at])
        bottoms[at] += part * (bottom - bottoms[at])
        rights[at] = max(rights[at], right)
    found = [letters[chain] for chain in chains]
    found = [chain for chain in found if (_high(chain) >= _LETTER[0] * line).sum() >= _PIECES]
    if len(found) > _CROWD:
        return np.empty((0, 5), np.float32)
    boxes = [[*_with_marks(chain, pieces), 0.5] for chain in found]
    return np.array(boxes, np.float32).reshape(-1, 5)


def _with_marks(chain: Pieces, pieces: Pieces) -> Pieces:
    """The box around a chain, and around the marks over and under its letters."""
    (left, top), (right, bottom) = chain[:, :2].min(0), chain[:, 2:].max(0)
    middle, far = (pieces[:, 0] + pieces[:, 2]) / 2, _MARK * (bottom - top)
    near = (middle > left) & (middle < right) & (pieces[:, 3] > top - far) & (pieces[:, 1] < bottom + far)
    small = near & (_high(pieces) < 0.5 * (bottom - top))
    there = np.concatenate([chain, pieces[small]])
    return np.concatenate([there[:, :2].min(0), there[:, 2:].max(0)])


def _high(pieces: Pieces) -> Numbers:
    return pieces[:, 3] - pieces[:, 1]
