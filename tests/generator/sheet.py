"""A sheet of A4 paper: a list of things to draw, in points. `picture` draws them, `files.born_digital` writes them as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 48.0
INK = (24, 24, 34)

_FOLDER = Path("/usr/share/fonts/truetype")
FONTS = {
    "Noto Serif": ("noto/NotoSerif-Regular.ttf", "noto/NotoSerif-Bold.ttf"),
    "Noto Sans": ("noto/NotoSans-Regular.ttf", "noto/NotoSans-Bold.ttf"),
    "DejaVu Serif": ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
    "DejaVu Sans": ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    "FreeSerif": ("freefont/FreeSerif.ttf", "freefont/FreeSerifBold.ttf"),
    "FreeSans": ("freefont/FreeSans.ttf", "freefont/FreeSansBold.ttf"),
}
"""Debian's fonts that hold every Vietnamese letter (a test checks it): regular and bold."""

_EM = 200
_SCALE = {"DejaVu Serif": 0.86, "DejaVu Sans": 0.86, "Noto Sans": 0.94, "Noto Serif": 0.92}
"""Wide fonts are set smaller, so that every form fits in every font."""


@dataclass(frozen=True)
class Text:
    """A run of words on one line: left edge and baseline in points from the top left corner."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    filled: bool = False
    """Whether it was filled into the form, and is not part of it."""


@dataclass(frozen=True)
class Rule:
    """A ruled line, or a dotted leader when `dotted`."""

    x0: float
    y0: float
    x1: float
    y1: float
    dotted: bool = False


@dataclass
class Sheet:
    """One side of paper; its texts in the order in which a person reads them."""

    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True)
class Printed:
    """A word of the truth and its box in pixels of the page's picture."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Page:
    """A drawn page with its truth. `text` in reading order, a line a row."""

    image: Image.Image
    words: tuple[Printed, ...]
    text: str
    dpi: int


def font_file(font: str, *, bold: bool = False) -> Path:
    """Where the font lies."""
    return _FOLDER / FONTS[font][bold]


@lru_cache(maxsize=64)
def _face(font: str, bold: bool, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(font, bold=bold), pixels)


def set_size(font: str, size: float) -> float:
    """The size at which this font is set where a form asks for `size` points."""
    return size * _SCALE.get(font, 1.0)


def width_of(text: str, size: float, font: str, *, bold: bool = False) -> float:
    """Width in points."""
    return _face(font, bold, _EM).getlength(text) * set_size(font, size) / _EM


def picture(sheet: Sheet, dpi: int, font: str) -> Page:
    """Draw a sheet on white paper."""
    scale = dpi / 72
    image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), "white")
    draw = ImageDraw.Draw(image)
    for rule in sheet.rules:
        _draw_rule(draw, rule, scale)
    words: list[Printed] = []
    for run in sheet.texts:
        words += _draw_text(draw, run, font, scale)
    return Page(image, tuple(words), _text(sheet), dpi)


def _draw_rule(draw: ImageDraw.ImageDraw, rule: Rule, scale: float) -> None:
    thick = max(1, round(0.6 * scale))
    if not rule.dotted:
        draw.line([(rule.x0 * scale, rule.y0 * scale), (rule.x1 * scale, rule.y1 * scale)], fill=INK, width=thick)
        return
    x = rule.x0
    while x < rule.x1:
        left, top = x * scale, rule.y0 * scale
        draw.ellipse([left, top, left + thick, top + thick], fill=INK)
        x += 2.6


def _draw_text(draw: ImageDraw.ImageDraw, run: Text, font: str, scale: float) -> list[Printed]:
    face = _face(font, run.bold, round(set_size(font, run.size) * scale))
    left, baseline = run.x * scale, run.y * scale
    printed = []
    for word in run.text.split():
        draw.text((left, baseline), word, font=face, fill=INK, anchor="ls")
        x0, y0, x1, y1 = draw.textbbox((left, baseline), word, font=face, anchor="ls")
        printed.append(Printed(word, (x0, y0, x1, y1)))
        left += face.getlength(word + " ")
    return printed


def _text(sheet: Sheet) -> str:
    """The runs in the order in which they were put down, which is that of reading; what goes on rightwards stays on the line."""
    rows: list[list[Text]] = []
    for run in sheet.texts:
        before = rows[-1][-1] if rows else None
        if before and abs(run.y - before.y) < 0.1 and run.x > before.x:
            rows[-1].append(run)
        else:
            rows.append([run])
    return "\n".join(" ".join(run.text for run in row if run.text) for row in rows)
