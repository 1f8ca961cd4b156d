"""The judge's own process is killed, hangs, or runs out of memory on a bomb: a verdict at most is lost, never a document."""

from __future__ import annotations

import os
import signal
import threading
import zlib
from pathlib import Path

import pikepdf
import pytest

from pdfa.bind import bind
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement, first_verdict
from pdfa.verapdf import VeraPdf
from tests import judges
from tests.pdfa import sheets

SLEEPING = Path(__file__).parents[1] / "fakes" / "sleeping_java"
NOTHING = (None, None, ())


@pytest.fixture
def bound(tmp_path: Path) -> Path:
    page = sheets.page()
    return bind([(sheets.coded(page.image, "jpeg"), sheets.reading(page))], sheets.RECORD, tmp_path / "bound.pdf").path


def test_a_judge_killed_at_its_work_is_started_again_and_says_its_verdict(bound):
    with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"))) as vera:
        killer = threading.Thread(target=_kill_the_first, args=(vera,))
        killer.start()
        verdict = vera.judge(bound)
        killer.join()
        assert vera._process is not None
        assert vera._process.poll() is None
    assert (verdict.compliant, verdict.judge, verdict.version) == (True, "veraPDF", "1.30")


def test_a_judge_that_never_answers_is_ended_and_the_file_is_not_checked(bound, tmp_path):
    vera = VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"), java=str(SLEEPING), verapdf_seconds=0.4))
    assert _said(vera.judge(bound)) == NOTHING
    assert vera._process is None
    assert _said(first_verdict([vera, PikepdfCheck()], bound)) == NOTHING
    assert first_verdict([vera, PikepdfCheck()], bound).judge == "veraPDF"


def test_a_file_that_takes_all_memory_costs_its_own_verdict_only(bound, tmp_path):
    with VeraPdf(PdfaSettings(verapdf=judges.home("verapdf"), verapdf_seconds=60)) as vera:
        assert _said(vera.judge(_bomb(tmp_path))) == NOTHING
        assert vera.judge(bound).compliant


def _kill_the_first(vera: VeraPdf) -> None:
    """While it is still getting ready to read the file it was given."""
    while vera._process is None:
        threading.Event().wait(0.01)
    os.kill(vera._process.pid, signal.SIGKILL)


def _bomb(folder: Path) -> Path:
    """A page whose instructions, 60 kB in the file, are thirty million numbers for whoever reads them."""
    path = folder / "bomb.pdf"
    press = zlib.compressobj(9)
    packed = b"".join(press.compress(text) for text in (b"[", *([b"1 " * (1 << 19)] * 60))) + press.flush()
    with pikepdf.new() as pdf:
        pdf.add_blank_page().Contents = pdf.make_stream(packed, Filter=pikepdf.Name.FlateDecode)
        pdf.save(path)
    return path


def _said(verdict: Judgement) -> tuple[bool | None, str | None, tuple[str, ...]]:
    return verdict.compliant, verdict.profile, verdict.failed_rules
