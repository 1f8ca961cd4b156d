"""Which resolution a picture has where its file says so, says nonsense, or says nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ingest import resolution
from ingest.pages import cut
from ingest.settings import IngestSettings
from tests.generator import files
from tests.ingest import samples

A4_300, A4_200, A5_300, A5_200, A3_300 = (2480, 3508), (1654, 2339), (1748, 2480), (1165, 1654), (4961, 3508)
A_PHOTO = (3024, 4032)


@pytest.mark.parametrize(
    ("stated", "size", "is_"),
    [
        (300, A4_300, 300),
        (300, A5_300, 300),
        (300, (900, 24000), 300),
        (600, A4_200, 600),
        (96, (794, 1123), 96),
        (72, A4_300, 300),
        (96, A4_200, 200),
        (72, A5_200, 200),
        (96, A5_300, 300),
        (0, A5_300, 300),
        (0, A5_200, 200),
        (0, (2481, 1750), 300),
        (0, A3_300, 300),
        (0, (3307, 2339), 200),
        (0, (2470, 3500), 300),
        (0, (1240, 1754), 150),
        (0, (576, 9000), 203),
        (96, (384, 4000), 203),
        (0, (945, 8000), 300),
        (72, A_PHOTO, 344.9),
        (1, A4_200, 200),
        (5000, A4_200, 200),
    ],
)
def test_a_stated_resolution_counts_where_it_can_be_and_else_the_likeliest_sheet(
    stated: float, size: tuple[int, int], is_: float
) -> None:
    assert resolution.plausible(stated, stated, size) == is_
    assert resolution.plausible(stated, stated, size[::-1]) == is_


def test_a_slip_without_resolution_is_no_coarse_scan_of_a_large_sheet(tmp_path: Path) -> None:
    Image.new("L", A5_300, "white").save(tmp_path / "a", "PNG")
    assert cut(tmp_path / "a", 1, IngestSettings()).dpi == 300


def test_a_tiff_tagged_96_is_taken_for_the_sheet_it_is(tmp_path: Path) -> None:
    Image.new("1", A4_300, 1).save(tmp_path / "a", "TIFF", compression="group4", dpi=(96, 96))
    page = cut(tmp_path / "a", 1, IngestSettings())
    assert page.dpi == 300
    with Image.open(io.BytesIO(page.data)) as own:
        assert own.info["dpi"] == (300, 300)


def test_a_photo_put_on_a_pdf_page_as_large_as_a_door_is_no_sheet_of_that_size(tmp_path: Path) -> None:
    wide, high = samples.page(200).image.size
    path = files.pdf([samples.page(200)], tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (page,) = document.pages
        page.MediaBox = pikepdf.Array([0, 0, wide, high])
        page.Contents = pikepdf.Stream(document, f"q {wide} 0 0 {high} 0 0 cm /Im Do Q".encode())
        document.save(path)
    assert cut(path, 1, IngestSettings()).dpi == 200
