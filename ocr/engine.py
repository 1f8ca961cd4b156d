"""What a recogniser of words is. Implementations: `recogniser.py` (our own), `tesseract.py`; `fusion.py` is both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from domain.errors import Broken
from domain.pages import Word

Gray = npt.NDArray[np.uint8]
"""A picture `(height, width) uint8`, 0 black, 255 white."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An upright, straight, evenly lit page, twice in the same pixels."""

    gray: Gray
    """As it is, with rules and dotted leaders."""
    bare: Gray
    """Without them."""
    dpi: float


class TooLong(Broken):
    """An engine has given a page up: another may still read it."""


class Engine(Protocol):
    """Finds and reads the words of a page."""

    @property
    def name(self) -> str:
        """Name, version and language, such as `tesseract 5.3.0 vie`: part of the identity of every result."""
        ...

    @property
    def asked_first(self) -> bool:
        """Whether `orientation` is cheap and sure enough to be asked before the page is read, not only when it makes no sense."""
        ...

    def read(self, page: Cleaned) -> list[Word]:
        """The words: NFC, boxes in pixels of the page, confidence 0..1, `line` as the engine numbers its lines in any order.

        Raises PartMissing when the recogniser or its language is not installed, TooLong.
        """
        ...

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """Clockwise degrees (0, 90, 180, 270) that make the page upright, and how sure that is: 2 and more is sure, 0 unknown."""
        ...
