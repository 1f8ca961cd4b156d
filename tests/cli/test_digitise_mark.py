"""What `luuky digitise` writes into its files besides pages and words."""

from __future__ import annotations

from random import Random
from typing import Any

import pikepdf
import pypdfium2
import zxingcpp

from pdfa.mark import WORDS
from tests.cli.running import luuky
from tests.generator import files, forms, people
from tests.judges import verapdf


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
        said = pdf[0].get_textpage().get_text_range()
        assert not [code for code in zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil()) if "kho.vn" in code.text]
    assert WORDS in said
    assert "Chuyển đổi bởi: Bệnh viện Đa khoa Sông Mây" in said
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
