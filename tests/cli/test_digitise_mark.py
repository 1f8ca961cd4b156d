"""What `luuky digitise` writes into its files besides pages and words."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from pdfa.mark import WORDS
from tests.cli.running import luuky
from tests.generator import files, forms, people
from tests.judges import verapdf
from tests.pdfa.test_xmp import said


def test_a_scan_says_that_it_was_paper_and_who_converted_it_and_may_carry_its_original(tmp_path):
    rng = Random(6)
    person = people.invent(rng)
    scan = files.jpeg(forms.giay_ra_vien(person, person.stays[0], rng).pages(dpi=150)[0], tmp_path / "giấy.jpg")
    born = files.born_digital(forms.don_thuoc(person, person.stays[0], rng), tmp_path / "đơn.pdf")
    house: dict[str, Any] = {"LUUKY_HOSPITAL": "Bệnh viện Đa khoa Sông Mây", "LUUKY_PDFA_VERIFY_URL": "https://kho.vn"}
    ran = luuky("digitise", scan, "-o", tmp_path / "scan.pdf", "--level", "fast", "--embed-original", **house)
    assert ran.status == 0, ran.err
    ran = luuky("digitise", born, "-o", tmp_path / "born.pdf", "--level", "fast", **house)
    assert ran.status == 0, ran.err
    with pypdfium2.PdfDocument(tmp_path / "scan.pdf") as pdf:
        shown = pdf[0].get_textpage().get_text_range()
        assert not [code for code in zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil()) if "kho.vn" in code.text]
    assert WORDS in shown
    assert "Chuyển đổi bởi: Bệnh viện Đa khoa Sông Mây" in shown
    with pypdfium2.PdfDocument(tmp_path / "born.pdf") as pdf:
        assert WORDS not in pdf[0].get_textpage().get_text_range()
    assert verapdf(tmp_path / "scan.pdf")["profile"] == "PDF/A-3U"
    assert verapdf(tmp_path / "scan.pdf")["compliant"]
    with pikepdf.open(tmp_path / "scan.pdf") as pdf:
        assert pdf.attachments["giấy.jpg"].get_file().read_bytes() == scan.read_bytes()


def test_a_pattern_for_file_codes_that_cannot_be_understood_is_refused(tmp_path):
    ran = luuky("digitise", tmp_path / "x.jpg", "-o", tmp_path / "x.pdf", LUUKY_PDFA_FILE_CODE="{patient}")
    assert ran.status == 4
    assert "LUUKY_PDFA_FILE_CODE" in ran.err


def dated(folder: Path, kind: str) -> Path:
    """A scan of a telephone's, or a file of a program's, that says when it was written."""
    rng = Random(6)
    person = people.invent(rng)
    form = forms.don_thuoc(person, person.stays[0], rng)
    if kind == "jpg":
        exif = Image.Exif()
        exif.get_ifd(0x8769).update({0x9003: "2026:03:04 05:06:07", 0x9011: "+07:00"})
        form.pages(dpi=100)[0].image.save(folder / "a.jpg", exif=exif, dpi=(100, 100))
        return folder / "a.jpg"
    path = files.born_digital(form, folder / "a.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/CreationDate"] = "D:20260304050607+07'00'"
        pdf.save(path)
    return path


@pytest.mark.parametrize("kind", ["jpg", "pdf"])
def test_a_copy_of_a_file_that_says_when_it_was_written_gives_the_same_bytes(kind: str, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    first = dated(tmp_path, kind)
    copy = shutil.copy(first, tmp_path / "copy")
    os.utime(copy, (1_000_000_000, 1_000_000_000))
    for given, out in ((first, "1.pdf"), (copy, "2.pdf")):
        assert luuky("digitise", given, "-o", tmp_path / out, "--level", "fast", LUUKY_HOSPITAL="Bệnh viện A").status == 0
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()
    with pikepdf.open(tmp_path / "1.pdf") as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260304050607+07'00'"
    assert said(tmp_path / "1.pdf").get("scanned") == ("2026-03-04T05:06:07+07:00" if kind == "jpg" else None)
    with pypdfium2.PdfDocument(tmp_path / "1.pdf") as pdf:
        assert ("Thời gian chuyển đổi: 04/03/2026 05:06:07 +07:00" in pdf[0].get_textpage().get_text_range()) is (kind == "jpg")


def test_of_a_file_that_does_not_say_it_the_last_change_counts(tmp_path: Path) -> None:
    rng = Random(6)
    person = people.invent(rng)
    scan = files.jpeg(forms.don_thuoc(person, person.stays[0], rng).pages(dpi=100)[0], tmp_path / "a.jpg")
    os.utime(scan, (1_000_000_000, 1_000_000_000))
    assert luuky("digitise", scan, "-o", tmp_path / "a.pdf", "--level", "fast").status == 0
    assert said(tmp_path / "a.pdf")["scanned"] == "2001-09-09T01:46:40+00:00"


def test_a_drawing_without_letters_stays_one_and_was_no_paper(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"0 0 1 RG 100 100 m 200 500 300 300 500 700 c S")
        pdf.save(tmp_path / "ecg.pdf")
    ran = luuky("digitise", tmp_path / "ecg.pdf", "-o", tmp_path / "out.pdf", "--level", "fast", LUUKY_HOSPITAL="Bệnh viện A")
    assert ran.status == 0, ran.err
    assert verapdf(tmp_path / "out.pdf")["compliant"]
    assert not {"converter", "scanned"} & said(tmp_path / "out.pdf").keys()
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert (len(pdf.pages[0].images), b"500 700 c" in pdf.pages[0].Contents.read_bytes()) == (0, True)


def test_a_scanned_page_among_printed_ones_gets_the_mark(tmp_path: Path) -> None:
    rng = Random(6)
    person = people.invent(rng)
    form = forms.don_thuoc(person, person.stays[0], rng)
    mixed = files.born_digital(form, tmp_path / "mixed.pdf")
    scan = files.pdf(form.pages(dpi=100)[:1], tmp_path / "scan.pdf")
    with pikepdf.open(mixed, allow_overwriting_input=True) as pdf, pikepdf.open(scan) as other:
        pdf.pages.extend(other.pages)
        pdf.save()
    ran = luuky("digitise", mixed, "-o", tmp_path / "out.pdf", "--level", "fast", LUUKY_HOSPITAL="Bệnh viện A")
    assert ran.status == 0, ran.err
    assert said(tmp_path / "out.pdf")["converter"] == "Bệnh viện A"
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as pdf:
        marks = [WORDS in page.get_textpage().get_text_range() for page in pdf]
    assert marks == [False] * (len(marks) - 1) + [True]


@pytest.mark.parametrize("kind", ["jpg", "pdf"])
def test_what_was_digitised_and_comes_again_is_kept_as_it_is(kind: str, tmp_path: Path) -> None:
    house: dict[str, Any] = {"LUUKY_HOSPITAL": "Bệnh viện A"}
    assert luuky("digitise", dated(tmp_path, kind), "-o", tmp_path / "1.pdf", "--level", "fast", **house).status == 0
    again = luuky(
        "digitise", tmp_path / "1.pdf", "-o", tmp_path / "2.pdf", "--sidecar", tmp_path / "2.json", "--level", "fast", **house
    )
    assert (again.status, "giữ nguyên từng byte" in again.err) == (0, True), again.err
    assert (tmp_path / "2.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()
    assert json.loads((tmp_path / "2.json").read_text("utf-8"))["pages"][0]["words"]
