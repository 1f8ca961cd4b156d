"""How good a scan is, in numbers that a person can act on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from domain.pages import Box, Flag
from ocr import borders, focus, overlap
from ocr.engine import Gray

_BLANK_INK = 0.0015
"""Share of the page that is ink; below it there is no writing."""
_DARK_PAPER, _FAINT_CONTRAST = 130, 70
_LEAST_DPI, _UNREADABLE_DPI = 200, 140
"""200 dpi is what the rules for digitising archives ask; below 140 identifiers are lost."""
_SKEWED, _BADLY_SKEWED = 2.0, 6.0
_BLURRED, _BADLY_BLURRED, _COARSEST = 0.66, 0.75, 3.2
"""Width of an edge in millimetres from which words are lost here and there, and from which many are; and the pixels that an edge
may always have, so that a coarse scan is not called blurred too.
"""
_BLACK_BORDER, _MOSTLY_BLACK = 0.03, 0.2
"""Part of the picture: 6 mm along the long side of a sheet; and where the paper did not lie on the glass."""


def is_blank(thumbnail: Gray) -> tuple[bool, float]:
    """Whether there is nothing on the page, and the share of ink, from `straighten.thumbnail_of_ink`.

    What shines through from the other side is not ink.
    """
    share = float(thumbnail.mean())
    return share < _BLANK_INK, share


def flags(gray: Gray, dpi: float, *, cut: bool = False, sheet: Box | None = None) -> tuple[Flag, ...]:
    """What the picture alone says: `dark` (brightness of the paper, 0..255), `faint` (paper less ink), `low_dpi`, `blurred`
    (width of an edge, mm), `cut_off` (letters that a border cuts), `black_border` (part of the picture, 0..1), `double_feed`
    (mm of a second sheet). `cut`: the picture was cut from a larger one along the edges of the sheet, so that its borders say
    nothing; `sheet`: where of it the sheet lies, if not everywhere.
    """
    shares = np.cumsum(np.bincount(gray[::4, ::4].ravel(), minlength=256))
    ink, paper = (float(np.searchsorted(shares, part * shares[-1])) for part in (0.005, 0.8))
    found = []
    if paper < _DARK_PAPER:
        found.append(Flag("dark", round(paper, 1), rescan=paper < _DARK_PAPER / 2))
    if paper - ink < _FAINT_CONTRAST:
        found.append(Flag("faint", round(paper - ink, 1), rescan=paper - ink < _FAINT_CONTRAST / 2))
    if dpi < _LEAST_DPI - 5:
        found.append(Flag("low_dpi", round(dpi, 1), rescan=dpi < _UNREADABLE_DPI))
    return (*found, *_of_focus(_within(gray, sheet), dpi), *(() if cut else _of_borders(gray, dpi, paper)))


def _within(gray: Gray, sheet: Box | None) -> Gray:
    """The sheet alone: its edges on dark ground are no letters, and no sharper where letters are."""
    return gray if sheet is None else gray[round(sheet.y0) : round(sheet.y1), round(sheet.x0) : round(sheet.x1)]


def _of_focus(gray: Gray, dpi: float) -> Iterator[Flag]:
    width = focus.edge_width(gray, dpi)
    if width >= max(_BLURRED, _COARSEST * 25.4 / dpi):
        yield Flag("blurred", round(width, 2), rescan=width >= _BADLY_BLURRED)


def _of_borders(gray: Gray, dpi: float, paper: float) -> Iterator[Flag]:
    if cut := borders.cut_off(gray, dpi, paper):
        yield Flag("cut_off", float(cut), rescan=True)
    black = borders.black_share(gray, dpi, paper)
    if black >= _BLACK_BORDER:
        yield Flag("black_border", round(black, 3), rescan=black >= _MOSTLY_BLACK)
    if second := overlap.second_sheet(gray, dpi):
        yield Flag("double_feed", round(second, 1), rescan=True)


def of_position(rotation: int, skew: float) -> tuple[Flag, ...]:
    """How the sheet lay: `upside_down` (degrees it was turned by) and `skewed` (degrees)."""
    found = []
    if rotation:
        found.append(Flag("upside_down", float(rotation)))
    if abs(skew) >= _SKEWED:
        found.append(Flag("skewed", skew, rescan=abs(skew) >= _BADLY_SKEWED))
    return tuple(found)


def blank(share: float) -> Flag:
    """Nothing on it."""
    return Flag("blank", round(share, 5))


def unread(times: int) -> Flag:
    """For a page that could not be read; `times`: how often it was tried."""
    return Flag("unread", float(times), rescan=True)
