"""What decades and a scanner do to a page: worn ribbons, starved and bleeding ink, carbon, photocopies, stains, show-through,
stamps and signatures over the text, creases, bent paper, blur, grain, JPEG, one bit.

`Wear` acts on ink (255 full), `Scan` on the picture (255 paper). Lengths are in ems, so that small and large pages suffer
alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from ocr.engine import Gray

Real = npt.NDArray[np.float32]
_FINE = 24
"""Ems of fewer pixels have strokes too thin to lose any."""


@dataclass(frozen=True, slots=True)
class Bend:
    """How rows of a page were moved: `shift(x)` pixels down at column x."""

    slope: float
    wave: float
    length: float
    phase: float

    def shift(self, x: Real) -> Real:
        """Pixels down."""
        return np.asarray(self.slope * x + self.wave * np.sin(x / self.length + self.phase), dtype=np.float32)


class Damage:
    """Harm done by one seeded hand to pages with letters of `em` pixels."""

    def __init__(self, rng: Random, em: float) -> None:
        self._rng = rng
        self._em = em
        self._np = np.random.default_rng(rng.getrandbits(32))

    # ---- ink

    def worn(self, ink: Gray, *, carbon: bool) -> Gray:
        """Ink as it is after years: `ink` (height, width) uint8, 255 full."""
        rng = self._rng
        if rng.random() < (0.25 if carbon else 0.3):
            ink = self._patchy(ink)
        kind = rng.random()
        if kind < 0.14 and self._em > _FINE:
            ink = self._starved(ink)
        elif kind < 0.3:
            ink = self._bled(ink)
        if carbon:
            ink = self._carbon(ink)
        elif rng.random() < 0.04:
            ink = np.maximum(ink, (np.roll(ink, (rng.randint(-2, 2), rng.randint(1, 3)), (0, 1)) * 0.5).astype(np.uint8))
        return ink

    def _noise(self, shape: tuple[int, int], cell: float) -> Real:
        """0..1, smooth over `cell` pixels."""
        height, width = shape
        small = self._np.random((max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)), np.float32)
        return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)

    def _patchy(self, ink: Gray) -> Gray:
        cell = self._em * self._rng.choice((0.1, 0.25, 0.5, 1.2))
        share = self._noise(_shape(ink), cell) * self._rng.uniform(0.7, 1.5) + self._rng.uniform(0.12, 0.7)
        return np.asarray(cv2.multiply(ink, np.clip(share, 0, 1), dtype=cv2.CV_8U), dtype=np.uint8)

    def _starved(self, ink: Gray) -> Gray:
        brush = np.ones((2, 1) if self._rng.random() < 0.5 else (1, 2), np.uint8)
        thin = cv2.erode(ink, brush)
        share = self._rng.uniform(0.3, 0.9)
        return np.asarray(cv2.addWeighted(ink, 1 - share, thin, share, 0), dtype=np.uint8)

    def _bled(self, ink: Gray) -> Gray:
        if self._rng.random() < 0.6:
            return np.asarray(cv2.dilate(ink, np.ones((2, 2), np.uint8)), dtype=np.uint8)
        soft = cv2.GaussianBlur(ink, (0, 0), self._em * self._rng.uniform(0.02, 0.05))
        return np.asarray(cv2.convertScaleAbs(soft, alpha=self._rng.uniform(1.1, 1.7)), dtype=np.uint8)

    def _carbon(self, ink: Gray) -> Gray:
        """The second or third sheet: soft, grainy, uneven, smudged."""
        soft = cv2.GaussianBlur(ink, (0, 0), self._em * self._rng.uniform(0.02, 0.055)).astype(np.float32)
        grain = self._noise(_shape(ink), max(1.0, self._em * 0.045))
        soft *= np.clip(grain * self._rng.uniform(0.5, 1.2) + self._rng.uniform(0.25, 0.7), 0, 1)
        if self._rng.random() < 0.5:
            smudge = cv2.GaussianBlur(ink, (0, 0), self._em * 0.25).astype(np.float32)
            soft = np.maximum(soft, smudge * self._rng.uniform(0.1, 0.4))
        return np.asarray(np.clip(soft * self._rng.uniform(0.7, 1.2), 0, 255), dtype=np.uint8)

    # ---- page

    def bend(self, width: int) -> Bend:
        """How this page leans after straightening, and curls."""
        rng = self._rng
        curl = self._em * rng.uniform(0.05, 0.5) if rng.random() < 0.15 else 0.0
        slope = math.tan(math.radians(max(-0.9, min(0.9, rng.gauss(0, 0.25)))))
        return Bend(slope, curl, width * rng.uniform(0.1, 0.5), rng.random() * 6)

    def bent(self, ink: Gray, bend: Bend) -> Gray:
        """The same ink with its rows moved."""
        height, width = ink.shape
        x = np.arange(width, dtype=np.float32)[None]
        y = np.arange(height, dtype=np.float32)[:, None]
        across = np.ascontiguousarray(np.broadcast_to(x, ink.shape))
        down = (y - bend.shift(x)).astype(np.float32)
        return np.asarray(cv2.remap(ink, across, down, cv2.INTER_LINEAR), dtype=np.uint8)

    def overlaid(self, ink: Gray) -> Gray:
        """Stamps, signatures and scribbles over the page."""
        ink = ink.copy()
        for _ in range(self._rng.choice((0, 0, 1, 1, 2, 3))):
            self._stamp(ink) if self._rng.random() < 0.6 else self._flourish(ink)
        return ink

    def _stamp(self, ink: Gray) -> None:
        """A round or square seal; in the red channel little of it is left."""
        rng, em = self._rng, self._em
        height, width = ink.shape
        at = (rng.randint(0, width), rng.randint(0, height))
        layer = np.zeros_like(ink)
        radius, thick = round(em * rng.uniform(2.5, 5)), max(1, round(em * rng.uniform(0.05, 0.14)))
        if rng.random() < 0.7:
            for part in (1.0, 0.93, 0.62):
                cv2.circle(layer, at, round(radius * part), 255, thick)
            for n in range(24):
                angle = n * math.tau / 24
                mark = (round(at[0] + radius * 0.77 * math.cos(angle)), round(at[1] + radius * 0.77 * math.sin(angle)))
                cv2.putText(layer, rng.choice("ABEHKNOST*"), mark, cv2.FONT_HERSHEY_DUPLEX, em / 48, 255, thick)
        else:
            far = (at[0] + radius * 2, at[1] + radius)
            cv2.rectangle(layer, at, far, 255, thick)
        strength = rng.uniform(0.05, 0.35) if rng.random() < 0.8 else rng.uniform(0.35, 0.8)
        np.maximum(ink, (layer * strength).astype(np.uint8), out=ink)

    def _flourish(self, ink: Gray) -> None:
        """A signature: a few loops of one stroke."""
        rng, em = self._rng, self._em
        height, width = ink.shape
        centre = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        steps = np.linspace(0, rng.uniform(6, 16), 80)
        loops = np.stack(
            [np.sin(steps * rng.uniform(0.8, 1.4)) + steps * 0.35, np.cos(steps * rng.uniform(0.9, 2.2)) * rng.uniform(0.4, 1)], 1
        )
        points = (centre + loops * em * rng.uniform(0.6, 1.6)).astype(np.int32)
        cv2.polylines(
            ink, [points], isClosed=False, color=rng.randint(90, 240), thickness=max(1, round(em * 0.06)), lineType=cv2.LINE_AA
        )

    def scanned(self, ink: Gray) -> Gray:
        """The picture a scanner makes: 255 paper, 0 black."""
        rng = self._rng
        picture: Real = ink.astype(np.float32)
        sigma = rng.uniform(0.3, 0.9) if rng.random() < 0.8 else self._em * rng.uniform(0.02, 0.05)
        soft = max(0.25, min(sigma, self._em * 0.055))
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), soft), dtype=np.float32)
        dark = rng.uniform(0.6, 1.0) if rng.random() < 0.85 else rng.uniform(0.35, 0.6)
        paper = self._paper(_shape(ink))
        picture = np.asarray(paper - picture * (dark * paper / 255), dtype=np.float32)
        grain = rng.uniform(0, 14) if rng.random() < 0.8 else rng.uniform(14, 34)
        picture += self._np.standard_normal(_shape(ink), np.float32) * np.float32(grain)
        if rng.random() < 0.12:
            picture[self._np.random(ink.shape, np.float32) < rng.uniform(0.0005, 0.012)] = rng.uniform(0, 140)
        made = np.clip(picture, 0, 255).astype(np.uint8)
        if rng.random() < 0.08:
            made = self._copied(made)
        if rng.random() < 0.65:
            made = _jpeg(made, rng.randint(25, 85))
        if rng.random() < 0.06:
            paper_is, ink_is = float(np.median(made)), float(np.percentile(made, 1.5))
            made = np.where(made > ink_is + (paper_is - ink_is) * rng.uniform(0.55, 0.8), 255, 0).astype(np.uint8)
        return np.asarray(made, dtype=np.uint8)

    def _paper(self, shape: tuple[int, int]) -> Real:
        rng = self._rng
        paper = np.full(shape, rng.uniform(205, 255), np.float32)
        if rng.random() < 0.5:  # uneven light
            paper *= 1 - rng.uniform(0.05, 0.35) * self._noise(shape, max(shape) / 2)
        if rng.random() < 0.3:  # texture
            paper -= rng.uniform(2, 12) * self._noise(shape, self._em * rng.uniform(0.06, 0.3))
        if rng.random() < 0.15:  # stains
            paper -= rng.uniform(20, 90) * np.clip(self._noise(shape, self._em * rng.choice((3, 8))) - 0.7, 0, 1)
        if rng.random() < 0.08:  # a fold
            row = rng.randint(0, shape[0] - 1)
            paper[row : row + max(1, round(self._em * 0.08))] -= rng.uniform(20, 110)
        return paper

    def shown_through(self, picture: Gray, back: Gray) -> Gray:
        """The writing of the other side, mirrored and faint."""
        faint = cv2.GaussianBlur(cv2.flip(back, 1), (0, 0), self._em * self._rng.uniform(0.03, 0.08))
        return np.asarray(cv2.subtract(picture, (faint * self._rng.uniform(0.04, 0.25)).astype(np.uint8)), dtype=np.uint8)

    def _copied(self, picture: Gray) -> Gray:
        """A photocopy of a photocopy: hard contrast, drum marks, specks."""
        middle, steep = self._rng.uniform(120, 190), self._rng.uniform(0.04, 0.12)
        table = (255 / (1 + np.exp(-(np.arange(256) - middle) * steep))).astype(np.uint8)
        copy = np.asarray(cv2.LUT(picture, table), dtype=np.uint8)
        if self._rng.random() < 0.4:
            column = self._rng.randint(0, copy.shape[1] - 1)
            copy[:, column : column + max(1, round(self._em * 0.05))] = self._rng.randint(60, 200)
        return copy


def _jpeg(picture: Gray, quality: int) -> Gray:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _shape(picture: Gray) -> tuple[int, int]:
    return int(picture.shape[0]), int(picture.shape[1])
