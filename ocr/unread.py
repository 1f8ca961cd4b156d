"""The reading of a page that nobody could read: its size, no words, and a flag that asks for a new scan."""

from __future__ import annotations

from domain.pages import PageImage, PageReading
from ocr import quality

TRIED = 2
"""Engines that have died on it, or given it up."""
_LYING = range(5, 9)
"""EXIF orientations that exchange width and height."""


def unread(image: PageImage) -> PageReading:
    """For a page whose picture is not opened: only what was known of it before is used."""
    turn = image.turn or 0
    lies = (image.orientation in _LYING) != (turn % 180 == 90)
    width, height = (image.height, image.width) if lies else (image.width, image.height)
    return PageReading(image.number, width, height, image.dpi, turn, flags=(quality.unread(TRIED),))
