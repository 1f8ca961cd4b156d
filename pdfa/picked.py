"""A page of a PDF that has text of its own, to be joined as it was read."""

from __future__ import annotations

from domain.pages import PageReading
from pdfa.convert import TEXT_LAYER
from pdfa.join import Picked


def picked(number: int, reading: PageReading) -> Picked:
    """Page `number` (from 1) of its file. Where words were recognised, binding turns the page with them."""
    turned_by_words = reading.engine != TEXT_LAYER and bool(reading.words)
    return Picked(number, reading, 0 if turned_by_words else reading.rotation)
