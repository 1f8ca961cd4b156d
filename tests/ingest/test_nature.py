"""Scan or born digital: what makes a page decides, not whether its letters can be read."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from domain.documents import Nature
from ingest.inspect import inspect
from ingest.pdf import papers
from ingest.settings import IngestSettings
from tests.generator import files
from tests.ingest import samples

WHOLE = "q 595 0 0 842 0 0 cm /Im Do Q"
CURVES = "1 0 0 RG 0 0 m 100 300 400 500 500 800 c S"
HIDDEN = "BT /F 10 Tf 3 Tr 40 40 Td (Trang 1 cua 3, benh vien da khoa huyen) Tj ET"
SHORT = "BT /F 10 Tf 0 Tr 40 40 Td (ECG 25 mm/s) Tj ET"
SMALL = "q 200 0 0 280 50 50 cm /Im Do Q"
FORM = "q .5 0 0 .5 0 0 cm /Fm Do Q"
STRIPS = "".join(f"q 595 0 0 85 0 {84.2 * row} cm /Im Do Q " for row in range(10))
FOUR = "".join(f"q 280 0 0 400 {x} {y} cm /Im Do Q " for x in (10, 300) for y in (10, 430))
MADE = {
    WHOLE: Nature.SCAN,
    WHOLE + HIDDEN: Nature.SCAN,
    WHOLE + SHORT: Nature.SCAN,
    WHOLE + CURVES: Nature.SCAN,
    STRIPS: Nature.SCAN,
    STRIPS + SHORT: Nature.SCAN,
    SMALL: Nature.SCAN,
    "1 1 1 rg 0 0 595 842 re f " + SMALL: Nature.SCAN,
    FORM: Nature.TEXT,
    FORM.replace(".5", "1"): Nature.SCAN,
    CURVES: Nature.TEXT,
    SHORT: Nature.TEXT,
    SMALL + CURVES: Nature.TEXT,
    FOUR + SHORT.replace("ECG", "Sieu am o bung tong quat, gan khong to"): Nature.TEXT,
    HIDDEN: Nature.TEXT,
    "": Nature.TEXT,
}


def page(path: Path, content: str) -> Path:
    """A page with that content; /Fm is a form that holds the picture at the size of the page, and a line."""
    samples.changed(path, [samples.page()], content.encode())
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        own = document.pages[0].Resources
        own.Font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        inner = f"{WHOLE} {CURVES}".encode()
        own.XObject.Fm = document.make_stream(
            inner, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842], Resources=Dictionary(XObject=own.XObject)
        )
        document.save(path)
    return path


@pytest.mark.parametrize("content", MADE)
def test_a_page_that_only_pictures_make_is_a_scan_and_no_other(content: str, tmp_path: Path) -> None:
    assert inspect(page(tmp_path / "a", content), IngestSettings()).nature is MADE[content]


def test_text_whose_letters_nobody_knows_makes_no_scan(tmp_path: Path) -> None:
    path = files.born_digital(samples.form(), tmp_path / "a")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for item in document.objects:
            if isinstance(item, Dictionary) and item.get(Name.Type) == Name.Font and Name.ToUnicode in item:
                nowhere = b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 beginbfrange <0000> <ffff> <0000> endbfrange"
                item.ToUnicode = document.make_stream(nowhere)
        document.save(path)
    assert inspect(path, IngestSettings()).nature is Nature.TEXT


def test_among_printed_pages_scanned_ones_are_told_and_empty_ones_go_with_the_one_before(tmp_path: Path) -> None:
    contents = ["", WHOLE, "", CURVES, "", SMALL, STRIPS + HIDDEN]
    path = page(tmp_path / "a", contents[0])
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for number, content in enumerate(contents[1:]):
            other = pikepdf.open(page(tmp_path / f"{number}", content))
            document.pages.extend(other.pages)
        document.save(path)
    assert inspect(path, IngestSettings()).nature is Nature.TEXT
    assert papers(path) == {1, 2, 3, 7}
