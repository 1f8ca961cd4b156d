"""Our own recogniser: a small network trained on Vietnamese hospital lines reads the strips that the line finder cuts.

1. Lines are found on the copy without rules and leaders, and cut from the copy that has them, as they were for training.
2. The network says for every few columns of a strip which character begins there, or none (connectionist temporal classification,
   Graves et al. 2006); the likeliest is taken, and where the marks of a syllable are unsure, `marks.py` weighs them. Numbers of
   persons and days that break their rule are read again under it (`ruled.py`).
3. A line of low confidence as a whole is a seal, a crease, what shines through, or two rows taken for one: its dark ink is read
   once more, row by row, and what is still of low confidence is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.pages import Box, Word
from ocr import networks, weights
from ocr.customary import Customary
from ocr.doubts import announced
from ocr.engine import Cleaned, Gray
from ocr.lines import LineFinder, place, stacked, strip
from ocr.marks import WEIGHT, Marks
from ocr.orientation import Compass
from ocr.places import extents
from ocr.ruled import Rules
from ocr.spelling import Spelt, mean, spelt
from ocr.strays import Boxes, apart

_BATCH, _ALIKE = 16, 1.1
"""Most strips read at once, and how much wider the widest of them may be than the narrowest."""
_BELIEVED = 0.6
"""Mean confidence of its characters below which a line is noise. Of the words that this drops on damaged made-up pages, one in
ten was right.
"""
_WIDE = 3.0
"""A line that is noise is looked at once more, in rows, where it is longer than this many heights."""
_INK = 160
"""Darker than this is ink."""


class StripReader:
    """Reads strips as `lines.strip` cuts them."""

    def __init__(self, folder: Path | None = None, marks: float = WEIGHT) -> None:
        """`folder`: where `recogniser.onnx` and `.json` lie; None: the packaged ones. `marks`: see `ocr.marks.WEIGHT`.

        Raises PartMissing, Broken.
        """
        folder = folder or weights.FOLDER
        self.card = weights.card(folder)
        self._marks = Marks(self.card.charset, marks)
        self._customary = Customary(self.card.charset, self._marks)
        self._rules = Rules(self.card.charset)
        self._network = networks.load(folder / weights.RECOGNISER, self.card.sha256)

    def read(self, strips: Sequence[Gray], before: Sequence[str] = ()) -> list[list[Spelt]]:
        """The words of each strip `(48, width) uint8`, in order; `before`: for each, what stands left of it, if any."""
        found: list[list[Spelt]] = [[] for _ in strips]
        labels = before or [""] * len(strips)
        for batch in _batches([each.shape[1] for each in strips]):
            read = self._read([strips[number] for number in batch], [labels[number] for number in batch])
            for number, words in zip(batch, read, strict=True):
                found[number] = words
        return found

    def _read(self, strips: list[Gray], before: list[str]) -> Iterator[list[Spelt]]:
        card = self.card
        ink, mask, steps = stacked(strips, card.stride, card.multiple)
        outputs, confidences, likely = self._network.run(("ids", "conf", "likely"), {"x": ink, "m": mask})
        for number, count in enumerate(steps):
            words = spelt(outputs[number, :count], confidences[number, :count], card.charset)
            words = self._customary.settled(self._marks.settled(words, likely[number]), likely[number, :, :count])
            yield self._rules.settled(words, likely[number, :, :count], before[number])


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read: its box (x0, y0, x1, y1 in pixels of the page) and its words with theirs."""

    box: tuple[float, ...]
    words: list[Word]


class Recogniser:
    """The engine."""

    asked_first = True

    def __init__(self, folder: Path | None = None, marks: float = WEIGHT) -> None:
        """As `StripReader`."""
        self._reader = StripReader(folder, marks)
        self._finder = LineFinder()
        self._compass = Compass()

    @property
    def name(self) -> str:
        """Name, version with the mark of the network's file, language."""
        return self._reader.card.name

    def read(self, page: Cleaned) -> list[Word]:
        """See `Engine`."""
        return [word for line in self.lines(page) for word in line.words]

    def lines(self, page: Cleaned) -> list[Line]:
        """The lines that are no noise."""
        boxes = self._finder.find(page.bare)
        first = self._readings(page, boxes)
        believed = np.array([mean(words) >= _BELIEVED for words in first], bool)
        again = [
            apart(page.bare, box, boxes[believed]) for box in boxes[~believed] if box[2] - box[0] > _WIDE * (box[3] - box[1])
        ]
        more = np.concatenate(again) if again else boxes[:0]
        lines = [*zip(boxes.tolist(), first, strict=True), *zip(more.tolist(), self._readings(page, more), strict=True)]
        kept = [(tuple(box[:4]), words) for box, words in lines if mean(words) >= _BELIEVED]
        for number, words in self._announced(page, kept):
            kept[number] = (kept[number][0], words)
        return [Line(box, self._placed(words, box, number, page)) for number, (box, words) in enumerate(kept)]

    def _announced(
        self, page: Cleaned, lines: Sequence[tuple[Sequence[float], list[Spelt]]]
    ) -> Iterator[tuple[int, list[Spelt]]]:
        """Lines whose first number is doubtful by a label that stands in another line, read again with it."""
        found = list(announced(lines))
        strips = [strip(page.gray, lines[number][0]) for number, _ in found]
        read = self._reader.read(strips, [before for _, before in found])
        yield from zip((number for number, _ in found), read, strict=True)

    def _readings(self, page: Cleaned, boxes: Boxes) -> list[list[Spelt]]:
        return self._reader.read([strip(page.gray, box) for box in boxes[:, :4].tolist()])

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """See `Engine`."""
        return self._compass.orientation(gray)

    def _placed(self, words: Sequence[Spelt], box: Sequence[float], line: int, page: Cleaned) -> list[Word]:
        (left, _), scale = place(box)
        step, wide = self._reader.card.stride / scale, page.bare.shape[1]
        anchors = [(left + word.first * step, left + word.last * step) for word in words]
        columns = np.flatnonzero(page.bare[round(box[1]) : round(box[3])].min(axis=0) < _INK)
        return [
            Word(word.text, Box(max(x0, 0), box[1], min(x1, wide), box[3]), word.confidence, line, word.changed)
            for word, (x0, x1) in zip(words, extents(columns, anchors, box[3] - box[1]), strict=True)
        ]


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of strips of similar width: short ones would be padded for nothing beside long ones."""
    batch: list[int] = []
    for number in sorted(range(len(widths)), key=widths.__getitem__):
        if batch and (len(batch) == _BATCH or widths[number] > _ALIKE * widths[batch[0]]):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch
