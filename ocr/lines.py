"""Where lines of writing stand on a page, and how a line is cut out for the recogniser.

The network `det.onnx` of the wheel trueocr 0.1.1 (Apache-2.0) says of every second pixel of a small copy whether the core of a
line runs through it, and how far it is from there to the line's top and bottom. Cores that hang together are a line. On a strip
from a roll nothing would be left of its lines on a copy so small: it is looked at piece by piece.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from ocr import networks, pictures, weights
from ocr.engine import Gray
from ocr.strays import Boxes, Numbers, completed

HEIGHT = 48
"""Pixels of a strip from top to bottom."""
ABOVE, BESIDE = 0.2, 0.3
"""What a strip shows over and under its box, and left and right of it, in heights of the box."""

_SIDE, _MULTIPLE, _STRIDE = 1024, 32, 2
"""Longer side of the network's input, what its sides are multiples of, and pixels of input per pixel of output."""
_CORE = 0.0
"""Logit from which a pixel belongs to a core."""
_SHORTER = 0.15
"""A core is shorter than its line by this many heights at each end."""
_ENOUGH, _SMALL, _WANTED, _LARGEST = 8, 9.0, 12.0, 2048
"""From so many lines on, when their median height is below so many pixels of input: a second look that makes them so high, at an
input no larger than that."""
_STRIP, _PIECE, _TWICE = 4.5, 4.0, 0.4
"""How often the shorter side goes into the longer one of a strip; into a piece of it; and into what two pieces both show."""
_SAME = 0.5
"""Part of the lower of two lines that they share where they are one."""
_LEAST = 4.0
"""Pixels of the page; what is lower or narrower is no writing."""
_NARROWEST = 16


class LineFinder:
    """Finds lines on pages; best on a copy without rules and leaders."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where `det.onnx` lies; None: the packaged one. Raises PartMissing, Broken."""
        self._network = networks.load((folder or weights.FOLDER) / "det.onnx", weights.BESIDE["det.onnx"])

    def find(self, gray: Gray) -> Boxes:
        """`(N, 5) float32`: x0, y0, x1, y1 in pixels of `gray`, and how sure the network is (0..1); in no order."""
        boxes = np.empty((0, 5), np.float32)
        for x, y, piece in _pieces(gray):
            found = self._find(piece)
            found[:, :4] += np.array([x, y, x, y], np.float32)
            boxes = _joined(boxes, found)
        return boxes

    def _find(self, gray: Gray) -> Boxes:
        boxes = self._look(gray, _SIDE)
        if len(boxes) >= _ENOUGH:
            height = float(np.median(boxes[:, 3] - boxes[:, 1])) * _SIDE / max(gray.shape)
            closer = int(min(_LARGEST, _SIDE * _WANTED / max(height, 1.0))) // _MULTIPLE * _MULTIPLE
            if height < _SMALL and closer > _SIDE:
                boxes = self._look(gray, closer)
        high, wide = gray.shape
        boxes[:, :4] = boxes[:, :4].clip(0, (wide, high, wide, high))
        return boxes[(boxes[:, 2:4] - boxes[:, :2] > _LEAST).all(axis=1)]

    def _look(self, gray: Gray, side: int) -> Boxes:
        scale = side / max(gray.shape)
        seen = _seen(gray, scale)
        (out,) = self._network.run(None, {"x": seen[None, None]})
        boxes = completed(_boxes(np.asarray(out[0], np.float32)), seen)
        boxes[:, :4] /= scale
        return boxes


