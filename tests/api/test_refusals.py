"""At the screens: refusing to sign, asking again, taking back, making void, and what everybody sees afterwards."""

from __future__ import annotations

import pytest

from domain.documents import State
from domain.people import Role
from domain.signatures import SigningRule

WHY = "Lập nhầm người bệnh"


@pytest.fixture
def doctor(hospital, browser):
    hospital.person("bs", Role.DOCTOR, ("Khoa Nội",), "BS. Bảo")
    return browser("bs")


@pytest.fixture
def clerk(hospital, browser):
    hospital.person("mai", Role.ARCHIVE)
    return browser("mai")


def paper(hospital, state=State.AWAITING_SIGNATURE, **more):
    return hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), state, **more)


def signature_of(hospital, document, field="TacGia"):
    with hospital.store.read() as tx:
        return next(one for one in tx.signing.of(document.id) if one.field == field)


def state_of(hospital, document):
    with hospital.store.read() as tx:
        return tx.documents.get(document.id).state


def signed(doctor, guest, signature):
    device = guest.post("/api/v1/agent/pair", json={"code": code(doctor), "name": "PC"}).json()["device"]
    doctor.post(f"/sign/{signature.id}/seen", data={"page": 1})
    assert doctor.post("/sign/jobs", data={"items": [signature.id]}).status_code == 303
    (job,) = guest.get("/api/v1/agent/jobs", headers={"x-device": device}).json()["jobs"]
    guest.post(f"/api/v1/agent/results/{job['id']}", json={}, headers={"x-device": device})


def code(doctor):
    assert "ABCD-2345" in doctor.post("/sign/pair").text
    return "ABCD-2345"


def test_a_refused_document_leaves_the_queue_and_archive_asks_again(hospital, doctor, clerk):
    document = paper(hospital)
    signature = signature_of(hospital, document)
    assert "Từ chối ký" in doctor.get("/sign").text
    assert doctor.post(f"/sign/{signature.id}/refuse", data={"why": WHY}).status_code == 303
    assert document.id not in doctor.get("/sign").text
    page = clerk.get(f"/review/{document.id}").text
    assert f"BS. Bảo từ chối ký (Người lập hồ sơ): {WHY}" in page
    assert "Hỏi ký lại như cũ" in page
    with hospital.store.read() as tx:
        version = tx.documents.get(document.id).version
    assert clerk.post(f"/review/{document.id}/ask-again", data={"version": version - 1}).status_code == 409
    assert clerk.post(f"/review/{document.id}/ask-again", data={"version": version}).status_code == 303
    assert document.id in doctor.get("/sign").text


def test_a_refusal_needs_a_reason_and_the_right_to_sign(hospital, doctor, browser):
    document = paper(hospital)
    signature = signature_of(hospital, document)
    hospital.person("nhi", Role.DOCTOR, ("Khoa Nhi",))
    assert doctor.post(f"/sign/{signature.id}/refuse", data={"why": " "}).status_code == 422
    assert browser("nhi").post(f"/sign/{signature.id}/refuse", data={"why": WHY}).status_code == 422
    assert state_of(hospital, document) is State.AWAITING_SIGNATURE


def test_a_second_click_on_refuse_changes_nothing_more(hospital, doctor):
    document = paper(hospital)
    signature = signature_of(hospital, document)
    answers = [doctor.post(f"/sign/{signature.id}/refuse", data={"why": WHY}).status_code for _ in range(2)]
    assert answers == [303, 422]
    with hospital.store.read() as tx:
        assert [one.act for one in tx.audit.of(document.id)].count("refuse_signature") == 1


def test_the_own_signature_is_taken_back_on_the_signing_screen_and_the_record_says_so(hospital, doctor, guest):
    document = paper(hospital)
    signature = signature_of(hospital, document)
    signed(doctor, guest, signature)
    assert f'data-recall="{signature.id}"' in doctor.get("/sign").text
    assert "Thu hồi chữ ký" in doctor.get(f"/records/{document.id}").text
    answers = [doctor.post(f"/sign/{signature.id}/recall", data={"why": "ký nhầm"}).status_code for _ in range(2)]
    assert answers == [303, 422]
    assert state_of(hospital, document) is State.AWAITING_SIGNATURE
    page = doctor.get(f"/records/{document.id}").text
    assert "Chữ ký đã thu hồi" in page
    assert "ký nhầm" in page
    assert f'data-recall="{signature.id}"' not in doctor.get("/sign").text


def test_a_void_document_says_so_wherever_it_is_shown_and_stays_findable(hospital, doctor, guest):
    document = paper(hospital, State.KEPT)
    assert "Ký hủy tài liệu" not in doctor.get(f"/records/{document.id}").text
    assert doctor.post(f"/records/{document.id}/void", data={"why": WHY}).status_code == 422
    with hospital.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    assert "Ký hủy tài liệu" in doctor.get(f"/records/{document.id}").text
    assert doctor.post(f"/records/{document.id}/void", data={"why": WHY}).status_code == 303
    assert doctor.post(f"/records/{document.id}/void", data={"why": WHY}).status_code == 422
    assert "KÝ HỦY" in doctor.get("/sign").text
    assert "Đang chờ ký hủy" in doctor.get(f"/records/{document.id}").text
    assert "đã bị hủy" not in guest.get(f"/kiem-tra/{document.id}").text
    signed(doctor, guest, signature_of(hospital, document, "HuyBo"))
    hospital.find_all()
    record, check = doctor.get(f"/records/{document.id}").text, guest.get(f"/kiem-tra/{document.id}").text
    assert f"Lý do: {WHY}." in record
    assert "BS. Bảo" in record
    assert "đã bị hủy" in check
    assert WHY not in check
    assert "ĐÃ HỦY" in doctor.get("/find?q=giấy").text
    assert "ĐÃ HỦY" in doctor.get("/records").text
    assert [one["void"] for one in doctor.get("/api/v1/search?q=giấy").json()["hits"]] == [True]
    assert doctor.get(f"/api/v1/documents/{document.id}").json()["void"] is True


def test_what_was_to_be_void_is_left_as_it_was_by_one_click(hospital, doctor):
    document = paper(hospital, State.KEPT)
    with hospital.store.write() as tx:
        tx.signing.set_rules([SigningRule("", "HuyBo", "author")])
    doctor.post(f"/records/{document.id}/void", data={"why": WHY})
    signature = signature_of(hospital, document, "HuyBo")
    assert "Thôi không hủy" in doctor.get(f"/sign?item={signature.id}").text
    assert doctor.post(f"/sign/{signature.id}/keep").status_code == 303
    assert document.id not in doctor.get("/sign").text
    assert state_of(hospital, document) is State.KEPT


def test_nobody_voids_what_they_do_not_see(hospital, browser):
    document = paper(hospital, State.KEPT)
    hospital.person("nhi", Role.DOCTOR, ("Khoa Nhi",))
    assert browser("nhi").post(f"/records/{document.id}/void", data={"why": WHY}).status_code == 404
