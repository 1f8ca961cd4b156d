"""Bar codes and QR codes, found by zxing-cpp."""

from __future__ import annotations

import zxingcpp

from domain.pages import Barcode, Box
from domain.text import nfc
from ocr import pictures
from ocr.engine import Gray

_KINDS = zxingcpp.BarcodeFormat
_COMMON = (
    _KINDS.QRCode, _KINDS.Code128, _KINDS.Code39, _KINDS.Code93, _KINDS.Codabar, _KINDS.EAN13, _KINDS.EAN8, _KINDS.ITF,
)  # fmt: skip
"""What is printed on papers and cards, often small."""
_ALL = (*_COMMON, _KINDS.DataMatrix, _KINDS.PDF417, _KINDS.Aztec)
"""The others are rare and take long to look for: they are looked for on a copy of half the size only."""


def find(gray: Gray, number: int, factor: float) -> tuple[Barcode, ...]:
    """Codes on an upright page. `factor`: size of `gray` over that of the scan; boxes are in pixels of the scan."""
    fine = _read(gray, _COMMON, number, factor)
    seen = {(code.format, code.text) for code in fine}
    coarse = _read(pictures.small(gray, 1 / 2), _ALL, number, factor / 2)
    return (*fine, *(code for code in coarse if (code.format, code.text) not in seen))


def _read(gray: Gray, kinds: tuple[zxingcpp.BarcodeFormat, ...], number: int, factor: float) -> tuple[Barcode, ...]:
    codes = zxingcpp.read_barcodes(gray, zxingcpp.BarcodeFormats(kinds), try_invert=False, try_downscale=False)
    return tuple(
        Barcode(number, _name(code.format), nfc(code.text), _box(code.position, factor))
        for code in codes
        if code.valid and code.text
    )


def _name(kind: zxingcpp.BarcodeFormat) -> str:
    """`QRCode`, `Code128`."""
    return str(kind).replace(" ", "")


def _box(position: zxingcpp.Position, factor: float) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    xs, ys = [corner.x / factor for corner in corners], [corner.y / factor for corner in corners]
    return Box(min(xs), min(ys), max(xs), max(ys))
