"""What a judge of PDF/A said of a document's versions, in plain words, and how many nobody has judged."""

from __future__ import annotations

import pytest

from domain.documents import State
from domain.people import Role
from storage.proofs import Proofs

PASSED = {"compliant": True, "profile": "PDF/A-2U", "failed_rules": [], "judge": "veraPDF", "judge_version": "1.30"}
FAILED = {**PASSED, "compliant": False, "failed_rules": ["6.1.2-1", "6.2.4.3-2"]}
SILENT = {**PASSED, "compliant": None, "profile": None}
OWN = {**PASSED, "judge": "pikepdf", "judge_version": ""}


@pytest.fixture
def archive(hospital, browser):
    hospital.person("mai", Role.ARCHIVE)
    return browser("mai")


@pytest.fixture
def paper(hospital):
    return hospital.paper("viêm phổi", hospital.patient("BN1"), State.BOUND)


def says(hospital, report):
    with hospital.store.write() as tx:
        (version,) = Proofs(tx.connection).open()
        Proofs(tx.connection).keep(version, report, "judge")


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (PASSED, "Đạt PDF/A-2U — veraPDF 1.30"),
        (FAILED, "Không đạt PDF/A-2U: điều 6.1.2-1, 6.2.4.3-2 — veraPDF 1.30"),
        (SILENT, "Chưa kiểm định (veraPDF 1.30 không kết luận được)"),
        (OWN, "Chưa kiểm định"),
        (None, "Chưa kiểm định"),
    ],
)
def test_the_record_says_of_each_version_what_the_judge_said(hospital, archive, paper, report, words):
    if report:
        says(hospital, report)
    page = archive.get(f"/records/{paper.id}").text
    assert f">{words}</span>" in page


def test_today_counts_what_is_not_checked_and_what_failed(hospital, archive, paper):
    assert "1 tài liệu chưa kiểm định PDF/A" in archive.get("/").text
    says(hospital, FAILED)
    assert "1 tài liệu không đạt PDF/A" in archive.get("/").text
    says(hospital, PASSED)
    assert "Mọi bản PDF/A đã kiểm định" in archive.get("/").text


def test_what_was_bound_anew_no_longer_counts(hospital, paper):
    says(hospital, FAILED)
    with hospital.store.write() as tx:
        tx.documents.add_version(paper.id, "bound", "1" * 64, PASSED)
        assert Proofs(tx.connection).counts().failed == 0


def test_machines_are_told_too(archive, paper):
    found = archive.get(f"/api/v1/documents/{paper.id}/verification").json()
    assert found["pdfa"] == {"claimed": "PDF/A-2U", "valid": None}


def test_what_each_rule_saw_is_said_in_plain_words_and_for_experts(archive, paper):
    rule = archive.get(f"/api/v1/documents/{paper.id}/verification").json()["signatures"][0]["rules"][1]
    assert rule["evidence"] == "LTA_UPDATES"
    assert rule["words"]["vi"].startswith("Sau chữ ký này, nội dung không thay đổi")
    assert rule["words"]["en"].startswith("The content did not change")
    shown = archive.get(f"/records/{paper.id}/verdict").text
    assert f'{rule["words"]["vi"]}<small lang="en">later_changes: LTA_UPDATES</small>' in shown
