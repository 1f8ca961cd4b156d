"""Writes lines, fields, paragraphs and tables down a sheet and goes on to the next sheet at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from tests.generator.sheet import HEIGHT, MARGIN, WIDTH, Rule, Sheet, Text, width_of

BODY = 11.0
LEADING = 1.5
_MEASURE = "DejaVu Serif"
"""Lines are broken as the widest font needs it, so that one layout serves all fonts."""


def measure(text: str, size: float = BODY, *, bold: bool = False) -> float:
    """Width in points, safe for every font."""
    return width_of(text, size, _MEASURE, bold=bold) * 1.04


class Pen:
    """Holds the sheets written so far and the height in points at which the next line goes."""

    def __init__(self) -> None:
        self.sheets = [Sheet()]
        self.y = MARGIN

    def put(self, x: float, text: str, size: float = BODY, *, bold: bool = False, down: float = 0, filled: bool = False) -> None:
        """Text at `x` on the present line (plus `down` points)."""
        self.sheets[-1].texts.append(Text(x, self.y + down, text, size, bold, filled))

    def down(self, points: float = BODY * LEADING) -> None:
        """Go to the next line, or to the next sheet."""
        self.y += points
        if self.y > HEIGHT - MARGIN:
            self.next_sheet()

    def next_sheet(self) -> None:
        """Go to the top of a new sheet."""
        self.sheets.append(Sheet())
        self.y = MARGIN

    def centred(self, text: str, size: float = BODY, *, bold: bool = False, middle: float = WIDTH / 2) -> None:
        """One centred line; stays on it."""
        self.put(middle - measure(text, size, bold=bold) / 2, text, size, bold=bold)

    def line(self, text: str, size: float = BODY, *, bold: bool = False) -> None:
        """A paragraph from margin to margin, as many lines as it takes."""
        for row in wrap(text, WIDTH - 2 * MARGIN, size, bold=bold):
            self.put(MARGIN, row, size, bold=bold)
            self.down(size * LEADING)

    def fields(self, *pairs: tuple[str, str]) -> None:
        """Labels and values side by side on one line, each value followed by a dotted leader up to the next label."""
        width = (WIDTH - 2 * MARGIN) / len(pairs)
        for number, (label, value) in enumerate(pairs):
            x = MARGIN + number * width
            self.put(x, label)
            start = x + measure(label) + 4
            if value:
                self.put(start, value, filled=True)
            self.dots(start + (measure(value) + 4 if value else 0), x + width - 6)
        self.down()

    def dots(self, start: float, end: float) -> None:
        """A dotted leader on the present line."""
        if end - start > 8:
            self.sheets[-1].rules.append(Rule(start, self.y + 1.5, end, self.y + 1.5, dotted=True))

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        """A ruled table; `shares` of the width add up to 1."""
        widths = [share * (WIDTH - 2 * MARGIN) for share in shares]
        self.down(4)
        for number, row in enumerate([head, *rows]):
            self._row(row, widths, bold=number == 0)
        self.down(BODY)

    def _row(self, cells: Sequence[str], widths: Sequence[float], *, bold: bool) -> None:
        size = BODY - 1
        wrapped = [wrap(cell, width - 8, size, bold=bold) for cell, width in zip(cells, widths, strict=True)]
        height = max(len(lines) for lines in wrapped) * size * 1.4 + 6
        if self.y + height > HEIGHT - MARGIN:
            self.down(height)
        top, x = self.y - size, MARGIN
        for lines, width in zip(wrapped, widths, strict=True):
            for index, text in enumerate(lines):
                self.put(x + 4, text, size, bold=bold, down=index * size * 1.4 + 3, filled=not bold)
            x += width
        self._box(top, top + height, widths)
        self.y += height

    def _box(self, top: float, bottom: float, widths: Sequence[float]) -> None:
        rules, x = self.sheets[-1].rules, MARGIN
        right = WIDTH - MARGIN
        rules += [Rule(MARGIN, top, right, top), Rule(MARGIN, bottom, right, bottom), Rule(MARGIN, top, MARGIN, bottom)]
        for width in widths:
            x += width
            rules.append(Rule(x, top, x, bottom))


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than `width` points (a longer word stands alone)."""
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure(longer, size, bold=bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
