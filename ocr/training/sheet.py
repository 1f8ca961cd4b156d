"""Composes a made-up page: headings, form lines with leaders, running text, tables, boxed digits, signature blocks.

A page has one printed face and one way in which it was filled in. Where every character stands is remembered, so that the
crops which the line finder makes of the damaged page can be labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np

from ocr.engine import Gray
from ocr.training.ink import Hand, Ink, Pen
from ocr.training.text import Run, Writer


@dataclass(frozen=True, slots=True)
class Pens:
    """The hands of one page."""

    label: Pen
    heading: Pen
    fill: Pen

    def of(self, run: Run) -> Pen:
        """The hand that sets this run."""
        return self.fill if run.filled else self.label


@dataclass(frozen=True, slots=True)
class Letter:
    """A character and where it stands: left, right and baseline in pixels, `em` of its face; `starts`: a word begins here."""

    char: str
    left: float
    right: float
    base: float
    em: float
    hand: Hand
    starts: bool


@dataclass
class Sheet:
    """A page: what was printed on it and what was filled in, each ink (height, width) uint8, 255 full; and its letters."""

    printed: Gray
    filled: Gray
    letters: list[Letter] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.printed.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.printed.shape[0])

    def put(self, run: Run, ink: Ink, at: tuple[float, float], pen: Pen, *, starts: bool = True) -> float:
        """Set a run with its left edge and baseline `at`; gives its right edge. What falls off the page is lost, letters too."""
        left, top = round(at[0]), round(at[1]) - ink.base
        height, width = ink.mask.shape
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + width, self.width), min(top + height, self.height)
        if x1 > x0 and y1 - y0 > height / 2:
            there = (self.filled if run.filled else self.printed)[y0:y1, x0:x1]
            np.maximum(there, ink.mask[y0 - top : y1 - top, x0 - left : x1 - left], out=there)
            for n, char in enumerate(run.text):
                first, last = left + ink.edges[n], left + ink.edges[n + 1]
                if x0 <= (first + last) / 2 <= x1:
                    self.letters.append(Letter(char, first, last, at[1], pen.size, pen.hand, starts and n == 0))
        return float(left + width)


class Composer:
    """Fills a sheet from top to bottom."""

    def __init__(self, writer: Writer, pens: Pens, rng: Random, shape: tuple[int, int]) -> None:
        self._writer = writer
        self._pens = pens
        self._rng = rng
        self.sheet = Sheet(np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))
        self._em = pens.label.size
        self._pitch = self._em * rng.triangular(1.12, 2.0, 1.4) * (1.15 if pens.fill.size > pens.label.size * 1.2 else 1.0)
        self._left = shape[1] * rng.uniform(0.04, 0.12)
        self._right = shape[1] * rng.uniform(0.9, 0.97)
        self._y = shape[0] * rng.uniform(0.02, 0.06) + self._em
        self._leaders = rng.choice(("dots", "dots", "rule", "none"))
        self._rules = rng.random() < 0.7

    def compose(self) -> Sheet:
        """The whole page."""
        blocks = (
            (self._header, 6), (self._form, 34), (self._free, 16), (self._syllables, 14), (self._table, 22), (self._boxed, 5),
            (self._signatures, 5), (self._title, 6), (self._columns, 14),
        )  # fmt: skip
        while self._y < self.sheet.height - self._em:
            block = self._rng.choices([one for one, _ in blocks], [weight for _, weight in blocks])[0]
            block()
            self._y += self._pitch * self._rng.uniform(0, 0.6)
        return self.sheet

    # ---- lines

    def _down(self, times: float = 1.0) -> None:
        self._y += self._pitch * times

    def _draw(self, run: Run, at: tuple[float, float], *, steady: bool = False) -> float:
        pen = self._pens.of(run)
        ink = pen.draw(run.text, self._rng)
        if ink is None:
            return at[0]
        off = 0.0 if steady or not run.filled else self._rng.gauss(0, 0.05) * self._em
        return self.sheet.put(run, ink, (at[0], at[1] + off), pen)

    def _gap(self) -> float:
        pen = self._rng.random()
        return self._em * (self._rng.uniform(0.22, 0.45) if pen < 0.75 else self._rng.uniform(0.5, 3))

    def _line(self, runs: Sequence[Run], left: float, right: float) -> None:
        x = left
        for run in runs:
            if x > right - self._em * 2:
                break
            start = x
            end = self._draw(self._fitting(run, right - x), (x, self._y))
            x = end + self._gap()
            if run.filled and self._leaders != "none" and self._rng.random() < 0.75:
                stop = min(right, max(x, start + self._em * self._rng.uniform(2, 14)))
                self._leader(start - self._em * 0.2, stop if self._rng.random() < 0.6 else right)
                x = max(x, stop if self._rng.random() < 0.8 else x)

    def _fitting(self, run: Run, room: float) -> Run:
        """The words of a run for which there is room."""
        pen, words = self._pens.of(run), run.text.split()
        while words and pen.length(" ".join(words)) > room:
            words.pop()
        return Run(" ".join(words), run.filled)

    def _leader(self, left: float, right: float) -> None:
        y = round(self._y + self._em * self._rng.uniform(-0.02, 0.2))
        shade, thick = self._rng.randint(90, 255), max(1, round(self._em / 24))
        if self._leaders == "rule":
            cv2.line(self.sheet.printed, (round(left), y), (round(right), y), shade, thick)
            return
        step = max(2, round(self._em * self._rng.choice((0.11, 0.14, 0.2, 0.28))))
        for x in range(max(0, round(left)), min(round(right), self.sheet.width), step):
            row = self.sheet.printed[y : y + thick, x : x + thick]
            np.maximum(row, shade, out=row)

    # ---- blocks

    def _header(self) -> None:
        middle = (self._left + self._right) / 2
        for _ in range(self._rng.randint(1, 3)):
            for left, right in ((self._left, middle), (middle, self._right)):
                self._centred(Run(self._writer.heading(), filled=False), left, right, self._pens.label)
            self._down()

    def _title(self) -> None:
        self._down(0.5)
        self._centred(Run(self._writer.heading(), filled=False), self._left, self._right, self._pens.heading)
        self._down(1.5)

    def _centred(self, run: Run, left: float, right: float, pen: Pen) -> None:
        ink = pen.draw(run.text, self._rng)
        if ink is not None and ink.mask.shape[1] < (right - left) * 0.97:
            self.sheet.put(run, ink, ((left + right - ink.mask.shape[1]) / 2, self._y), pen)

    def _form(self) -> None:
        for _ in range(self._rng.randint(2, 8)):
            self._line(self._writer.form_line(), self._left + self._indent(), self._right)
            self._down()

    def _indent(self) -> float:
        return self._em * self._rng.choice((0, 0, 0, 1.5, 4, 9))

    def _free(self) -> None:
        filled = self._rng.random() < 0.6
        for text in self._writer.paragraph(self._rng.randint(1, 5)):
            self._wrapped(text, filled=filled)

    def _wrapped(self, text: str, *, filled: bool) -> None:
        """Words until the line is full; the rest is not needed."""
        line = self._fitting(Run(text, filled), self._right - self._left).text
        if line:
            self._draw(Run(line, filled), (self._left + self._indent() * 0.3, self._y))
            if filled and self._leaders != "none":
                self._leader(self._left, self._right)
        self._down()

    def _syllables(self) -> None:
        for _ in range(self._rng.randint(1, 4)):
            self._wrapped(self._writer.syllables(self._rng.randint(2, 14)), filled=self._rng.random() < 0.6)

    def _columns(self) -> None:
        """Short things side by side."""
        count = self._rng.randint(2, 4)
        wide = (self._right - self._left) / count
        for _ in range(self._rng.randint(2, 6)):
            for n in range(count):
                left = self._left + n * wide
                self._line(self._writer.line(), left, left + wide - self._em)
            self._down()

    def _signatures(self) -> None:
        block = self._writer.signature_block()
        count = self._rng.randint(1, 3)
        wide = (self._right - self._left) / count
        for row in block:
            for n in range(count):
                text = Run(" ".join(run.text for run in row), any(run.filled for run in row))
                self._centred(text, self._left + n * wide, self._left + (n + 1) * wide, self._pens.of(text))
            self._down(self._rng.choice((1, 1, 1, 3)))

    def _boxed(self) -> None:
        """Characters one by one in boxes."""
        x = self._draw(Run(self._writer.label(), filled=False), (self._left, self._y)) + self._em * 0.5
        text, side, shade = self._writer.boxed(), self._em * self._rng.uniform(1.0, 1.5), self._rng.randint(110, 255)
        pen = self._pens.fill
        top, thick = round(self._y - side * 0.82), max(1, round(self._em / 26))
        starts = True
        for char in text:
            if x + side > self._right:
                break
            ink = pen.draw(char, self._rng)
            if ink is not None:
                cv2.rectangle(self.sheet.printed, (round(x), top), (round(x + side), round(top + side)), shade, thick)
                self.sheet.put(Run(char, filled=True), ink, (x + (side - ink.mask.shape[1]) / 2, self._y), pen, starts=starts)
            starts = char == " "
            x += side * (0.6 if starts else 1.0)
        self._down(1.3)

    def _table(self) -> None:
        rows = self._writer.table()
        count = max(len(row) for row in rows)
        shares = [self._rng.uniform(0.5, 2) + max(len(row[n].text) for row in rows if n < len(row)) * 0.1 for n in range(count)]
        edges = self._left + (self._right - self._left) * np.concatenate(([0.0], np.cumsum(shares))) / sum(shares)
        top = self._y - self._em
        for row in rows:
            if self._y > self.sheet.height:
                break
            deepest = max(self._cell(run, edges[n], edges[n + 1]) for n, run in enumerate(row))
            self._y = deepest + self._pitch
            if self._rules:
                self._rule((edges[0], self._y - self._em * 1.05), (edges[-1], self._y - self._em * 1.05))
        if self._rules:
            for edge in edges:
                self._rule((edge, top), (edge, self._y - self._em * 1.05))

    def _cell(self, run: Run, left: float, right: float) -> float:
        """Draws a cell, its text wrapped; gives the lowest baseline."""
        pen = self._pens.of(run)
        room = right - left - self._em * 0.5
        lines = [""]
        for word in run.text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and pen.length(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        y = self._y
        for line in lines[:4]:
            if line and pen.length(line) <= room:
                self._draw(Run(line, run.filled), (left + self._em * 0.25, y), steady=True)
            y += self._pitch
        return y - self._pitch

    def _rule(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        thick = max(1, round(self._em / 26))
        cv2.line(
            self.sheet.printed,
            (round(start[0]), round(start[1])),
            (round(end[0]), round(end[1])),
            self._rng.randint(140, 255),
            thick,
        )
