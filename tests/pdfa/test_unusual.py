"""What programs write beside plain text and pictures ends as valid PDF/A that shows the same, by our own means alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pikepdf
import pypdfium2
import pytest
from pikepdf import Name

from domain.pages import PageReading
from pdfa.convert import convert
from pdfa.settings import PdfaSettings
from tests import judges
from tests.generator import files, unusual
from tests.pdfa import sheets

ALONE = PdfaSettings(ghostscript="")
NOTED = {
    "missing_glyph": ("level_b",),
    "hidden_notes": ("hidden_removed",),
    "media": ("media_removed",),
    "ticked_undrawn": ("form_flattened", "form_drawn"),
    "empty_fields": ("form_flattened",),
}
CHANGES = (
    "cmyk", "cmyk_jpeg", "cmyk_palette", "cmyk_shading", "cmyk_tiles", "cmyk_clear_group", "spot", "inks", "profile_broken",
    "transfer", "odd_intent", "alternates", "jpeg2000_bare", "postscript", "huge_page", "layer_views", "markup", "shapes",
    "stamp", "odd_kinds", "wrong_cid_set", "wrong_widths", "drawn_font", "permissions", *NOTED,
)  # fmt: skip
SHADES = 3.0
"""By how much colours may differ, of 255: inks that are defined go through one more conversion."""
ADDED_BY_US = {"markup", "shapes", "stamp", "ticked_undrawn", "empty_fields"}
"""What has no drawing of its own and is drawn differently by every viewer, or is shown as something to fill in."""


@cache
def base() -> Path:
    return files.born_digital(sheets.form(), Path(mkdtemp()) / "base.pdf")


@pytest.mark.parametrize("name", CHANGES)
def test_it_becomes_valid_and_shows_the_same(name: str, tmp_path: Path) -> None:
    source = tmp_path / "in.pdf"
    with pikepdf.open(base()) as pdf:
        unusual.CHANGES[name](pdf)
        pdf.save(source, deterministic_id=True)
    pages = [PageReading(number, 1240, 1754, 150.0, engine="text layer") for number in range(1, _count(source) + 1)]
    bound = convert(source, pages, sheets.RECORD, tmp_path / "out.pdf", settings=ALONE)
    assert bound.notes == NOTED.get(name, ())
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2B" if "level_b" in bound.notes else "PDF/A-2U"), verdict
    for before, after in zip(_looks(source), _looks(bound.path), strict=True):
        assert before.shape == after.shape
        if name not in ADDED_BY_US:
            assert np.abs(before - after).mean() < SHADES
            assert np.abs(before - after).max() < 40 * SHADES


def test_marks_that_have_no_drawing_get_one_that_can_be_seen(tmp_path: Path) -> None:
    source = tmp_path / "in.pdf"
    with pikepdf.open(base()) as pdf:
        unusual.shapes(pdf)
        pdf.save(source)
    bound = convert(source, [PageReading(1, 1240, 1754, 150.0, engine="text layer")], sheets.RECORD, tmp_path / "out.pdf")
    with pikepdf.open(bound.path) as pdf:
        assert all(Name.N in mark.AP for mark in pdf.pages[0].obj.Annots)
    plain, marked = next(_looks(base())), next(_looks(bound.path))
    assert np.abs(plain - marked)[842 - 92 : 842 - 58, 58:162].max() > 100


def _count(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as pdf:
        return len(pdf)


def _looks(path: Path):
    with pypdfium2.PdfDocument(path) as pdf:
        pdf.init_forms()
        for page in pdf:
            scale = min(1.0, 1500 / max(page.get_size()))
            yield np.asarray(page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB"), np.float32)
