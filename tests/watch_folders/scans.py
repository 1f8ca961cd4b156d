"""Small pictures that differ, for tests where what is on the page is not the point."""

from __future__ import annotations

import io
import itertools
from pathlib import Path

from PIL import Image

_numbers = itertools.count()


def scan(path: Path) -> bytes:
    """Write a small JPEG that no other call writes; returns its bytes."""
    number = next(_numbers)
    picture = Image.new("L", (60, 80), 255)
    picture.putpixel((number % 60, number // 60), 0)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", dpi=(100, 100), comment=str(number).encode())
    path.write_bytes(buffer.getvalue())
    return buffer.getvalue()
