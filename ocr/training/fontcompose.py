"""Vietnamese letters for faces of typewriters and pin printers that have none: a letter and its marks, as a dead key sets them.

Marks are taken from the face itself: what its à, á, ã and â have above the letter, that hat upside down for the breve, the bow of
its question mark for the hook, its comma for the horn, its full stop for the dot below and its hyphen for the bar of đ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fontTools.pens.boundsPen import BoundsPen

from ocr.training.fontbuild import LETTERS, Drawing, Outline, scaled

TILDE, HAT, BREVE, HOOK, HORN, DOT = "\u0303", "\u0302", "\u0306", "\u0309", "\u031b", "\u0323"


@dataclass(frozen=True, slots=True)
class Box:
    """Bounds of a drawing in font units."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Half-way between left and right."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom


def box(drawn: Outline) -> Box:
    """Bounds of `drawn`; ValueError where there is nothing to bound."""
    pen = BoundsPen(None)
    for command, points in drawn:
        getattr(pen, command)(*points)
    if pen.bounds is None:
        raise ValueError("an empty drawing has no bounds")
    return Box(*pen.bounds)


def at(drawn: Outline, middle: float, bottom: float) -> Outline:
    """`drawn` shifted to stand on `bottom`, half-way across at `middle`."""
    now = box(drawn)
    right, up = middle - now.middle, bottom - now.bottom
    return [(command, tuple((x + right, y + up) for x, y in points)) for command, points in drawn]


def contours(drawn: Outline) -> Iterator[Outline]:
    """The closed lines of a drawing, one by one."""
    contour: Outline = []
    for command in drawn:
        contour.append(command)
        if command[0] in {"closePath", "endPath"}:
            yield contour
            contour = []


def compose(drawings: Mapping[int, Drawing]) -> dict[int, Drawing]:
    """Draw the Vietnamese letters that `drawings` (character → commands and advance) lacks.

    Raises ValueError where the face has nothing to cut a mark from.
    """
    writer = _Composer(dict(drawings))
    return {ord(letter): writer.drawing(letter) for letter in LETTERS if ord(letter) not in drawings}


class _Composer:
    def __init__(self, drawings: dict[int, Drawing]) -> None:
        self._drawings = drawings
        self._own = frozenset(map(chr, drawings))

    def drawing(self, letter: str) -> Drawing:
        if ord(letter) not in self._drawings:
            self._drawings[ord(letter)] = self._barred(letter) if letter in "đĐ" else self._marked(letter)
        return self._drawings[ord(letter)]

    def _marked(self, letter: str) -> Drawing:
        *bare, mark = list(unicodedata.normalize("NFD", letter))
        stem = unicodedata.normalize("NFC", "".join(bare))
        commands, advance = self.drawing(stem)
        if bare[0] == "i" and mark != DOT:
            commands = [
                command for contour in contours(commands) if box(contour).bottom < self._x_height() for command in contour
            ]
        return commands + self._placed(mark, bare, commands), advance

    def _x_height(self) -> float:
        return box(self.drawing("x")[0]).top

    def _placed(self, mark: str, bare: list[str], under: Outline) -> Outline:
        sign, room = self._sign(mark)
        letter, mine, middle = box(under), box(sign), box(self.drawing(bare[0])[0]).middle
        if mark == HORN:
            return at(sign, letter.right - 0.05 * mine.width, letter.top - 0.45 * mine.height)
        if mark == DOT:
            foot = box(self.drawing("n" if bare[0].islower() else "H")[0]).bottom
            return at(sign, middle, foot - 1.6 * mine.height)
        hat = next((box(self._sign(hat)[0]) for hat in (HAT, BREVE) if hat in bare), None)
        if hat and mark == TILDE:
            return at(sign, middle, letter.top + 0.25 * mine.height)
        if hat:
            return at(sign, middle + 0.45 * hat.width + 0.5 * mine.width, letter.top - 0.55 * mine.height)
        return at(sign, middle, letter.top + room)

    def _sign(self, mark: str) -> tuple[Outline, float]:
        """A mark as the face draws it and the room between it and the letter under it, in font units."""
        for bare in "aeo":
            carrier = unicodedata.normalize("NFC", bare + mark)
            if carrier in self._own:
                stem = box(self.drawing(bare)[0])
                above = [
                    piece for piece in contours(self.drawing(carrier)[0]) if box(piece).bottom > stem.top - 0.05 * stem.height
                ]
                if above:
                    sign = [command for piece in above for command in piece]
                    return sign, box(sign).bottom - stem.top
        return self._cut(mark)

    def _cut(self, mark: str) -> tuple[Outline, float]:
        """A mark made of another sign of the face, and its room."""
        if mark == BREVE:
            hat, room = self._sign(HAT)
            return at(scaled(hat, 1, -1), box(hat).middle, box(hat).bottom), room
        if mark == HORN:
            return scaled(self.drawing(",")[0], 0.9, 0.9), 0
        if mark == DOT:
            return max(contours(self.drawing(".")[0]), key=lambda piece: box(piece).height), 0
        tall = self._x_height()
        question = sorted(contours(self.drawing("?")[0]), key=lambda piece: box(piece).bottom)
        bow = [command for piece in question if box(piece).bottom > box(question[0]).top for command in piece]
        small = 0.42 * tall / box(bow).height
        return scaled(bow, small, small), 0.1 * tall

    def _barred(self, letter: str) -> Drawing:
        commands, advance = self.drawing("d" if letter == "đ" else "D")
        stem, bar = box(commands), self.drawing("-")[0]
        middle = stem.right - 0.1 * stem.height if letter == "đ" else stem.left + 0.12 * stem.height
        small = 0.55 * stem.height / box(bar).width
        bar = scaled(bar, small, small)
        level = stem.bottom + (0.82 if letter == "đ" else 0.5) * stem.height
        return commands + at(bar, middle, level - box(bar).height / 2), advance
