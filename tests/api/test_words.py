"""Words through `/api/v1` and beside a document: listed, corrected and taken back within rights, and seen wherever words are."""

from __future__ import annotations

import pytest

from domain.alto import alto
from domain.documents import State
from domain.findings import Facts, Finding, KindFinding, PatientFacts
from domain.hocr import hocr
from domain.pages import Box
from domain.people import Role
from domain.sidecar import sidecar_from_json


def address(document, page=1):
    return f"/api/v1/documents/{document.id}/pages/{page}/words"


@pytest.fixture
def clerk(hospital, browser):
    hospital.person("luutru", Role.ARCHIVE, name="Đặng Thị Mai")
    return browser("luutru")


@pytest.fixture
def paper(hospital):
    patient = hospital.patient("BN1", departments=["Khoa Nội"])
    return hospital.paper("Chẩn đoán viêm phoi nặng", patient, State.PROVEN)


def test_the_words_of_a_page_are_listed_in_the_documented_form(hospital, clerk, paper):
    value = clerk.get(address(paper)).json()
    assert set(value) == {
        "version", "document", "page", "width", "height", "seen", "words", "lines", "corrections", "people",
    }  # fmt: skip
    assert (value["document"], value["page"], value["seen"], value["corrections"]) == (paper.id, 1, 0, [])
    assert value["lines"] == [[0, 5]]
    assert value["words"][3] == {
        "text": "phoi", "box": [280.0, 100.0, 360.0, 130.0], "confidence": 0.98, "line": 1, "doubtful": False, "changed": None,
    }  # fmt: skip
    with hospital.store.read() as tx:
        assert [(one.act, one.actor, one.details) for one in tx.audit.of(paper.id, 1)] == [("view_words", "luutru", {"page": 1})]


def test_a_corrected_word_is_in_sidecar_alto_hocr_text_and_search_with_who_and_when(hospital, clerk, paper):
    answer = clerk.post(address(paper), json={"words": [3, 4], "text": "phổi", "seen": 0})
    assert answer.status_code == 200
    now = answer.json()
    assert (now["seen"], now["words"][3]["text"], now["words"][3]["changed"]["by"]) == (1, "phổi", "luutru")
    assert now["people"] == {"luutru": "Đặng Thị Mai"}
    value = clerk.get(f"/api/v1/documents/{paper.id}/sidecar").json()
    (word,) = [word for word in value["pages"][0]["words"] if "changed" in word]
    assert (word["text"], word["confidence"], word["changed"]["read"], word["changed"]["by"]) == ("phổi", 1.0, "phoi", "luutru")
    made = sidecar_from_json(value)
    for text in (alto(made), hocr(made), value["pages"][0]["text"], clerk.get(f"/records/{paper.id}").text):
        assert "phổi" in text
    hospital.find_all()
    (hit,) = clerk.get("/api/v1/search?q=viêm phổi").json()["hits"]
    assert (hit["document"], len(hit["boxes"])) == (paper.id, 2)


def test_what_was_read_before_is_no_longer_found_and_found_again_once_it_is_taken_back(hospital, clerk):
    paper = hospital.paper("khoa ngoai lau hai", hospital.patient("BN1"), State.PROVEN)
    clerk.post(address(paper), json={"words": [2, 4], "text": "tầng ba", "seen": 0})
    hospital.find_all()
    assert clerk.get("/api/v1/search?q=lau hai").json()["total"] == 0
    assert clerk.get("/api/v1/search?q=tang ba").json()["total"] == 1
    taken = clerk.post(f"{address(paper)}/take-back", json={"number": 1, "seen": 1}).json()
    assert [(one["number"], one["text"], one["takes_back"], one["stands"], one["holds"]) for one in taken["corrections"]] == [
        (1, "tầng ba", None, False, False),
        (2, None, 1, False, False),
    ]
    hospital.find_all()
    assert clerk.get("/api/v1/search?q=lau hai").json()["total"] == 1


