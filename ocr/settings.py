"""What this room can be told from outside."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How much care a page gets."""

    FAST = "fast"
    """Read at 200 dpi: half the time, a few more wrong digits."""
    STANDARD = "standard"
    """Read at 300 dpi."""
    THOROUGH = "thorough"
    """Read twice in two ways at 300 dpi, keeping of each word the reading that is surer: twice the time."""


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """Settings of the room that reads."""

    level: Level = Level.STANDARD
    """How much care a page gets."""
    languages: str = "vie"
    """Tesseract's language packs, joined by `+`."""
    seconds_a_page: float = 120.0
    """How long the recogniser may work on one picture."""

    @property
    def dpi(self) -> int:
        """Resolution at which pages are read; pictures are made smaller for it, never larger."""
        return 200 if self.level is Level.FAST else 300
