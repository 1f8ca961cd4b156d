"""Lines to learn from on a page that a person corrected.

1. The page is straightened and cleaned as it was read, and read anew: the strips are those the product reads.
2. The words in the place of a correction must be one line's. Where they are what the correction was made over, they are replaced
   by what stands there; where they are read otherwise by now, only if there are as many words. Of corrections that meet the first
   counts. Words that a person corrected and that cannot be labelled are never believed.
3. Their neighbours on the line are believed as far as they are surely read; a strip ends at a gap, so that no part of a letter
   shows that the label does not name.
4. What cannot be labelled so is left out, and counted by why.
5. Of the lines that nobody corrected some that are surely read are taken as they are, so that nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.pages import Box, PageImage, PageReading, Word
from domain.text import squeeze
from ocr import clean, pictures, view
from ocr.engine import Cleaned
from ocr.lines import BESIDE, strip
from ocr.recogniser import Line, Recogniser
from ocr.straighten import Straightened, straightened
from ocr.training.strips import WIDEST, Sample
from ocr.view import View

CORRECTED, CONFIRMED = "corrected", "confirmed"
"""The `hand` of a sample: taught by a person, or surely read."""
SEVERAL_LINES, READ_OTHERWISE, CROWDED, TOLD = "several_lines", "read_otherwise", "crowded", "told_already"
"""Why a correction is left out; the last: another correction says it."""
_SURE = 0.9
"""Confidence from which a neighbour of a corrected word is believed."""
_CERTAIN = 0.97
"""Confidence of every word from which a line that nobody corrected is believed."""
_CONFIRMED = 10
"""Most such lines of a page."""
_TOUCHES = 0.25
"""How far a word must reach into the place of a correction to belong to it, in heights of its line."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A place on a page (pixels of the scan, as in a reading), what was read there, and what stands there."""

    box: Box
    evidence: str
    printed: str


def samples(
    image: PageImage, reading: PageReading, corrections: Sequence[Correction], tools: tuple[Recogniser, int]
) -> tuple[list[Sample], list[str]]:
    """What a page teaches, and why each correction that teaches nothing does not. `tools`: the recogniser, and the resolution
    (dpi) at which pages are read. Raises Unreadable.
    """
    recogniser, dpi = tools
    seen = view.of(pictures.decode(image), image.dpi, dpi)
    turned = pictures.turned(clean.evened(seen.gray), reading.rotation)
    upright = straightened(turned, reading.skew_degrees - seen.lean, seen.factor)
    lines = recogniser.lines(Cleaned(upright.gray, clean.bare(upright.gray, seen.dpi), seen.dpi))
    taught, left_out = _Page(upright, lines, seen, reading.rotation).taught(corrections)
    return [sample for sample in taught if sample.strip.shape[1] <= WIDEST], left_out


@dataclass(frozen=True, slots=True)
class _Page:
    upright: Straightened
    lines: list[Line]
    seen: View
    rotation: int

    def taught(self, corrections: Sequence[Correction]) -> tuple[list[Sample], list[str]]:
        lines = {number: replace(line, words=list(line.words)) for number, line in enumerate(self.lines)}
        told: dict[int, list[tuple[range, str]]] = {}
        left_out = []
        for correction in corrections:
            place = self._place(correction.box)
            if any(_meets(words, other) for number, words in place.items() for other, _ in told.get(number, ())):
                left_out.append(TOLD)
                continue
            text = self._text_of(place, correction)
            if text is None:
                left_out.append(READ_OTHERWISE if len(place) == 1 else SEVERAL_LINES)
                for number, words in place.items():
                    _doubt(lines[number], words)
            else:
                ((number, words),) = place.items()
                told.setdefault(number, []).append((words, text))
        found = [self._labelled(lines[number], parts) for number, parts in told.items()]
        left_out += [CROWDED for sample, parts in zip(found, told.values(), strict=True) if sample is None for _ in parts]
        return [sample for sample in found if sample] + self._confirmed(lines, set(told)), left_out

    def _text_of(self, place: dict[int, range], correction: Correction) -> str | None:
        """Rule 2: what stands in a place of one line; None where that cannot be said."""
        if len(place) != 1:
            return None
        ((number, words),) = place.items()
        return _replaced(" ".join(self.lines[number].words[n].text for n in words), correction)

    def _place(self, box: Box) -> dict[int, range]:
        """By line, the words that reach into a box of the scan."""
        found: dict[int, range] = {}
        for number, line in enumerate(self.lines):
            leaning = [replace(word, box=self.upright.back(word.box)) for word in line.words]
            on_scan = self.seen.on_scan(leaning, self.rotation)
            inside = [n for n, word in enumerate(on_scan) if _reaches(word.box, box)]
            if inside:
                found[number] = range(inside[0], inside[-1] + 1)
        return found

    def _labelled(self, line: Line, parts: Sequence[tuple[range, str]]) -> Sample | None:
        """Rule 3; None where other letters would show."""
        said: list[str | None] = [word.text if word.confidence >= _SURE else None for word in line.words]
        for words, text in parts:
            said[words.start : words.stop] = [text, *[""] * (len(words) - 1)]
        first, last = min(words.start for words, _ in parts), max(words.stop for words, _ in parts)
        start = min((n for n in range(first + 1) if None not in said[n:first] and _clear(line, n)), default=None)
        end = max((n for n in range(last, len(said) + 1) if None not in said[last:n] and _clear(line, n)), default=None)
        if start is None or end is None or None in said[first:last]:
            return None
        text = " ".join(filter(None, said[start:end]))
        return Sample(strip(self.upright.gray, _cut(line, start, end)), squeeze(text), CORRECTED)

    def _confirmed(self, lines: dict[int, Line], taught: set[int]) -> list[Sample]:
        """Rule 5, from all over the page."""
        sure = [
            line
            for number, line in lines.items()
            if number not in taught and min(word.confidence for word in line.words) >= _CERTAIN
        ]
        chosen = sure[:: -(-len(sure) // _CONFIRMED) or 1]
        return [Sample(strip(self.upright.gray, line.box), _text(line.words), CONFIRMED) for line in chosen]


def _meets(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def _doubt(line: Line, words: range) -> None:
    for n in words:
        line.words[n] = replace(line.words[n], confidence=0.0)


def _replaced(read: str, correction: Correction) -> str | None:
    """Rule 2."""
    if read.count(correction.evidence) == 1:
        return read.replace(correction.evidence, correction.printed)
    return correction.printed if len(read.split()) == len(correction.evidence.split()) else None


def _reaches(word: Box, box: Box) -> bool:
    across = min(word.x1, box.x1) - max(word.x0, box.x0)
    down = min(word.y1, box.y1) - max(word.y0, box.y0)
    return across > min(_TOUCHES * word.height, (word.x1 - word.x0) / 2) and down > min(word.height, box.height) / 2


def _clear(line: Line, place: int) -> bool:
    """Whether a strip may begin or end before word `place`: at the end of the line, or in a gap as wide as what a strip shows."""
    if place in (0, len(line.words)):
        return True
    return line.words[place].box.x0 - line.words[place - 1].box.x1 >= BESIDE * (line.box[3] - line.box[1])


def _cut(line: Line, start: int, end: int) -> tuple[float, ...]:
    left = line.box[0] if start == 0 else line.words[start].box.x0
    right = line.box[2] if end == len(line.words) else line.words[end - 1].box.x1
    return left, line.box[1], right, line.box[3]


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
