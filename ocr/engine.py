"""What a recogniser of words is. Implementations: `tesseract.py`."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from domain.pages import Word

Gray = npt.NDArray[np.uint8]
"""A picture `(height, width) uint8`, 0 black, 255 white."""


class Engine(Protocol):
    """Finds and reads the words of an upright, straightened, cleaned page."""

    @property
    def name(self) -> str:
        """Name and version, such as `tesseract 5.3.0 vie`: part of the identity of every result."""
        ...

    def read(self, gray: Gray, dpi: float) -> list[Word]:
        """The words: NFC, boxes in pixels of `gray`, confidence 0..1, `line` as the engine numbers its lines in any order.

        Raises PartMissing when the recogniser or its language is not installed, Broken when it took too long.
        """
        ...

    def read_block(self, gray: Gray, dpi: float) -> list[Word]:
        """The same, taking the picture as one block of text: surer in running text, blinder in tables and forms."""
        ...

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """Clockwise degrees (0, 90, 180, 270) that make the page upright, and how sure that is: 2 and more is sure, 0 unknown."""
        ...
