"""Chooses the hands of a page: which face it is printed in, who filled it in and with what."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ocr.training.fonts import Font
from ocr.training.ink import Hand, Pen
from ocr.training.sheet import Pens

_PRINTED = {"serif": 46, "sans": 30, "condensed": 5, "slab": 4, "mono": 4, "typewriter": 8, "display": 2}
_TYPED = {"typewriter": 55, "mono": 40, "slab": 5}
_PINNED = {"dot-matrix": 40, "mono": 25, "receipt": 10, "typewriter": 10, "sans": 15}
_WRITTEN = {"hand": 58, "script": 25, "sans": 12, "condensed": 5}
"""Few faces are drawn by hands; plain ones whose strokes wander stand in for the many hands there are."""
_ROWS_OF_PINS = (11, 12, 12, 13, 13, 14, 14, 15, 16, 18, 20, 24)
_HANDS = {Hand.PRINT: 30, Hand.TYPED: 18, Hand.PINS: 18, Hand.WRITTEN: 34}
"""Shares of pages by who filled them in."""


class Faces:
    """The faces at hand, drawn by style and weight."""

    def __init__(self, fonts: Sequence[Font], rng: Random) -> None:
        self._rng = rng
        self._by_style: dict[str, list[Font]] = {}
        for font in fonts:
            self._by_style.setdefault(font.style, []).append(font)

    def pens(self, em: float) -> Pens:
        """The hands of a page whose print has `em` pixels."""
        rng = self._rng
        hand = rng.choices(list(_HANDS), list(_HANDS.values()))[0]
        typed_form = hand in {Hand.TYPED, Hand.PINS} and rng.random() < 0.4
        fill = self._fill(hand, em)
        label = fill if typed_form else self._printed(em)
        heading = self._printed(em * rng.uniform(1.0, 1.7), bold=rng.random() < 0.5) if not typed_form else fill
        return Pens(label, heading, label if hand is Hand.PRINT and rng.random() < 0.5 else fill)

    def _printed(self, em: float, *, bold: bool = False) -> Pen:
        rng = self._rng
        face = self._face(_PRINTED)
        wide = rng.uniform(0.8, 1.12) if rng.random() < 0.15 else 1.0
        slant = rng.uniform(0.12, 0.28) if rng.random() < 0.06 else 0.0
        tracking = rng.uniform(-0.03, 0.08) if rng.random() < 0.1 else 0.0
        beside, heavy = rng.random() < 0.06, bold or rng.random() < 0.05
        return Pen(Hand.PRINT, face, _pixels(em), beside, heavy, slant=slant, wide=wide, tracking=tracking)

    def _fill(self, hand: Hand, em: float) -> Pen:
        rng = self._rng
        if hand is Hand.PRINT:
            return self._printed(em * rng.uniform(0.9, 1.1))
        if hand is Hand.TYPED:
            beside = rng.random() < 0.3
            shake, tracking = rng.uniform(0.005, 0.05), rng.uniform(-0.02, 0.06)
            return Pen(
                hand,
                self._face(_TYPED),
                _pixels(em * rng.uniform(0.9, 1.1)),
                beside,
                rng.random() < 0.15,
                shake=shake,
                tracking=tracking,
            )
        if hand is Hand.PINS:
            size, wide = _pixels(em * rng.uniform(0.9, 1.25)), rng.choice((1.0, 1.0, 0.85, 1.2))
            return Pen(hand, self._face(_PINNED), size, wide=wide, pins=rng.choice(_ROWS_OF_PINS))
        return self._written(em)

    def _written(self, em: float) -> Pen:
        rng = self._rng
        font = self._font(_WRITTEN)
        plain = font.style not in {"hand", "script"}
        shake = rng.uniform(0.01, 0.05) if plain or rng.random() < 0.4 else 0.0
        wander = rng.uniform(0.03, 0.08) if plain else rng.uniform(0, 0.05)
        slant, wide = rng.gauss(0.06 if plain else 0, 0.12), rng.uniform(0.85, 1.15)
        size = _pixels(em * rng.uniform(0.95, 1.6))
        return Pen(Hand.WRITTEN, str(font.path), size, slant=slant, wide=wide, shake=shake, wander=wander)

    def _face(self, styles: dict[str, int]) -> str:
        return str(self._font(styles).path)

    def _font(self, styles: dict[str, int]) -> Font:
        there = {style: weight for style, weight in styles.items() if style in self._by_style}
        style = self._rng.choices(list(there), list(there.values()))[0]
        fonts = self._by_style[style]
        return self._rng.choices(fonts, [font.weight for font in fonts])[0]


def _pixels(em: float) -> int:
    return max(9, round(em))
