"""Draws a run of text as one hand sets it down: printed, typed, punched by the pins of a printer, or written.

The answer is coverage of ink and where each character stands, so that whatever a line finder cuts out later can be told
letter by letter.
"""

from __future__ import annotations

import enum
import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.engine import Gray

_SEEN = 60
"""Coverage from which ink is seen."""
_MARKS = {"\u0301": "´", "\u0300": "`", "\u0303": "˜", "\u0309": "ʼ"}
"""Tones that old machines, which know hats only, set beside the letter."""


class Hand(enum.StrEnum):
    """Who or what writes."""

    PRINT = "print"
    TYPED = "typed"
    PINS = "pins"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Ink:
    """A drawn run: `mask` (height, width) uint8, 255 full ink; `base` its row of the baseline; `edges`, one more than
    characters: the columns between them.
    """

    mask: Gray
    base: int
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pen:
    """A face in the size (pixels an em) in which a hand uses it, with the manners it keeps for a whole page."""

    hand: Hand
    face: str
    size: int
    tones_beside: bool = False
    """Set the tone of a letter with a hat beside it: old typewriters do, and programs with fonts that lack such letters."""
    bold: bool = False
    slant: float = 0.0
    """Columns to the right per row upwards."""
    wide: float = 1.0
    """Width as a part of the face's own."""
    tracking: float = 0.0
    """Space added after each character, in ems."""
    shake: float = 0.0
    """How unsteady, in ems: of a typewriter's types and of a writing hand."""
    wander: float = 0.0
    """How far the strokes of a writing hand stray from its face, in ems."""
    pins: int = 14
    """Rows of pins in an em, where pins print."""

    @property
    def pitch(self) -> int:
        """Pixels from one pin to the next."""
        return max(1, round(self.size / self.pins))

    def length(self, text: str) -> float:
        """Pixels that `text` takes, or a little less."""
        if self.hand is Hand.PINS:
            return _font(self.face, self.pins).getlength(text) * self.pitch * self.wide
        return (_font(self.face, self.size).getlength(text) + self.tracking * self.size * len(text)) * self.wide

    def draw(self, text: str, rng: Random) -> Ink | None:
        """Ink of `text`; None where nothing would be seen."""
        if self.hand is Hand.PINS:
            drawn = _pinned(self, text, rng)
        elif self.shake > 0 or self.tracking > 0 or self.tones_beside:
            drawn = _one_by_one(self, text, rng)
        else:
            drawn = _set(self, text)
        if self.hand is Hand.WRITTEN:
            drawn = _by_hand(self, drawn, rng)
        elif self.slant:
            drawn = _slanted(drawn, self.slant)
        if self.wide != 1.0:
            drawn = _stretched(drawn, self.wide)
        return _trimmed(drawn)


@lru_cache(maxsize=1500)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face, size, layout_engine=ImageFont.Layout.BASIC)


def _canvas(width: float, size: int) -> tuple[Image.Image, ImageDraw.ImageDraw, int]:
    picture = Image.new("L", (math.ceil(width) + 2 * size, math.ceil(size * 2.3)), 0)
    return picture, ImageDraw.Draw(picture), math.ceil(size * 1.55)


def _set(pen: Pen, text: str) -> Ink:
    """The whole run at once, as a printer sets it."""
    font = _font(pen.face, pen.size)
    edges = tuple(pen.size + font.getlength(text[:n]) for n in range(len(text) + 1))
    picture, draw, base = _canvas(edges[-1] - pen.size, pen.size)
    draw.text((pen.size, base), text, 255, font=font, anchor="ls", stroke_width=_stroke(pen))
    return Ink(np.asarray(picture), base, edges)


def _stroke(pen: Pen) -> int:
    return max(1, round(pen.size / 40)) if pen.bold else 0


def _one_by_one(pen: Pen, text: str, rng: Random) -> Ink:
    """Each character struck or written on its own: a little off, a little paler."""
    font = _font(pen.face, pen.size)
    own_cell = rng.random() < 0.4  # the tone is a character of its own, or strikes back over the hat
    parts = [_apart(char) if pen.tones_beside else (char, "") for char in text]
    edges = [float(pen.size)]
    for letter, tone in parts:
        edges.append(edges[-1] + font.getlength(letter + tone * own_cell) + pen.tracking * pen.size)
    picture, draw, base = _canvas(edges[-1] - pen.size, pen.size)
    palest, aside = rng.randint(120, 255) if pen.shake > 0 else 255, rng.uniform(0.3, 0.62)
    for (base_char, tone), char, left in zip(parts, text, edges, strict=False):
        place = (left + rng.gauss(0, pen.shake * pen.size * 0.5), base + rng.gauss(0, pen.shake * pen.size))
        strength = rng.randint(palest, 255)
        draw.text(place, base_char, strength, font=font, anchor="ls", stroke_width=_stroke(pen))
        if tone:
            rise = pen.size * (rng.uniform(0.1, 0.28) if char.isupper() else rng.uniform(0, 0.1))
            right = font.getlength(base_char) if own_cell else pen.size * aside
            draw.text((place[0] + right, place[1] - rise), tone, strength, font=font, anchor="ls")
    return Ink(np.asarray(picture), base, tuple(edges))


