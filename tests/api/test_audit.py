"""Whoever reads a paper, searches or downloads leaves a line in the log."""

from __future__ import annotations

import pytest

from domain.documents import State
from domain.people import Role


@pytest.fixture
def reader(hospital, browser):
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",), "BS. Lan")
    return browser("noi")


@pytest.fixture
def paper(hospital):
    document = hospital.paper("viêm phổi thùy", hospital.patient("BN1", "Nguyễn Thị Hương", ["Khoa Nội"]))
    hospital.find_all()
    return document


def noted(hospital, act):
    with hospital.store.read() as tx:
        return [one for one in tx.audit.newest(200) if one.act == act and one.actor == "noi"]


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("/documents/{id}/pages/1/image", "view_page"),
        ("/records/{id}", "view_document"),
        ("/records/{id}/words/1", "view_words"),
        ("/documents/{id}/pdf", "download_pdf"),
        ("/documents/{id}/sidecar", "download_sidecar"),
        ("/api/v1/documents/{id}", "view_document"),
        ("/api/v1/documents/{id}/sidecar", "download_sidecar"),
        ("/api/v1/documents/{id}/verification", "verify_document"),
    ],
)
def test_every_reading_of_a_paper_is_noted_with_who_and_what(hospital, reader, paper, path, act):
    assert reader.get(path.format(id=paper.id)).status_code == 200
    assert [one.object for one in noted(hospital, act)] == [paper.id]


def test_a_page_that_was_seen_is_noted_with_its_number(hospital, reader, paper):
    reader.get(f"/documents/{paper.id}/pages/1/image")
    assert noted(hospital, "view_page")[0].details == {"page": 1}


@pytest.mark.parametrize("path", ["/find?q=viem phoi", "/api/v1/search?q=viem phoi"])
def test_every_search_is_noted_with_its_words_and_how_many_pages_answered(hospital, reader, paper, path):
    assert reader.get(path).status_code == 200
    details = noted(hospital, "search")[0].details
    assert details["query"] == "viem phoi"
    assert details["total"] == 1


def test_printing_is_noted(hospital, reader, paper):
    assert reader.post(f"/documents/{paper.id}/printed").status_code == 204
    assert [one.object for one in noted(hospital, "print_page")] == [paper.id]


def test_a_refused_look_is_not_noted_as_a_look(hospital, reader):
    hidden = hospital.paper("khoa khác", hospital.patient("BN2", "B", ["Khoa Nhi"]))
    assert reader.get(f"/documents/{hidden.id}/pages/1/image").status_code == 404
    assert noted(hospital, "view_page") == []


def test_a_record_shows_who_has_looked(hospital, reader, paper):
    reader.get(f"/documents/{paper.id}/pages/1/image")
    assert "BS. Lan" in reader.get(f"/records/{paper.id}").text.split("Ai đã xem")[1]


def test_the_auditor_reads_the_log_and_verifies_it(hospital, reader, paper, browser):
    reader.get(f"/records/{paper.id}")
    hospital.person("kiem", Role.AUDITOR)
    auditor = browser("kiem")
    page = auditor.get("/admin/audit?who=lan").text
    assert "BS. Lan" in page
    assert paper.id in page
    assert "Nhật ký nguyên vẹn" in auditor.post("/admin/audit/verify").text
    hospital.faults = ("link 3 was altered",)
    assert "link 3 was altered" in auditor.post("/admin/audit/verify").text


def test_reading_the_log_is_noted_too(hospital, browser):
    hospital.person("kiem", Role.AUDITOR)
    browser("kiem").get("/admin/audit")
    with hospital.store.read() as tx:
        assert tx.audit.newest(1)[0].act == "read_audit"


def test_pages_seen_before_signing_are_noted(hospital, browser):
    hospital.person("bacsi", Role.DOCTOR, ("Khoa Nội",))
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    with hospital.store.read() as tx:
        signature = tx.signing.of(document.id)[0]
    assert browser("bacsi").post(f"/sign/{signature.id}/seen", data={"page": 1}).status_code == 204
    with hospital.store.read() as tx:
        assert tx.signing.get(signature.id).seen == (1,)
        assert tx.audit.of(document.id)[0].act == "saw_page_before_signing"
