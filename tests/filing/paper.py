"""Small readings laid out from text: what a reader would return for a page that was printed like this.

A line is text; `# ` makes it a title (large, centred), a tab jumps to the next column, an empty line leaves a gap.
"""

from __future__ import annotations

import math
from random import Random

from domain.pages import Barcode, Box, PageReading, Reading, Word

WIDTH, HEIGHT, LETTER, MARGIN = 2480, 3508, 32, 150
_COLUMN = 620
_LOOKALIKES = {
    "o": "0",
    "0": "O",
    "l": "1",
    "1": "l",
    "i": "l",
    "s": "5",
    "5": "S",
    "b": "8",
    "8": "B",
    "e": "c",
    "n": "ri",
    "u": "v",
}


def page(*lines: str, confidence: float = 0.95, slope: float = 0.0, barcodes: tuple[Barcode, ...] = ()) -> PageReading:
    """One page. `slope`: degrees by which the whole page is turned."""
    words: list[Word] = []
    y = 120.0
    for number, line in enumerate(lines):
        size = LETTER * 1.5 if line.startswith("# ") else LETTER
        words += _line(line, number, y, size, confidence)
        y += 1.7 * size
    if slope:
        words = [_turned(word, slope) for word in words]
    return PageReading(1, WIDTH, HEIGHT, 300, words=tuple(words), barcodes=barcodes)


def reading(*lines: str, confidence: float = 0.95, slope: float = 0.0) -> Reading:
    """A document of one page."""
    return Reading((page(*lines, confidence=confidence, slope=slope),))


def _line(line: str, number: int, y: float, size: float, confidence: float) -> list[Word]:
    title = line.startswith("# ")
    text = line.removeprefix("# ")
    x = (WIDTH - len(text) * size * 0.6) / 2 if title else MARGIN
    words = []
    for place, column in enumerate(text.split("\t")):
        x = max(x, MARGIN + place * _COLUMN) if not title else x
        for part in column.split():
            width = len(part) * size * 0.55
            words.append(Word(part, Box(x, y, x + width, y + size), confidence, number))
            x += width + size * 0.4
    return words


def _turned(word: Word, degrees: float) -> Word:
    lift = math.tan(math.radians(degrees)) * (word.box.x0 + word.box.x1) / 2 + 120
    return Word(word.text, Box(word.box.x0, word.box.y0 + lift, word.box.x1, word.box.y1 + lift), word.confidence, word.line)


def smudged(text: str, rng: Random, share: float = 0.1) -> str:
    """A text in which a share of the letters (rounded, one at least) was read as what it looks like, or as anything."""
    letters = list(text)
    places = [place for place, char in enumerate(letters) if char.isalnum()]
    for place in rng.sample(places, max(1, round(share * len(places)))):
        letters[place] = _LOOKALIKES.get(letters[place].casefold(), rng.choice("aceimnortuy"))
    return "".join(letters)
