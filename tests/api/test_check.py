"""The public page of a document: what anybody with a file in hand learns, and what nobody learns."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from api.limits import CHECKED
from api.turnstile import MOST, Turnstile
from domain.documents import State
from domain.errors import Broken
from domain.signatures import Verdict

NAME = "Nguyễn Thị Hương"


@pytest.fixture
def signed(hospital):
    patient = hospital.patient("P1", NAME, departments=("Khoa Nội tổng hợp",))
    hospital.rule()
    return hospital.paper(f"{NAME} viêm phổi", patient, State.KEPT, title="Giấy ra viện")


def contents(hospital, name):
    return hospital.store.objects.get(name)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))


def compared(guest, document, data):
    return guest.post(f"/kiem-tra/{document.id}", files={"file": ("tep.pdf", data, "application/pdf")})


def test_who_is_not_logged_in_sees_that_the_house_holds_it_and_nothing_of_the_patient(guest, hospital, signed):
    answer = guest.get(f"/kiem-tra/{signed.id}")
    assert answer.status_code == 200
    said = words(answer)
    assert "Bệnh viện có giữ tài liệu này" in said
    assert "Giấy ra viện" in said
    assert signed.current in said
    assert signed.bound in said
    assert "1 chữ ký, đều hợp lệ" in said
    for secret in (NAME, "P1", "viêm phổi", "Khoa Nội", "Trần Quốc Bảo", signed.origin.name):
        assert secret not in answer.text


def test_a_title_that_was_read_and_stands_in_no_catalogue_is_not_shown(guest, hospital):
    paper = hospital.paper("giấy", state=State.KEPT, title=f"Giấy báo của {NAME}")
    with hospital.store.write() as tx:
        facts = tx.documents.facts(paper.id)
        tx.documents.set_facts(paper.id, facts.__class__(facts.kind.__class__(None, f"Giấy báo của {NAME}")))
    answer = guest.get(f"/kiem-tra/{paper.id}")
    assert NAME not in answer.text
    assert "Giấy tờ y tế" in answer.text


def test_the_newest_bytes_are_the_very_same(guest, hospital, signed):
    assert "Đúng nguyên bản." in words(compared(guest, signed, contents(hospital, signed.current)))


def test_an_unsigned_copy_of_a_signed_document_is_told_to_be_older(guest, hospital, signed):
    assert "đã có bản mới hơn" in words(compared(guest, signed, contents(hospital, signed.bound)))


def test_the_scan_it_was_made_of_is_the_original(guest, hospital, signed):
    assert "Đúng là tệp quét gốc" in words(compared(guest, signed, contents(hospital, signed.original)))


def test_a_file_that_was_touched_is_no_version_at_all(guest, hospital, signed):
    said = words(compared(guest, signed, contents(hospital, signed.current) + b" "))
    assert "Không phải bản nào trong kho." in said


def test_a_file_of_another_document_is_not_taken_for_this_one(guest, hospital, signed):
    other = hospital.paper("khác", state=State.KEPT)
    said = words(compared(guest, signed, contents(hospital, other.current)))
    assert "không phải của mã trên" in said
    assert other.id not in said


def test_a_browser_that_hashes_by_itself_gets_the_same_answer(guest, hospital, signed):
    digest = hashlib.sha256(contents(hospital, signed.current)).hexdigest()
    assert "Đúng nguyên bản." in words(guest.get(f"/kiem-tra/{signed.id}?sha256={digest}"))
    assert "Không phải bản nào" in words(guest.get(f"/kiem-tra/{signed.id}?sha256={'0' * 64}"))
    assert "Không phải" not in words(guest.get(f"/kiem-tra/{signed.id}?sha256=<script>"))


def test_unknown_unbound_and_withdrawn_codes_get_one_and_the_same_answer(guest, hospital):
    waiting = hospital.paper("chưa đóng", state=State.FILED)
    withdrawn = hospital.paper("đã rút", state=State.KEPT)
    with hospital.store.write() as tx:
        tx.documents.move(tx.documents.get(withdrawn.id), State.WITHDRAWN, "luutru")
    answers = [guest.get(f"/kiem-tra/{code}") for code in ("khong-co", waiting.id, withdrawn.id)]
    assert {answer.status_code for answer in answers} == {404}
    pages = {re.sub(r"(khong-co|[0-9a-f]{20})", "", answer.text) for answer in answers}
    assert len(pages) == 1
    assert "Không có tài liệu nào mang mã này" in pages.pop()
    assert compared(guest, withdrawn, contents(hospital, withdrawn.current)).status_code == 404


def test_it_says_when_and_by_whom_the_paper_was_converted(guest, hospital, signed):
    with hospital.store.write() as tx:
        tx.audit.add("pdfa", "move", signed.id, start="FILED", end="BOUND", converter="Đặng Thị Mai")
    assert "Đặng Thị Mai" in words(guest.get(f"/kiem-tra/{signed.id}"))


def test_signatures_that_fail_are_called_so(guest, hospital, signed):
    hospital.verdict = Verdict.FAILED
    assert "Có chữ ký KHÔNG hợp lệ" in words(guest.get(f"/kiem-tra/{signed.id}"))


def test_a_judge_that_cannot_judge_takes_nothing_else_away(guest, hospital, signed, monkeypatch):
    def nothing(document):
        raise Broken("object_missing", "Mất tệp.", "The file is gone.")

    monkeypatch.setattr(hospital.app.state.verdicts, "_judge", nothing)
    answer = guest.get(f"/kiem-tra/{signed.id}")
    assert answer.status_code == 200
    assert "Chưa kết luận được" in words(answer)


def test_the_english_address_and_the_typed_code_lead_to_the_same_page(guest, signed):
    assert guest.get(f"/verify/{signed.id}").headers["location"] == f"/kiem-tra/{signed.id}"
    assert (
        guest.get("/kiem-tra", params={"ma": f" https://kho.vn/kiem-tra/{signed.id} "}).headers["location"]
        == f"/kiem-tra/{signed.id}"
    )
    assert guest.get("/kiem-tra").status_code == 200


def test_a_file_above_the_limit_is_refused_while_it_arrives(guest, signed):
    chunks = (b"\0" * 1_000_000 for _ in range(CHECKED // 1_000_000 + 2))
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert guest.post(f"/kiem-tra/{signed.id}", content=chunks, headers=headers).status_code == 413


def test_what_is_no_form_is_answered_without_a_comparison(guest, signed):
    answer = guest.post(f"/kiem-tra/{signed.id}", content=b"{}", headers={"content-type": "application/json"})
    assert answer.status_code == 200
    assert 'id="answer"' not in answer.text


def test_an_address_that_asks_too_often_has_to_wait(guest, signed):
    statuses = [guest.get(f"/kiem-tra/{signed.id}").status_code for _ in range(MOST + 1)]
    assert statuses == [200] * MOST + [429]


def test_a_turnstile_counts_each_address_for_itself():
    turnstile = Turnstile(most=2, seconds=1000)
    assert [turnstile.lets_in(who) for who in ("a", "a", "b", "a", "b", "b")] == [True, True, True, False, True, False]


def test_looking_leaves_no_trace_in_the_audit_log(guest, hospital, signed):
    with hospital.store.read() as tx:
        before = json.dumps([one.act for one in tx.audit.newest(1000)])
    compared(guest, signed, b"%PDF")
    with hospital.store.read() as tx:
        assert json.dumps([one.act for one in tx.audit.newest(1000)]) == before