def _apart(char: str) -> tuple[str, str]:
    """`ế` → (`ê`, its tone as a mark of its own); other characters and nothing."""
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 3 and parts[1] in "\u0302\u0306" and parts[2] in _MARKS:
        return unicodedata.normalize("NFC", parts[:2]), _MARKS[parts[2]]
    return char, ""


def _pinned(pen: Pen, text: str, rng: Random) -> Ink:
    """A face in few rows, every cell one pin."""
    small = _set(Pen(Hand.PRINT, pen.face, pen.pins), text)
    cells = (small.mask > 95).astype(np.uint8)
    pitch = pen.pitch
    dot = np.zeros((pitch, pitch), np.uint8)
    if pitch > 2:
        cv2.circle(dot, (pitch // 2, pitch // 2), max(1, round(pitch * rng.choice((0.45, 0.5, 0.6)))), 255, -1)
    if pitch <= 2 or rng.random() < 0.25:
        dot[:] = 255
    mask = np.asarray(np.kron(cells, dot), dtype=np.uint8)
    if rng.random() < 0.5:
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), 0.4 + pitch * 0.18), dtype=np.uint8)
    if pitch > 2 and rng.random() < 0.3:  # the pass back is not quite where the pass out was
        mask[1::2] = np.roll(mask[1::2], 1, axis=1)
    return Ink(mask, small.base * pitch, tuple(edge * pitch for edge in small.edges))


def _by_hand(pen: Pen, ink: Ink, rng: Random) -> Ink:
    """Bends a face as hands do: slant, a wavy line, letters of uneven height, strokes that wander."""
    height, width = ink.mask.shape
    wave = rng.random() * pen.size * 0.06
    length, phase, climb = pen.size * rng.uniform(2, 7), rng.random() * 6, rng.gauss(0, 0.008)
    x = np.arange(width, dtype=np.float32)[None]
    y = np.arange(height, dtype=np.float32)[:, None]
    rise = wave * np.sin(x / length + phase) + (x - width / 2) * climb
    swell = 1 + rng.uniform(0, 0.14) * np.sin(x / (pen.size * rng.uniform(0.8, 3)) + rng.random() * 6)
    wander = [_smooth(rng, (height, width), pen.size * 0.35) * pen.size * pen.wander for _ in range(2)]
    across = x + (y - ink.base) * pen.slant + wander[0]
    down = (y - ink.base) * swell + ink.base + rise + wander[1]
    mask = cv2.remap(ink.mask, across.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR)
    if rng.random() < 0.35:
        mask = cv2.dilate(mask, np.ones((2, 2), np.uint8))
    return Ink(np.asarray(mask, dtype=np.uint8), ink.base, ink.edges)


def _smooth(rng: Random, shape: tuple[int, int], cell: float) -> np.ndarray:
    height, width = shape
    noise = np.random.default_rng(rng.getrandbits(32)).uniform(
        -1, 1, (max(2, int(height / cell) + 1), max(2, int(width / cell) + 1))
    )
    return cv2.resize(noise.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def _slanted(ink: Ink, slant: float) -> Ink:
    height, width = ink.mask.shape
    matrix = np.array([[1, -slant, slant * ink.base], [0, 1, 0]], np.float32)
    return Ink(np.asarray(cv2.warpAffine(ink.mask, matrix, (width, height)), dtype=np.uint8), ink.base, ink.edges)


def _stretched(ink: Ink, factor: float) -> Ink:
    height, width = ink.mask.shape
    mask = cv2.resize(ink.mask, (max(1, round(width * factor)), height), interpolation=cv2.INTER_LINEAR)
    return Ink(np.asarray(mask, dtype=np.uint8), ink.base, tuple(edge * factor for edge in ink.edges))


def _trimmed(ink: Ink) -> Ink | None:
    """Without the empty columns at both ends."""
    columns = np.flatnonzero(ink.mask.max(axis=0) > _SEEN)
    if not len(columns):
        return None
    left, right = int(columns[0]), int(columns[-1]) + 1
    edges = tuple(min(max(edge - left, 0.0), float(right - left)) for edge in ink.edges)
    return Ink(np.ascontiguousarray(ink.mask[:, left:right]), ink.base, edges)
