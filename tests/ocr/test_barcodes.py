"""Bar codes stand on papers in every turn."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp

from ocr import barcodes, pictures
from ocr.engine import Gray

HEIGHT, WIDTH = 1201, 1003
LEFT, TOP = 420, 310


def sheet(kind: zxingcpp.BarcodeFormat, text: str, turn: int, dots: int) -> tuple[Gray, tuple[int, int, int, int]]:
    """White paper with a code on it after clockwise `turn`, `dots` pixels a module; and where it stands."""
    drawn = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=dots, add_quiet_zones=False)
    code = pictures.turned(np.asarray(drawn, dtype=np.uint8), turn)
    paper = np.full((HEIGHT, WIDTH), 255, np.uint8)
    paper[TOP : TOP + code.shape[0], LEFT : LEFT + code.shape[1]] = code
    return paper, (LEFT, TOP, LEFT + code.shape[1], TOP + code.shape[0])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("kind", "dots"),
    [
        (zxingcpp.BarcodeFormat.Code128, 2),
        (zxingcpp.BarcodeFormat.Code39, 2),
        (zxingcpp.BarcodeFormat.QRCode, 2),
        (zxingcpp.BarcodeFormat.PDF417, 4),
        (zxingcpp.BarcodeFormat.DataMatrix, 6),
    ],
)
def test_a_code_is_found_once_and_where_it_stands_in_every_turn(kind: zxingcpp.BarcodeFormat, dots: int, turn: int) -> None:
    paper, (x0, y0, x1, y1) = sheet(kind, "BN0012345", turn, dots)
    (found,) = barcodes.find(paper, 3, 0.5)
    assert (found.text, found.page) == ("BN0012345", 3)
    around = (x0 - 8 <= found.box.x0 / 2, y0 - 8 <= found.box.y0 / 2, found.box.x1 / 2 <= x1 + 8, found.box.y1 / 2 <= y1 + 8)
    assert all(around)


def test_a_bare_sheet_has_no_code() -> None:
    assert barcodes.find(np.full((HEIGHT, WIDTH), 255, np.uint8), 1, 1.0) == ()
