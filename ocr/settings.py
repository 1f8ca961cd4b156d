"""What this room can be told from outside."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How much care a page gets."""

    FAST = "fast"
    """Read at 200 dpi: a tenth less time, small print suffers."""
    STANDARD = "standard"
    """Read at 300 dpi."""
    THOROUGH = "thorough"
    """Read at 300 dpi, and what is doubtful a second time by Tesseract; where Tesseract reads alone, all of it in two ways."""


class Reader(enum.StrEnum):
    """Who reads."""

    OWN = "own"
    """Our own recogniser; at the level thorough Tesseract reads again what it is not sure of."""
    TESSERACT = "tesseract"
    """Tesseract alone."""
    BOTH = "both"
    """Our own recogniser, and at every level Tesseract for what it is not sure of."""


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """Settings of the room that reads."""

    level: Level = Level.STANDARD
    """How much care a page gets."""
    engine: Reader = Reader.OWN
    """Who reads: `own`, `tesseract` or `both`. Without the own recogniser's files Tesseract reads alone."""
    marks: float = 0.4
    """What the custom of hospital texts counts where our own recogniser hardly sees a tone, hat or syllable; 0: nothing."""
    languages: str = "vie"
    """Tesseract's language packs, joined by `+`."""
    seconds_a_page: float = 120.0
    """How long Tesseract may work on one picture."""
    work_seconds_a_page: float = 180.0
    """Processor time in which a page must be read, or four times as long in all; then the other engine tries."""
    learn: bool = False
    """Whether `luuky ocr train` may learn from what people of this house have corrected, and `luuky ocr pairs` copy it out."""

    @property
    def dpi(self) -> int:
        """Resolution at which pages are read; pictures are made smaller for it, never larger."""
        return 200 if self.level is Level.FAST else 300
