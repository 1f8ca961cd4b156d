"""Setting a few lines of text into a small box: as large as they fit, wrapped between words, with one embedded face."""

from __future__ import annotations

import functools
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from domain.errors import Refused

LEADING = 1.3
"""Of the size, from line to line."""
SMALLEST = 3.5
"""Points: smaller print cannot be read on paper."""
_STEP = 0.25
_RISE = 0.8
"""Of the size, from the top of a line to where its letters stand."""


class Face(StrEnum):
    """An embedded font (`data/ORIGIN.md`): 1000 units per em, as the width table of the library takes for granted."""

    SANS = "NotoSans-Vietnamese.ttf"
    SERIF = "Tinos-Vietnamese.ttf"
    """As wide, letter for letter, as Times New Roman."""

    def engine(self, writer: BasePdfFileWriter, size: float) -> GlyphAccumulator:
        """Embeds a subset in a document."""
        return GlyphAccumulator(writer, io.BytesIO(_bytes(self)), font_size=size, bcp47_lang_code="vi")

    def width(self, text: str) -> float:
        """In sizes of the type."""
        widths = _widths(self)
        return sum(widths.get(ord(char), 0.6) for char in text)


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a line; `strong` ones are drawn a little heavier."""

    text: str
    strong: bool = False


Lines = Sequence[Sequence[Words]]


@dataclass(frozen=True, slots=True)
class Placed:
    """Words of one line: where they begin, above the lower left corner of the box, in points."""

    text: str
    x: float
    y: float
    strong: bool


@dataclass(frozen=True, slots=True)
class Set:
    """Lines as set at one size."""

    size: float
    words: tuple[Placed, ...]


def drawable(text: str, face: Face = Face.SANS) -> str:
    """`text` in NFC. A missing letter would be drawn silently as a box (and is not PDF/A: 6.2.11.8), so it is refused."""
    composed, known = unicodedata.normalize("NFC", text), _widths(face)
    if any(ord(char) not in known for char in composed if char != "\n"):
        raise Refused(
            "glyph",
            "Tên hoặc chức danh có ký tự không in được trong khung chữ ký. Hãy sửa tên trong phần Quản trị.",
            "A name or title has a character that the signature block cannot draw. Correct the name in the administration.",
        )
    return composed


def softened(text: str, face: Face = Face.SANS) -> str:
    """`text` in NFC, with a space for each letter that the font lacks: for what need not be told letter by letter."""
    known = _widths(face)
    return "".join(char if ord(char) in known else " " for char in unicodedata.normalize("NFC", text))


def set_into(lines: Lines, wide: float, high: float, face: Face, largest: float) -> Set:
    """The lines, as large as they fit into a box, at most `largest` points, one below the other from the middle."""
    size = largest
    while size > SMALLEST:
        rows = [row for line in lines for row in _wrapped(line, wide / size, face)]
        if len(rows) * LEADING * size <= high and all(_width(row, face) * size <= wide + 0.01 for row in rows):
            break
        size -= _STEP
    else:
        rows = [row for line in lines for row in _wrapped(line, wide / size, face)]
        size = min(size, high / (len(rows) * LEADING), *(wide / max(_width(row, face), 0.1) for row in rows))
    top = (high + len(rows) * LEADING * size) / 2
    words = tuple(one for number, row in enumerate(rows) for one in _placed(row, top - (number * LEADING + _RISE + 0.1) * size,
                                                                           size, face))  # fmt: skip
    return Set(size, words)


def room_for(lines: Lines, face: Face, size: float, widest: float) -> tuple[float, float]:
    """Width and height that lines take at a size, wrapped at `widest` points."""
    rows = [row for line in lines for row in _wrapped(line, widest / size, face)]
    return max(_width(row, face) for row in rows) * size, len(rows) * LEADING * size


def _placed(row: Sequence[Words], y: float, size: float, face: Face) -> Iterator[Placed]:
    x = 0.0
    for words in row:
        yield Placed(words.text, x, y, words.strong)
        x += face.width(words.text) * size


def _wrapped(line: Sequence[Words], wide: float, face: Face) -> list[list[Words]]:
    """Rows of at most `wide` sizes; a word that is longer stands alone."""
    rows: list[list[Words]] = [[]]
    for piece in line:
        for number, word in enumerate(piece.text.split(" ")):
            text = f" {word}" if number else word
            if rows[-1] and number and _width(rows[-1], face) + face.width(text) > wide:
                rows.append([Words(word, piece.strong)])
            else:
                _add(rows[-1], Words(text, piece.strong))
    return rows


def _add(row: list[Words], words: Words) -> None:
    if row and row[-1].strong == words.strong:
        row[-1] = Words(row[-1].text + words.text, words.strong)
    else:
        row.append(words)


def _width(row: Sequence[Words], face: Face) -> float:
    return sum(face.width(one.text) for one in row)


@functools.cache
def _bytes(face: Face) -> bytes:
    return files("signing").joinpath(f"data/{face}").read_bytes()


@functools.cache
def _widths(face: Face) -> dict[int, float]:
    """By code point, in sizes of the type."""
    font = TTFont(io.BytesIO(_bytes(face)))
    em, advances = font["head"].unitsPerEm, font["hmtx"]
    return {code: advances[name][0] / em for code, name in font.getBestCmap().items()}
