"""Bar codes and QR codes, found by zxing-cpp."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from domain.pages import Barcode, Box
from domain.text import nfc
from ocr import pictures
from ocr.engine import Gray

_KINDS = zxingcpp.BarcodeFormat
_LINEAR = (_KINDS.Code128, _KINDS.Code39, _KINDS.Code93, _KINDS.Codabar, _KINDS.EAN13, _KINDS.EAN8, _KINDS.ITF)
_COMMON = (_KINDS.QRCode, *_LINEAR)
"""What is printed on papers and cards, often small. QR codes are found in every turn, and bars that lie on the page turned by us:
zxing-cpp takes longer to turn it than for all the rest.
"""
_ALL = (*_COMMON, _KINDS.DataMatrix, _KINDS.PDF417, _KINDS.Aztec)
"""The others are rare and take long to look for: they are looked for on a copy of half the size only."""

Rows = tuple[tuple[float, float, float], tuple[float, float, float]]
"""From pixels of a copy to pixels of the scan: each coordinate is `across * x + down * y + shift`."""


def find(gray: Gray, number: int, factor: float) -> tuple[Barcode, ...]:
    """Codes on an upright page. `factor`: size of `gray` over that of the scan; boxes are in pixels of the scan."""
    lying = np.asarray(cv2.rotate(gray, cv2.ROTATE_90_CLOCKWISE), dtype=np.uint8)
    back = ((0, 1 / factor, 0), (-1 / factor, 0, gray.shape[0] / factor))
    looks = (
        (_read(gray, _COMMON), _times(1 / factor)),
        (_read(lying, _LINEAR), back),
        (_read(pictures.halved(gray), _ALL, turn=True), _times(2 / factor)),
    )
    found: list[Barcode] = []
    for codes, rows in looks:
        seen = {(code.format, code.text) for code in found}
        made = [Barcode(number, _name(code.format), nfc(code.text), _box(code.position, rows)) for code in codes]
        found += [code for code in made if (code.format, code.text) not in seen]
    return tuple(found)


def _read(gray: Gray, kinds: tuple[zxingcpp.BarcodeFormat, ...], *, turn: bool = False) -> list[zxingcpp.Barcode]:
    formats = zxingcpp.BarcodeFormats(kinds)
    codes = zxingcpp.read_barcodes(gray, formats, try_rotate=turn, try_invert=False, try_downscale=False)
    return [code for code in codes if code.valid and code.text]


def _name(kind: zxingcpp.BarcodeFormat) -> str:
    """`QRCode`, `Code128`."""
    return str(kind).replace(" ", "")


def _times(factor: float) -> Rows:
    return (factor, 0, 0), (0, factor, 0)


def _box(position: zxingcpp.Position, rows: Rows) -> Box:
    corners = (position.top_left, position.top_right, position.bottom_left, position.bottom_right)
    xs, ys = ([across * at.x + down * at.y + shift for at in corners] for across, down, shift in rows)
    return Box(min(xs), min(ys), max(xs), max(ys))
