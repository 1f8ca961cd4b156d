"""The whole way of a signature, judged by veraPDF and by the EU's DSS, who know nothing of us."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from domain.signatures import Verdict
from signing.verify import verify_file
from tests import judges
from tests.signing.fixtures import Hospital

LEGITIMATE = {"extension", "signature_or_form_fill"}


@pytest.mark.parametrize("signers", [1, 2, 3])
def test_a_signed_chart_is_pdf_a_and_baseline_lta_for_both_judges_and_for_us(hospital: Hospital, signers: int) -> None:
    proven = hospital.proven(signers)
    assert judges.verapdf(proven)["compliant"], judges.verapdf(proven)
    found = judges.dss(proven, hospital.authority.trust)
    assert [_summary(one) for one in found["signatures"]] == [("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])] * signers
    assert all(set(one["modifications"]) <= LEGITIMATE for one in found["signatures"])
    assert [one["indication"] for one in found["timestamps"]] == ["PASSED"] * (signers + 1)
    assert found["timestamps"][-1]["covers_whole_file"]
    ours = verify_file(proven, hospital.trust)
    assert ours.verdict is Verdict.PASSED
    assert [(one.level, one.verdict) for one in ours.signatures] == [("LTA", Verdict.PASSED)] * signers


@pytest.mark.parametrize("stage", ["bound", "fields", "signed", "proven"])
def test_the_file_is_valid_pdf_a_2u_at_every_stage(hospital: Hospital, stage: str) -> None:
    path: Path = getattr(hospital, stage)()
    verdict = judges.verapdf(path)
    assert (verdict["compliant"], verdict["profile"]) == (True, "PDF/A-2U"), verdict


def test_every_stage_only_adds_bytes_to_the_one_before(hospital: Hospital) -> None:
    stages = [hospital.bound(), hospital.fields(), hospital.signed(1), hospital.signed(2), hospital.proven(2)]
    for earlier, later in itertools.pairwise(stages):
        assert later.read_bytes().startswith(earlier.read_bytes()), later.name


def _summary(signature: dict[str, Any]) -> tuple[str, str, list[str]]:
    return signature["level"], signature["indication"], signature["errors"]
