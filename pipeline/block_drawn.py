"""What the administration screen shows of blocks: pictures made fit for them, and how a layout looks. Tool: PDFium."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2

from domain.blocks import Look, SmallPicture
from pdfa.small_picture import small_picture
from signing.appearance import Block
from signing.sample import sample

_SCALE = 3.0
"""Pixels a point."""
_AROUND = 6
_SHOWN = Block(
    "BS.CKII. Nguyễn Thị Phương Thảo",
    "Trưởng khoa",
    datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    unit="Khoa Nội tổng hợp",
    issuer="VNPT-CA",
)


def picture(data: bytes) -> SmallPicture:
    """A picture as blocks show it. Raises Refused `picture`."""
    return small_picture(data)


def shown(look: Look) -> bytes:
    """A PNG of an invented person's block."""
    block = replace(_SHOWN, look=look)
    with pypdfium2.PdfDocument(sample(block.painted(), look.layout.wide, look.layout.high, _AROUND)) as pdf:
        out = io.BytesIO()
        pdf[0].render(scale=_SCALE).to_pil().save(out, "PNG")
    return out.getvalue()
