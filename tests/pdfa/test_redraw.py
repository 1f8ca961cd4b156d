"""Pictures that PDF/A cannot take as they are."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from domain.pages import PageImage
from pdfa.redraw import redraw


@pytest.mark.parametrize(("mode", "clear"), [("L", 0), ("RGB", (0, 0, 0))])
def test_a_colour_that_is_seen_through_becomes_paper(mode: str, clear: object) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (20, 10)).save(buffer, "PNG", transparency=clear)
    picture = redraw(PageImage(1, buffer.getvalue(), "image/png", 20, 10, 300))
    assert (picture.width, picture.height) == (20, 10)
