"""Invented scans that know what stands on them: forms other than those that taught the line reader, in font families that it
never saw (the `test` part of the fonts of `python -m ocr.training.fonts`), filled in by laser printer, typewriter, pin printer,
hand or through carbon paper; lean, uneven light, noise, seals, JPEG, some turned. Real handwriting is much harder than fonts that
look like it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from ocr.training import fonts
from ocr.training.damage import Damage
from ocr.training.fonts import Font
from ocr.training.ink import Hand, Ink, Pen
from tests.generator import damage, files, forms, people
from tests.generator.draft import Form
from tests.generator.pen import measure
from tests.generator.sheet import Page, Printed, Sheet, Text, picture

KINDS = ("laser", "typewriter", "dot-matrix", "handwriting-like", "carbon")
GRADES = ("clean", "ordinary", "bad")
FONTS = Path.home() / ".cache/luuky/fonts/fonts.json"
_FILLS = {
    "laser": (Hand.PRINT, ("serif", "sans")),
    "typewriter": (Hand.TYPED, ("typewriter", "mono")),
    "dot-matrix": (Hand.PINS, ("dot-matrix", "mono")),
    "handwriting-like": (Hand.WRITTEN, ("hand", "hand", "hand", "script")),
    "carbon": (Hand.TYPED, ("typewriter", "mono")),
}
_TURNED = 0.2
"""Part of the pages that went through the feeder by another side."""
_SPACE = 128
"""Darkest ink that counts as a word's, for its box."""


@dataclass(frozen=True)
class Scan:
    """A page on disk: how it was filled in, how worn it is, its words with boxes on the upright page, those that were filled in,
    the values of its fields by name, and the clockwise degrees that make it upright.
    """

    path: Path
    kind: str
    grade: str
    words: tuple[Printed, ...]
    filled: tuple[bool, ...]
    fields: dict[str, str]
    rotation: int


def at_hand(listing: Path) -> list[Font]:
    """The fonts that taught nobody; fetched where they are missing, which takes minutes."""
    if not listing.exists():
        fonts.main([str(listing.parent)])
    return [font for font in fonts.load(listing) if font.part == "test"]


def make_scans(folder: Path, faces: Sequence[Font], count: int, seed: int) -> list[Scan]:
    """As many pages of each kind, the grades in turn."""
    rng = Random(seed)
    return [
        _scan(folder / f"{number:03}-{kind}.jpg", kind, GRADES[(number + place) % len(GRADES)], faces, rng)
        for number in range(count)
        for place, kind in enumerate(KINDS)
    ]


def _scan(path: Path, kind: str, grade: str, faces: Sequence[Font], rng: Random) -> Scan:
    form = forms.any_form(rng, people.invent(rng))
    sheet = rng.choice(form.sheets)
    page, filled = drawn(sheet, kind, faces, rng)
    page = worn(page, grade, rng)
    quarters = rng.randint(1, 3) if rng.random() < _TURNED else 0
    files.jpeg(damage.turned(page, quarters), path, quality=80)
    return Scan(path, kind, grade, page.words, filled, _fields_on(form, sheet), -90 * quarters % 360)


def _fields_on(form: Form, sheet: Sheet) -> dict[str, str]:
    """The fields of the form that stand on this sheet."""
    text = " ".join(run.text for run in sheet.texts)
    return {name: value for name, value in form.fields.items() if value in text}


def worn(page: Page, grade: str, rng: Random) -> Page:
    """The page as a scan of that grade shows it."""
    if grade == "clean":
        return page
    return damage.pressed((damage.ordinary if grade == "ordinary" else damage.bad)(page, rng), rng.randint(50, 85))


def drawn(sheet: Sheet, kind: str, faces: Sequence[Font], rng: Random) -> tuple[Page, tuple[bool, ...]]:
    """A sheet in the hands of its kind, with its words where they were drawn; and which of them were filled in."""
    dpi = rng.choice((200, 300))
    scale = dpi / 72
    paper = picture(replace(sheet, texts=[]), dpi, "Noto Serif")
    pen = _pens(kind, faces, rng, scale)
    planes = {False: np.zeros(paper.image.size[::-1], np.uint8), True: np.zeros(paper.image.size[::-1], np.uint8)}
    words: list[Printed] = []
    filled: list[bool] = []
    for run in sheet.texts:
        ink = _fitting(pen(run.size, run.bold, run.filled), run, scale).draw(run.text, rng)
        if ink is not None:
            left, top = round(run.x * scale), round(run.y * scale) - ink.base
            _set(planes[run.filled], ink.mask, left, top)
            there = list(_words(run.text, ink, left, top))
            words += there
            filled += [run.filled] * len(there)
    hurt = Damage(rng, 11 * scale)
    ink_of_all = np.maximum(planes[False], hurt.worn(planes[True], carbon=kind == "carbon"))
    grey = np.asarray(paper.image.convert("L"), np.float32) * (1 - ink_of_all * np.float32(0.9 / 255))
    return Page(Image.fromarray(grey.astype(np.uint8)).convert("RGB"), tuple(words), "", dpi), tuple(filled)


def _words(text: str, ink: Ink, left: int, top: int) -> list[Printed]:
    """The words of a run, each in the box of its ink."""
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        x0, x1 = (max(0, round(ink.edges[place])) for place in (start, at))
        rows, columns = np.nonzero(ink.mask[:, x0:x1] > _SPACE)
        if len(rows):
            box = (left + x0 + columns.min(), top + rows.min(), left + x0 + columns.max() + 1, top + rows.max() + 1)
            found.append(Printed(word, tuple(map(float, box))))  # type: ignore[arg-type]
        else:
            found.append(Printed(word, (left + x0, top, left + x1, top + len(ink.mask))))
    return found


def _pens(kind: str, faces: Sequence[Font], rng: Random, scale: float) -> Callable[[float, bool, bool], Pen]:
    """The hands of one page: a pen for a size in points, bold or not, filled in or printed."""
    hand, styles = _FILLS[kind]
    label = rng.choice([font for font in faces if font.style in {"serif", "sans"}])
    style = rng.choice(styles)
    fill = rng.choice([font for font in faces if font.style == style])
    shake = rng.uniform(0.01, 0.03) if hand in {Hand.TYPED, Hand.WRITTEN} else 0.0
    larger = rng.uniform(1.0, 1.25) if hand is Hand.WRITTEN else 1.0
    pins = rng.choice((12, 14, 16, 18))

    def pen(size: float, bold: bool, filled: bool) -> Pen:  # noqa: FBT001
        pixels = round(size * scale * (larger if filled else 0.95))
        if filled:
            return Pen(hand, str(fill.path), pixels, shake=shake, pins=pins)
        return Pen(Hand.PRINT, str(label.path), pixels, bold=bold)

    return pen


def _fitting(pen: Pen, run: Text, scale: float) -> Pen:
    """As narrow as the form leaves room: what runs into the next cell nobody can read."""
    return replace(pen, wide=min(1.0, measure(run.text, run.size, bold=run.bold) * scale / max(pen.length(run.text), 1.0)))


def _set(plane: np.ndarray, mask: np.ndarray, left: int, top: int) -> None:
    there = plane[max(top, 0) : top + mask.shape[0], max(left, 0) : left + mask.shape[1]]
    part = mask[max(-top, 0) :, max(-left, 0) :][: there.shape[0], : there.shape[1]]
    np.maximum(there, part, out=there)