def strip(gray: Gray, box: Sequence[float]) -> Gray:
    """The line in `box` (x0, y0, x1, y1 in pixels of `gray`) with what stands around it: `(48, width) uint8`, 0 ink, 255 paper.

    Cut from the page with its real neighbours and scaled to the height; outside the page it is white.
    """
    (left, top), scale = place(box)
    height = box[3] - box[1]
    width = max(_NARROWEST, round((box[2] - box[0] + 2 * BESIDE * height) * scale))
    from_x, from_y = max(0, math.floor(left - height)), max(0, math.floor(top - height))
    part = gray[from_y : math.ceil(box[3] + height), from_x : math.ceil(box[2] + height)]
    if scale < 0.8:  # else thin strokes fall between the pixels that are kept
        part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.35 / scale), dtype=np.uint8)
    matrix = np.array([[scale, 0, (from_x - left) * scale], [0, scale, (from_y - top) * scale]])
    cut = cv2.warpAffine(part, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return np.asarray(cut, dtype=np.uint8)


def place(box: Sequence[float]) -> tuple[tuple[float, float], float]:
    """Where the strip of a box begins on the page (x, y in pixels), and pixels of strip per pixel of page."""
    height = box[3] - box[1]
    return (box[0] - BESIDE * height, box[1] - ABOVE * height), HEIGHT / ((1 + 2 * ABOVE) * height)


def stacked(strips: Sequence[Gray], stride: int, multiple: int) -> tuple[Numbers, Numbers, list[int]]:
    """Strips as the recogniser takes them together: ink `(lines, 1, 48, width)` 1 ink, 0 paper, width a multiple of `multiple`;
    mask `(lines, 1, width / stride)`, 1 where the line lies; and the steps of each line.
    """
    width = -(-max(each.shape[1] for each in strips) // multiple) * multiple
    ink = np.zeros((len(strips), 1, HEIGHT, width), np.float32)
    mask = np.zeros((len(strips), 1, width // stride), np.float32)
    steps = [-(-each.shape[1] // stride) for each in strips]
    for number, each in enumerate(strips):
        ink[number, 0, :, : each.shape[1]] = 1.0 - each / np.float32(255)
        mask[number, 0, : steps[number]] = 1
    return ink, mask, steps


def _pieces(gray: Gray) -> Iterator[tuple[int, int, Gray]]:
    """The page, or the pieces of a strip: left and top edge in pixels of `gray`, and what they show."""
    short, long = sorted(gray.shape)
    if long <= _STRIP * short:
        yield 0, 0, gray
        return
    size, twice = round(_PIECE * short), round(_TWICE * short)
    for start in range(0, long - twice, size - twice):
        if gray.shape[0] == long:
            yield 0, start, gray[start : start + size]
        else:
            yield start, 0, gray[:, start : start + size]


def _joined(boxes: Boxes, more: Boxes) -> Boxes:
    """Lines and those of the next piece; what both show of a line is made one."""
    new = []
    for line in more:
        low, top = np.maximum(boxes[:, :2], line[:2]), np.minimum(boxes[:, 2:4], line[2:4])
        least = np.minimum(boxes[:, 3] - boxes[:, 1], line[3] - line[1])
        same = np.flatnonzero((top[:, 0] > low[:, 0]) & (top[:, 1] - low[:, 1] > _SAME * least))
        if len(same):
            parts = np.concatenate([boxes[same], line[None]])
            boxes[same[0]] = [*parts[:, :2].min(axis=0), *parts[:, 2:].max(axis=0)]
            boxes = np.delete(boxes, same[1:], axis=0)
        else:
            new.append(line)
    return np.concatenate([boxes, np.array(new, np.float32).reshape(-1, 5)])


def _seen(gray: Gray, scale: float) -> Numbers:
    """The page as the network wants it: 1 ink, 0 paper, padded with paper."""
    small = pictures.small(gray, scale)
    high, wide = small.shape
    seen = np.zeros((-(-high // _MULTIPLE) * _MULTIPLE, -(-wide // _MULTIPLE) * _MULTIPLE), np.float32)
    seen[:high, :wide] = 1.0 - small / np.float32(255)
    return seen


def _boxes(out: Numbers) -> Boxes:
    """Boxes in pixels of input, from output `(3, height, width)`: logit of the core, way up, way down."""
    core = (out[0] > _CORE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=4)
    rows, columns = np.nonzero(core)
    line, at = labels[rows, columns], (rows + 0.5) * _STRIDE
    pixels = np.maximum(np.bincount(line, minlength=count), 1)

    def mean(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        return np.bincount(line, weights=values, minlength=count) / pixels

    top, bottom = mean(at - out[1, rows, columns]), mean(at + out[2, rows, columns])
    sure = mean(1 / (1 + np.exp(-out[0, rows, columns])))
    longer = _SHORTER * np.maximum(bottom - top, 1)
    left = stats[:, cv2.CC_STAT_LEFT] * _STRIDE - longer
    right = (stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]) * _STRIDE + longer
    found = np.stack([left, top, right, bottom, sure], axis=1)[1:]
    return np.asarray(found[stats[1:, cv2.CC_STAT_AREA] > 1], np.float32)
