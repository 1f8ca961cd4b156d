"""Which way up a page is: the network `orient.onnx` of the wheel trueocr 0.1.1 (Apache-2.0) looks at a small copy of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ocr import networks, pictures, weights
from ocr.engine import Gray

_SIDE = 768
_LONGEST = 3.0
"""How often the shorter side goes into what is looked at of a longer one: of a strip from a roll, its beginning."""
_COLUMNS = 4
"""The answer "set in columns from top to bottom", which no Vietnamese page is."""


class Compass:
    """Tells the way up."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder`: where `orient.onnx` lies; None: the packaged one. Raises PartMissing, Broken."""
        self._network = networks.load((folder or weights.FOLDER) / "orient.onnx", weights.BESIDE["orient.onnx"])

    def orientation(self, gray: Gray) -> tuple[int, float]:
        """Clockwise degrees that make the page upright, and the logarithm of the odds of it (2: 88 %), at least 0."""
        (shares,) = self._network.run(None, {"x": _seen(gray)[None, None]})
        turns = int(shares[0].argmax())  # quarter turns counter-clockwise that the page has made
        if turns == _COLUMNS:
            return 0, 0.0
        share = min(float(shares[0, turns]), 1 - 1e-6)
        return 90 * turns, max(0.0, float(np.log(share / (1 - share))))


def _seen(gray: Gray) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    short = min(gray.shape)
    gray = gray[: round(_LONGEST * short), : round(_LONGEST * short)]
    small = pictures.small(gray, _SIDE / max(gray.shape))
    seen = np.zeros((_SIDE, _SIDE), np.float32)
    seen[: small.shape[0], : small.shape[1]] = 1.0 - small / np.float32(255)
    return seen
