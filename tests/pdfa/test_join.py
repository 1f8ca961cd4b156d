"""Scanned pages and pages of PDF files with text of their own become one document, in order."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from domain.errors import Refused
from domain.pages import PageReading
from pdfa.join import Drawn, Picked, Scanned, join
from tests import judges
from tests.generator import files, unusual
from tests.pdfa import sheets

OWN_TEXT = PageReading(1, 1240, 1754, 150.0, engine="text layer")


def _scan() -> Scanned:
    page = sheets.page()
    return Scanned([(sheets.coded(page.image, "jpeg"), sheets.reading(page))])


def _printed(path: Path, pages: int = 3) -> Path:
    files.born_digital(sheets.form(), path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for number in range(2, pages + 1):
            pdf.pages.append(pdf.pages[0])
            pdf.pages[-1].contents_add(b"q 1 0 0 rg 0 0 %d 10 re f Q" % (10 * number))
        pdf.save()
    return path


def test_scans_keep_their_pictures_and_printed_pages_their_letters_in_the_order_that_was_asked_for(tmp_path: Path) -> None:
    printed = Drawn(_printed(tmp_path / "in.pdf"), [Picked(3, OWN_TEXT, turn=90), Picked(1, OWN_TEXT)])
    bound = join([_scan(), printed, _scan()], sheets.RECORD, tmp_path / "out.pdf")
    verdict = judges.verapdf(bound.path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict
    with pikepdf.open(bound.path) as pdf:
        assert [len(page.images) for page in pdf.pages] == [1, 0, 0, 1]
        assert [int(page.obj.get(Name.Rotate, 0)) for page in pdf.pages] == [0, 90, 0, 0]
        pdf.pages[1].contents_coalesce()
        assert b"0 0 30 10 re" in pdf.pages[1].Contents.read_bytes()
        assert str(pdf.docinfo.Title) == sheets.RECORD.title
    for page in range(1, 5):
        text = subprocess.run(
            ["pdftotext", "-f", str(page), "-l", str(page), bound.path, "-"], check=True, capture_output=True, text=True
        )
        assert "HUỲNH THỊ MAI" in text.stdout


def test_the_same_parts_give_the_same_bytes(tmp_path: Path) -> None:
    source = _printed(tmp_path / "in.pdf")
    made = [
        join([_scan(), Drawn(source, [Picked(2, OWN_TEXT)])], sheets.RECORD, tmp_path / name).sha256
        for name in ("a.pdf", "b.pdf")
    ]
    assert made[0] == made[1]


def test_what_is_hidden_in_one_part_stays_hidden_and_bookmarks_lead_where_they_led(tmp_path: Path) -> None:
    source = _printed(tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        unusual.layers(pdf)
        unusual.labels_and_outline(pdf)
        pdf.save()
    bound = join([_scan(), Drawn(source, [Picked(2, OWN_TEXT), Picked(1, OWN_TEXT)])], sheets.RECORD, tmp_path / "out.pdf")
    assert judges.verapdf(bound.path)["compliant"]
    with pikepdf.open(bound.path) as pdf, pdf.open_outline() as outline:
        assert [str(group.Name) for group in pdf.Root.OCProperties.D.OFF] == ["Nháp"]
        where = outline.root[0].destination
        assert isinstance(where, Array)
        assert where[0].objgen == pdf.pages[2].objgen


def test_what_acts_or_is_attached_in_a_part_is_left_out_and_said(tmp_path: Path) -> None:
    source = _printed(tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        unusual.scripts(pdf)
        unusual.attached(pdf)
        pdf.save()
    bound = join([_scan(), Drawn(source, [Picked(1, OWN_TEXT)])], sheets.RECORD, tmp_path / "out.pdf")
    assert set(bound.notes) == {"javascript_removed", "attachments_removed"}


def test_a_signed_part_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    source = _printed(tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        value = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=[0, 1, 2, 3], Contents=pikepdf.String("x")))
        field = pdf.make_indirect(Dictionary(FT=Name.Sig, T=pikepdf.String("s"), V=value))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
        pdf.save()
    with pytest.raises(Refused) as caught:
        join([_scan(), Drawn(source, [Picked(1, OWN_TEXT)])], sheets.RECORD, tmp_path / "out.pdf")
    assert caught.value.message.code == "signed"
    assert [path.name for path in tmp_path.iterdir()] == ["in.pdf"]
