"""How faithful, and how small, a bound page is."""

from __future__ import annotations

import enum


class Profile(enum.StrEnum):
    """What becomes of a page's picture."""

    FAITHFUL = "faithful"
    """The scanner's own stream goes in untouched."""
    BALANCED = "balanced"
    """One picture, coded anew where that is smaller: fewer pixels and a lower quality, chosen page by page."""
    COMPACT = "compact"
    """Ink as stencils at full resolution over paper at a low one; the picture keeps its own stream where that is smaller."""