def test_a_correction_on_a_page_that_somebody_else_corrected_meanwhile_changes_nothing(clerk, paper):
    clerk.post(address(paper), json={"words": [3, 4], "text": "phổi", "seen": 0})
    late = clerk.post(address(paper), json={"words": [3, 4], "text": "phối", "seen": 0})
    assert (late.status_code, late.json()["code"]) == (409, "stale")
    assert clerk.get(address(paper)).json()["words"][3]["text"] == "phổi"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"words": [3, 4], "text": " ", "seen": 0}, "bad_text"),
        ({"words": [4, 9], "text": "x", "seen": 0}, "not_one_line"),
        ({"words": [3, 10**15], "text": "x", "seen": 0}, "not_one_line"),
        ({"words": [3], "text": "x", "seen": 0}, "invalid"),
        ({"words": [3, 4], "seen": 0}, "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_code(clerk, paper, asked, code):
    answer = clerk.post(address(paper), json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_page_that_is_not_there_is_not_found(clerk, paper):
    assert clerk.get(address(paper, 2)).status_code == 404
    assert clerk.post(address(paper, 2), json={"words": [0, 1], "text": "x", "seen": 0}).status_code == 404


RIGHTS = (
    (Role.ARCHIVE, (), State.PROVEN, 200), (Role.DOCTOR, ("Khoa Nội",), State.KEPT, 200),
    (Role.ARCHIVE, (), State.KEPT, 404), (Role.DOCTOR, ("Khoa Nhi",), State.KEPT, 404),
    (Role.CLINICIAN, ("Khoa Nội",), State.KEPT, 403), (Role.ADMINISTRATOR, (), State.PROVEN, 403),
    (Role.AUDITOR, (), State.PROVEN, 403),
)  # fmt: skip


@pytest.mark.parametrize("asking", RIGHTS)
def test_archive_staff_and_doctors_correct_what_they_may_see_and_nobody_else_does(hospital, browser, asking):
    role, departments, state, status = asking
    document = hospital.paper("một hai", hospital.patient("BN1", departments=["Khoa Nội"]), state)
    hospital.person("ai", role, departments)
    client = browser("ai")
    assert client.post(address(document), json={"words": [0, 1], "text": "mốt", "seen": 0}).status_code == status
    with hospital.store.read() as tx:
        assert tx.pages.reading(document.id).pages[0].text == ("mốt hai" if status == 200 else "một hai")
        number = len(tx.words.of(document.id))
    asked = {"number": 1, "seen": number}
    assert client.post(f"{address(document)}/take-back", json=asked).status_code == status
    assert client.get(f"/words/{document.id}").status_code == status


def test_a_deed_without_the_sessions_token_is_refused(hospital, clerk, paper):
    del clerk.headers["X-CSRF-Token"]
    assert clerk.post(address(paper), json={"words": [3, 4], "text": "phổi", "seen": 0}).status_code == 403


def test_a_clinician_reads_corrected_words_and_is_offered_no_pen(hospital, browser, clerk, paper):
    clerk.post(address(paper), json={"words": [3, 4], "text": "phổi", "seen": 0})
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    client = browser("noi")
    assert "pen.js" not in client.get(f"/records/{paper.id}").text
    assert "viêm phổi nặng" in client.get(f"/records/{paper.id}/words/1").text
    assert client.get(f"/records/{paper.id}/words/2").status_code == 404
    assert client.get(f"/words/{paper.id}/doubtful").status_code == 403
    assert client.get(address(paper)).json()["words"][3]["text"] == "phổi"


def test_beside_the_paper_stands_what_was_corrected_and_it_can_be_taken_back_there(clerk, paper):
    clerk.post(address(paper), json={"words": [3, 4], "text": "phổi", "seen": 0})
    page = clerk.get(f"/records/{paper.id}").text
    assert "<del>phoi</del> <ins>phổi</ins>" in page
    assert "Đặng Thị Mai" in page
    taken = clerk.post(f"/words/{paper.id}/take-back", data={"page": 1, "number": 1, "seen": 1})
    assert taken.headers["hx-trigger"] == '{"luuky:taken": 1}'
    assert "phổi" not in taken.text
    assert clerk.get(address(paper)).json()["words"][3]["text"] == "phoi"


def test_a_fact_taken_from_corrected_words_is_offered_and_changed_only_when_a_person_says_so(hospital, clerk):
    box = Box(190, 100, 450, 130)
    facts = Facts(
        KindFinding("01/BV-01", "Giấy ra viện", None, 0.95),
        PatientFacts(Finding("Lê Văn Tam", 0.9, 1, box, "Họ tên: Lê Văn Tam")),
    )
    document = hospital.paper("Họ tên: Lê Văn Tam", None, State.NEEDS_REVIEW, facts=facts)
    assert "lấy từ chỗ vừa sửa" not in clerk.get(f"/review/{document.id}").text
    clerk.post(address(document), json={"words": [4, 5], "text": "Tám", "seen": 0})
    side = clerk.get(f"/words/{document.id}").text
    assert "Mục Họ tên lấy từ chỗ vừa sửa." in side
    assert 'name="value" value="Lê Văn Tám"' in side
    with hospital.store.read() as tx:
        assert tx.documents.facts(document.id) == facts
    said = {"fact": "name", "value": "Lê Văn Tám", "version": document.version}
    assert clerk.post(f"/review/{document.id}/correct", data=said).status_code == 303
    assert "lấy từ chỗ vừa sửa" not in clerk.get(f"/review/{document.id}").text
    with hospital.store.read() as tx:
        assert tx.documents.facts(document.id).patient.name.value == "Lê Văn Tám"


def test_whoever_keeps_the_fact_as_it_is_is_not_asked_again(hospital, clerk):
    name = Finding("Lê Văn Tam", 0.9, 1, Box(190, 100, 450, 130), "Họ tên: Lê Văn Tam")
    facts = Facts(KindFinding("01/BV-01", "Giấy ra viện", None, 0.95), PatientFacts(name))
    document = hospital.paper("Họ tên: Lê Văn Tam", hospital.patient("BN1"), State.FILED, facts=facts)
    clerk.post(address(document), json={"words": [4, 5], "text": "Tám", "seen": 0})
    kept = {"fact": "name", "value": "Lê Văn Tam", "version": document.version}
    assert clerk.post(f"/review/{document.id}/correct", data=kept).status_code == 303
    assert "lấy từ chỗ vừa sửa" not in clerk.get(f"/records/{document.id}").text
