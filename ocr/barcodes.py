"""Bar codes and QR codes, found by zxing-cpp."""

from __future__ import annotations

import zxingcpp

from domain.pages import Barcode, Box
from domain.text import nfc
from ocr.engine import Gray


def find(gray: Gray, number: int, factor: float) -> tuple[Barcode, ...]:
    """Codes on an upright page. `factor`: size of `gray` over that of the scan; boxes are in pixels of the scan."""
    return tuple(
        Barcode(number, _name(code.format), nfc(code.text), _box(code.position, factor))
        for code in zxingcpp.read_barcodes(gray)
        if code.valid and code.text
    )


def _name(kind: zxingcpp.BarcodeFormat) -> str:
    """`QRCode`, `Code128`: as versions 2 and 3 of zxing-cpp can both say it."""
    return str(kind).removeprefix("BarcodeFormat.").replace(" ", "")


def _box(position: zxingcpp.Position, factor: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    xs, ys = [corner.x / factor for corner in corners], [corner.y / factor for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
