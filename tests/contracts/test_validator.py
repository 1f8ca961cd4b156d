"""What every judge of PDF/A promises: `pdfa.validator.Validator`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf.pdfa
import pytest

from pdfa.bind import bind
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement, Validator
from pdfa.verapdf import VeraPdf
from tests import judges
from tests.pdfa import sheets
from tests.signing.fixtures import Hospital


@pytest.fixture(scope="module", params=["pikepdf", "veraPDF"])
def judge(request: pytest.FixtureRequest) -> Iterator[Validator]:
    if request.param == "pikepdf":
        yield PikepdfCheck()
    else:
        with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"))) as vera:
            yield vera


def test_a_valid_file_is_called_compliant(judge: Validator, tmp_path: Path) -> None:
    path = tmp_path / "Hồ sơ bệnh án.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pikepdf.pdfa.save(pdf, path, "2b")
    verdict = judge.judge(path)
    assert (verdict.compliant, verdict.profile, verdict.failed_rules) == (True, "PDF/A-2B", ())


def test_a_file_of_an_earlier_part_is_judged_by_that_part(judge: Validator, tmp_path: Path) -> None:
    path = tmp_path / "old.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pikepdf.pdfa.save(pdf, path, "1b")
    assert judge.judge(path).profile == "PDF/A-1B"
    assert judge.judge(path).compliant


def test_a_bound_scan_is_never_called_broken(judge: Validator, tmp_path: Path) -> None:
    page = sheets.page()
    bound = bind([(sheets.coded(page.image, "jpeg"), sheets.reading(page))], sheets.RECORD, tmp_path / "out.pdf")
    verdict = judge.judge(bound.path)
    assert verdict.compliant is not False
    assert verdict.failed_rules == ()


def test_what_signing_adds_to_a_bound_scan_is_never_called_broken(judge: Validator, hospital: Hospital) -> None:
    for path in (hospital.fields(), hospital.signed(2), hospital.proven(2)):
        verdict = judge.judge(path)
        assert verdict.compliant is not False, verdict
        assert verdict.failed_rules == ()


def test_a_broken_rule_is_named_by_clause_and_test(judge: Validator, tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    verdict = judge.judge(path)
    assert verdict.compliant is False
    assert "6.6.2.1-1" in verdict.failed_rules


@pytest.mark.parametrize("content", [b"", b"no PDF at all"])
def test_what_is_no_pdf_gets_no_verdict(judge: Validator, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(content)
    assert judge.judge(path).compliant is None


def test_a_missing_file_gets_no_verdict(judge: Validator, tmp_path: Path) -> None:
    assert judge.judge(tmp_path / "none.pdf").compliant is None


def test_without_verapdf_installed_there_is_no_verdict(tmp_path: Path) -> None:
    for settings in (PdfaSettings(), PdfaSettings(verapdf=tmp_path)):
        with VeraPdf(settings) as vera:
            assert not vera.installed
            assert vera.judge(tmp_path / "any.pdf") == Judgement(None, None, (), "veraPDF")
            assert vera.version == ""


def test_verapdf_answers_again_after_its_process_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pikepdf.pdfa.save(pdf, path, "2b")
    with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"))) as vera:
        assert vera.judge(path).compliant
        assert vera._process is not None
        vera._process.kill()
        assert [vera.judge(path).compliant for _ in range(2)][-1]
