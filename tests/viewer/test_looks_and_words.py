"""Bound documents as people meet them: in three renderers they look like the scan, and in a viewer their words can be selected,
copied and found, with their tones and in the order in which they stand.
"""

from __future__ import annotations

import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from pdfa import mark
from pdfa.bind import bind
from pdfa.convert import convert
from tests.generator import files
from tests.pdfa import sheets
from tests.pdfa.sheets import RECORD, coded, reading
from tests.signing.fixtures import Hospital as Authority
from tests.viewer import Viewer, elsewhere
from tests.viewer.conftest import Opened

Grey = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
WIDTH = 400
"""Pixels across, at which pictures are compared."""
SEARCHED = ("giấy ra viện", "chẩn đoán")
NEVER_THERE = ("giầy ra viên", "chân đoan")
"""The same with other tones: found by nobody who counts them."""


def scan(form: str, mode: str = "RGB", **options: object) -> Callable[[Path], Path]:
    """A form of a scanner's."""
    page = sheets.page()
    return lambda out: bind([(coded(page.image.convert(mode), form, **options), reading(page))], RECORD, out).path


def turned(rotation: int, skew: float) -> Callable[[Path], Path]:
    """A scan that leans, from a feeder that took it by another side."""

    def made(out: Path) -> Path:
        leaning = sheets.page(skew)
        stored = leaning.image.rotate(rotation, expand=True)
        return bind([(coded(stored, "jpeg"), reading(leaning, rotation, skew))], RECORD, out).path

    return made


def printed(out: Path) -> Path:
    """A file with letters of its own."""
    source = files.born_digital(sheets.form(), out.with_suffix(".source.pdf"))
    own = replace(reading(sheets.page()), engine="text layer")
    return convert(source, [own] * len(sheets.form().pages(dpi=20)), RECORD, out).path


DOCUMENTS: dict[str, Callable[[Path], Path]] = {
    "JPEG in colour": scan("jpeg"),
    "JPEG in grey": scan("jpeg", "L"),
    "progressive JPEG": scan("jpeg", progressive=True),
    "CCITT G4": scan("g4", "1"),
    "PNG in colour": scan("png"),
    "PNG of one bit": scan("png", "1"),
    "JPEG 2000": scan("jp2"),
    "leaning": turned(0, 2.0),
    "through the feeder by the side": turned(90, 0.0),
    "upside down and leaning": turned(180, -1.5),
    "printed": printed,
}


@pytest.mark.parametrize("name", [*DOCUMENTS, "signed, B-LTA"])
def test_a_bound_document_looks_alike_everywhere_and_its_words_are_copied_and_found(
    name: str, tmp_path: Path, hospital: Authority, viewer: Viewer, address_of: Opened
) -> None:
    path = elsewhere(hospital.proven) if name not in DOCUMENTS else DOCUMENTS[name](tmp_path / "out.pdf")
    address = address_of(path)
    pictures = {"pdfium": by_pdfium(path), "poppler": by_poppler(path), "pdf.js": by_pdfjs(viewer, address)}
    for one in ("poppler", "pdf.js"):
        assert alike(ink(pictures["pdfium"]), ink(pictures[one])) > 0.95, one

    assert viewer.says("shows", address) >= 1
    copied = viewer.says("copies").partition(mark.WORDS)[0]
    assert unicodedata.is_normalized("NFC", copied)
    assert copied.split() == [word.text for word in sheets.page().words]
    assert [viewer.says("finds", text) > 0 for text in SEARCHED] == [True, True]
    assert [viewer.says("finds", text) for text in NEVER_THERE] == [0, 0]


def alike(one: Grey, other: Grey) -> float:
    """How the ink of two pictures agrees (1: it is the same), the one laid on the other as well as it fits to a pixel."""
    high = min(len(one), len(other))
    places = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1)]
    return float(max(np.corrcoef(np.roll(one[:high], at, (0, 1)).ravel(), other[:high].ravel())[0, 1] for at in places))


def by_pdfium(path: Path) -> Image.Image:
    with pypdfium2.PdfDocument(path) as pdf:
        picture: Image.Image = pdf[0].render(scale=1.4).to_pil().convert("L")
        return picture


def by_poppler(path: Path) -> Image.Image:
    drawn = subprocess.run(["pdftoppm", "-r", "100", "-l", "1", "-png", path], capture_output=True, check=True)
    return Image.open(BytesIO(drawn.stdout)).convert("L")


def by_pdfjs(viewer: Viewer, address: str) -> Image.Image:
    viewer.opens(address)
    return viewer.drawn()


def ink(picture: Image.Image) -> Grey:
    """At a size at which it does not matter how each draws an edge."""
    soft = picture.filter(ImageFilter.GaussianBlur(2)).resize((WIDTH, round(WIDTH * picture.height / picture.width)))
    return 255 - np.asarray(soft, dtype=float)
