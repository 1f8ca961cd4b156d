from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from domain.pages import PageReading
from pdfa.bind import bind
from pdfa.jbig2 import jbig2_picture
from pdfa.profile import Profile
from pdfa.settings import PdfaSettings
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD, coded

_REGION = 38
"""The one kind of segment with pixels that is ever made: an immediate generic region (ITU-T T.88, 7.3)."""
_PAGE = 48


def _decoded(data: bytes, folder: Path) -> np.ndarray:
    """By jbig2dec, which knows nothing of us."""
    coded, shown = folder / "coded.jb2", folder / "shown.pbm"
    coded.write_bytes(data)
    subprocess.run(["jbig2dec", "-e", "-t", "pbm", "-o", shown, coded], check=True, capture_output=True)
    with Image.open(shown) as picture:
        return np.asarray(picture.convert("L")) < 128


def _kinds(data: bytes) -> list[int]:
    kinds, at = [], 0
    while at < len(data):
        kinds.append(data[at + 4] & 63)
        at += 11 + int.from_bytes(data[at + 7 : at + 11], "big")
    return kinds


@given(st.integers(1, 70), st.integers(1, 300), st.sampled_from([0.0, 0.02, 0.5, 0.97, 1.0]), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_any_ink_comes_back_pixel_for_pixel(tmp_path_factory, wide, high, dense, seed):
    ink = np.random.default_rng(seed).random((high, wide)) < dense
    made = jbig2_picture(ink)
    assert (made.width, made.height, made.bits) == (wide, high, 1)
    assert np.array_equal(_decoded(made.data, tmp_path_factory.mktemp("jbig2")), ink)


def test_a_page_of_writing_comes_back_pixel_for_pixel_and_takes_less_than_g4(tmp_path):
    drawn = sheets.form().pages(300)[0].image.convert("L").point(lambda value: 255 * (value > 140)).convert("1")
    ink = ~np.asarray(drawn)
    made = jbig2_picture(ink)
    assert np.array_equal(_decoded(made.data, tmp_path), ink)
    g4 = BytesIO()
    drawn.save(g4, "TIFF", compression="group4")
    assert len(made.data) < 0.75 * len(g4.getvalue())


def test_no_symbol_is_ever_made_that_could_stand_for_another():
    page = sheets.page()
    made = jbig2_picture(~np.asarray(page.image.convert("1")))
    assert _kinds(made.data) == [_PAGE, _REGION]


@pytest.mark.parametrize("profile", [Profile.BALANCED, Profile.COMPACT])
def test_a_scan_of_one_bit_is_bound_smaller_and_shown_alike_by_two_renderers(profile, tmp_path):
    scan = sheets.page().image.convert("1")
    seen = PageReading(1, *scan.size, float(sheets.DPI))
    bound = bind([(coded(scan, "g4"), seen)], RECORD, tmp_path / "out.pdf", PdfaSettings(profile=profile))
    with pikepdf.open(bound.path) as pdf:
        (picture,) = pdf.pages[0].images.values()
        assert picture.Filter == "/JBIG2Decode"
        assert "/DecodeParms" not in picture
        stream = picture.read_raw_bytes()
    assert len(stream) < len(coded(scan, "g4").data)
    ink = ~np.asarray(scan)
    assert np.array_equal(_decoded(stream, tmp_path), ink)
    with pypdfium2.PdfDocument(bound.path) as pdf:
        by_pdfium = np.asarray(pdf[0].render(scale=sheets.DPI / 72).to_pil().convert("L")) < 128
    subprocess.run(["pdfimages", "-png", bound.path, tmp_path / "poppler"], check=True)
    with Image.open(tmp_path / "poppler-000.png") as shown:
        by_poppler = np.asarray(shown.convert("L")) < 128
    assert np.array_equal(by_poppler, ink)
    assert np.mean(by_pdfium[: ink.shape[0], : ink.shape[1]] == ink[: by_pdfium.shape[0], : by_pdfium.shape[1]]) > 0.995
