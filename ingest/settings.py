"""What this room can be told from outside."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """Limits that keep one file from stopping the belt, and how pages without a picture of their own are drawn."""

    most_bytes: int = 1_000_000_000
    """Largest file taken."""
    most_pages: int = 2_000
    """Most pages in one file."""
    most_pixels: int = 120_000_000
    """Most pixels in one picture; A3 at 600 dpi has 70 million."""
    drawing_dpi: int = 300
    """Resolution at which PDF pages are drawn that are not simply one picture."""
    most_attachments: int = 50
    """Files inside one PDF that become documents of their own; all of them together are no larger than `most_bytes`."""
    deepest_attachments: int = 2
    """How deep they may lie in one another."""
