"""How good a scan is, in numbers that a person can act on."""

from __future__ import annotations

import numpy as np

from domain.pages import Flag
from ocr.engine import Gray

_BLANK_INK = 0.0015
"""Share of the page that is ink; below it there is no writing."""
_DARK_PAPER, _FAINT_CONTRAST = 130, 70
_LEAST_DPI, _UNREADABLE_DPI = 200, 140
"""200 dpi is what the rules for digitising archives ask; below 140 identifiers are lost."""
_SKEWED, _BADLY_SKEWED = 2.0, 6.0


def is_blank(thumbnail: Gray) -> tuple[bool, float]:
    """Whether there is nothing on the page, and the share of ink, from `straighten.thumbnail_of_ink`.

    What shines through from the other side is not ink.
    """
    share = float(thumbnail.mean())
    return share < _BLANK_INK, share


def flags(gray: Gray, dpi: float) -> tuple[Flag, ...]:
    """What the picture alone says: `dark` (brightness of the paper, 0..255), `faint` (paper less ink), `low_dpi`."""
    shares = np.cumsum(np.bincount(gray[::4, ::4].ravel(), minlength=256))
    ink, paper = (float(np.searchsorted(shares, part * shares[-1])) for part in (0.005, 0.8))
    found = []
    if paper < _DARK_PAPER:
        found.append(Flag("dark", round(paper, 1), rescan=paper < _DARK_PAPER / 2))
    if paper - ink < _FAINT_CONTRAST:
        found.append(Flag("faint", round(paper - ink, 1), rescan=paper - ink < _FAINT_CONTRAST / 2))
    if dpi < _LEAST_DPI - 5:
        found.append(Flag("low_dpi", round(dpi, 1), rescan=dpi < _UNREADABLE_DPI))
    return tuple(found)


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
