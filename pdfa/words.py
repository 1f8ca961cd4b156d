"""The words under the picture: drawn in render mode 3 (invisible), one by one, where they stand."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass

from pikepdf import Dictionary, Name, Object, Pdf

from domain.pages import PageReading
from pdfa import blank_font, cid_font
from pdfa.blank_font import Letters
from pdfa.geometry import Layout

FONT = "Luuky"
_MIDDLE = (blank_font.ASCENT + blank_font.DESCENT) / 2000
"""From the baseline up to the middle of a letter, in ems."""
_SPECIAL = re.compile(rb"[\\()]")
"""Bytes with a meaning inside a literal string (ISO 32000-1, 7.3.4.2)."""


@dataclass(frozen=True, slots=True)
class _Placed:
    text: str
    x: float
    y: float
    width: float
    height: float


def text_operators(reading: PageReading, layout: Layout, letters: Letters) -> bytes:
    """The content-stream operators of one page's words in reading order; empty where there are none.

    The words of a line share one size and one baseline, as printed ones do: viewers then keep a line together when it is
    selected, and its words in order.
    """
    pen = _Pen(letters)
    lines = [_line([_Placed(word.text, *layout.place(word.box)) for word in words], pen) for words in reading.lines]
    body = b"".join(lines)
    return b"BT 3 Tr\n" + body + b"ET\n" if body else b""


def _line(words: list[_Placed], pen: _Pen) -> bytes:
    words = [word for word in words if word.width > 0 and word.height > 0]
    if not words:
        return b""
    size = round(statistics.median(word.height for word in words), 1)
    drawn: list[bytes] = []
    for word, fitted in zip(words, _middles(words), strict=True):
        middle = fitted if abs(fitted - word.y) < size / 2 else word.y
        drawn.append(pen.write(word, middle - _MIDDLE * size, size))
    return b"/%b %.1f Tf\n" % (FONT.encode(), size) + b"".join(drawn) if any(drawn) else b""


class _Pen:
    """Writes words at tenths of a point, each from where the last one began: short numbers, and no error adds up."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._x = self._y = 0

    def write(self, word: _Placed, baseline: float, size: float) -> bytes:
        code = self._letters.encode(word.text)
        if not code:
            return b""
        natural = len(code) / 2 * blank_font.WIDTH / 1000 * size
        x, y = round((word.x - word.width / 2) * 10), round(baseline * 10)
        step = f"{(x - self._x) / 10:g} {(y - self._y) / 10:g}".encode()
        self._x, self._y = x, y
        spaced = _SPECIAL.sub(rb"\\\g<0>", code + self._letters.encode(" ")).replace(b"\r", b"\\r")
        return b"%b Td %d Tz(%b)Tj\n" % (step, max(round(100 * word.width / natural), 1), spaced)


def _middles(words: list[_Placed]) -> list[float]:
    """The height at which each word stands: on the straight line that fits the line best."""
    if len({word.x for word in words}) < 2:
        return [word.y for word in words]
    fit = statistics.linear_regression([word.x for word in words], [word.y for word in words])
    return [fit.slope * word.x + fit.intercept for word in words]


def fill_font(pdf: Pdf, font: Object, letters: Letters) -> None:
    """Makes `font` the blank one, with every letter in `letters` mapped to Unicode (ISO 32000-1, 9.7)."""
    program = blank_font.program()
    descriptor = Dictionary(
        FontName=Name("/" + blank_font.NAME),
        FontBBox=[0, blank_font.DESCENT, blank_font.WIDTH, blank_font.ASCENT],
        CapHeight=blank_font.ASCENT,
        FontFile2=pdf.make_stream(program, Length1=len(program)),
    )
    descendant = Dictionary(
        Subtype=Name.CIDFontType2,
        DW=blank_font.WIDTH,
        CIDToGIDMap=pdf.make_stream(b"\0\0" + b"\0\1" * letters.highest),
    )
    cid_font.fill(pdf, font, descriptor, descendant, letters.to_unicode())
