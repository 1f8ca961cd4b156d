"""What people do at the screens, and what comes of it in the store."""

from __future__ import annotations

import pytest

from domain.documents import State
from domain.errors import Message
from domain.findings import Facts, Finding, KindFinding, PatientFacts
from domain.pages import Box, Flag
from domain.people import Role

BOX = Box(10, 100, 90, 130)


def facts(name="Nguyễn Thị Hương", citizen="042158000001", born="1962-05-14"):
    found = {"name": name, "citizen_id": citizen, "birth_date": born}
    patient = PatientFacts(**{fact: Finding(value, 0.95, 1, BOX, value) for fact, value in found.items() if value})
    return Facts(KindFinding("01/BV-01", "Giấy ra viện", None, 0.95), patient)


@pytest.fixture
def clerk(hospital, browser):
    hospital.person("luutru", Role.ARCHIVE)
    return browser("luutru")


@pytest.fixture
def doctor(hospital, browser):
    hospital.person("bacsi", Role.DOCTOR, ("Khoa Nội",))
    return browser("bacsi")


def state_of(hospital, document):
    with hospital.store.read() as tx:
        return tx.documents.get(document.id).state


def test_accepting_the_likely_person_files_the_paper_and_it_can_be_undone(hospital, clerk):
    patient = hospital.patient("BN1", departments=["Khoa Nội"], citizen_id="042158000001")
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts())
    page = clerk.get("/review").text
    assert "Đúng là người số 1" in page
    accepted = clerk.post(
        f"/review/{document.id}/accept", data={"patient": patient.id, "version": document.version, "doubtful": "false"}
    )
    assert accepted.status_code == 303
    assert state_of(hospital, document) is State.FILED
    assert "Hoàn tác" in clerk.get(accepted.headers["location"]).text
    assert clerk.post(f"/review/{document.id}/undo").status_code == 303
    assert state_of(hospital, document) is State.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("known", "deed"),
    [
        ({"citizen_id": "042158999999"}, "Khác trên giấy"),
        ({"citizen_id": None, "birth_date": None}, "Chỉ khớp họ tên"),
    ],
    ids=["differs", "name alone"],
)
def test_one_in_doubt_is_taken_only_by_somebody_who_says_so(hospital, clerk, known, deed):
    patient = hospital.patient("BN1", **known)
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts())
    assert deed in clerk.get(f"/review/{document.id}").text
    taken = {"patient": patient.id, "version": document.version, "doubtful": "false"}
    assert clerk.post(f"/review/{document.id}/accept", data=taken).status_code == 422
    assert state_of(hospital, document) is State.NEEDS_REVIEW
    assert clerk.post(f"/review/{document.id}/accept", data={**taken, "doubtful": "true"}).status_code == 303
    assert state_of(hospital, document) is State.FILED


def test_two_who_fit_alike_are_both_in_doubt(hospital, clerk):
    for name in ("BN1", "BN2"):
        hospital.patient(name)
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts(citizen=""))
    assert "Có người khác cũng khớp" in clerk.get(f"/review/{document.id}").text
    taken = {"patient": "BN1", "version": document.version, "doubtful": "false"}
    assert clerk.post(f"/review/{document.id}/accept", data=taken).status_code == 422


def test_a_deed_on_a_page_that_somebody_else_has_dealt_with_changes_nothing(hospital, clerk):
    patient = hospital.patient("BN1", citizen_id="042158000001")
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts())
    stale = {"patient": patient.id, "version": document.version - 1, "doubtful": "false"}
    answer = clerk.post(f"/review/{document.id}/accept", data=stale)
    assert answer.status_code == 409
    assert "Không mất gì" in answer.text
    assert state_of(hospital, document) is State.NEEDS_REVIEW


def test_a_corrected_name_is_shown_and_candidates_are_looked_for_again(hospital, clerk):
    hospital.patient("BN1", "Nguyễn Thị Hường", citizen_id=None)
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts("Ngvyễn Thị Hường", ""))
    changed = {"fact": "name", "value": "Nguyễn Thị Hường", "version": document.version}
    assert clerk.post(f"/review/{document.id}/correct", data=changed).status_code == 303
    page = clerk.get(f"/review/{document.id}").text
    assert "Nguyễn Thị Hường" in page
    assert 'data-patient="BN1"' in page


def test_not_in_the_index_keeps_the_paper_waiting_with_that_reason(hospital, clerk):
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts())
    assert clerk.post(f"/review/{document.id}/absent", data={"version": document.version}).status_code == 303
    with hospital.store.read() as tx:
        assert "not_in_index" in [reason.code for reason in tx.documents.get(document.id).reasons]


def test_what_does_not_belong_here_waits_no_longer_and_keeps_its_reason(hospital, clerk):
    document = hospital.paper("tờ rơi quảng cáo", None, State.NEEDS_REVIEW)
    data = {"why": "tờ quảng cáo quét nhầm", "version": document.version}
    assert clerk.post(f"/review/{document.id}/reject", data=data).status_code == 303
    assert state_of(hospital, document) is State.REJECTED
    assert "tờ quảng cáo quét nhầm" in clerk.get("/").text


def test_somebody_found_by_hand_stands_first(hospital, clerk):
    hospital.patient("BN1", "Nguyễn Thị Hương")
    hospital.patient("BN9", "Lê Văn Tám")
    document = hospital.paper("giấy", None, State.NEEDS_REVIEW, facts=facts())
    assert "Lê Văn Tám" in clerk.get(f"/review/{document.id}/people?q=le van tam").text
    page = clerk.get(f"/review/{document.id}?person=BN9").text
    assert page.index('data-patient="BN9"') < page.index('data-patient="BN1"')


def test_an_uploaded_photo_is_handed_on_as_it_came_with_who_sent_it(hospital, clerk):
    answer = clerk.post("/upload", files={"files": ("ảnh chụp.jpg", b"\xff\xd8jpeg", "image/jpeg")})
    assert answer.status_code == 303
    ((name, data, origin),) = hospital.uploads
    assert (name, data) == ("ảnh chụp.jpg", b"\xff\xd8jpeg")
    assert (origin.folder, origin.operator) == ("upload", "luutru")


def test_an_uploaded_name_cannot_leave_its_folder(hospital, clerk):
    clerk.post("/upload", files={"files": ("../../etc/passwd", b"x", "image/jpeg")})
    assert hospital.uploads[0][0] == "passwd"


def test_a_stopped_document_says_why_and_runs_again_when_asked(hospital, clerk):
    document = hospital.waiting_to_be_read("to-boi-den.jpg", 1, State.PAGED)
    with hospital.store.write() as tx:
        tx.documents.give_up(document, Message("page_failed", "Một trang làm máy đọc dừng.", "A page stopped the reader."))
    assert "Một trang làm máy đọc dừng." in clerk.get("/").text
    assert clerk.post(f"/documents/{document.id}/retry").status_code == 303
    with hospital.store.read() as tx:
        assert tx.documents.get(document.id).problem is None


def test_a_refused_file_is_shown_with_its_reason(hospital, clerk):
    hospital.refused("khoa.pdf", Message("encrypted", "Tệp có mật khẩu.", "The file has a password."))
    page = clerk.get("/").text
    assert "khoa.pdf" in page
    assert "Tệp có mật khẩu." in page


def test_a_batch_shows_how_many_pages_are_missing(hospital, clerk):
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1")
    hospital.paper("một", None, State.NEEDS_REVIEW, batch=batch.id)
    assert "thiếu 2 trang" not in clerk.get(f"/batches/{batch.id}").text
    assert clerk.post(f"/batches/{batch.id}/prepared", data={"prepared": 3}).status_code == 303
    assert "thiếu 2 trang" in clerk.get("/batches").text
    assert "1 lô thiếu trang" in clerk.get("/").text


def test_a_page_that_must_be_scanned_again_says_so_and_why(hospital, clerk):
    with hospital.store.write() as tx:
        batch = tx.batches.current("may-quet-1")
    hospital.paper("một", None, State.NEEDS_REVIEW, batch=batch.id, flags=(Flag("black_border", 0.05),))
    shown = clerk.get(f"/batches/{batch.id}").text
    assert "viền đen" in shown
    assert "cần quét lại" not in shown
    hospital.paper("hai", None, State.NEEDS_REVIEW, batch=batch.id, flags=(Flag("cut_off", 7, rescan=True),))
    shown = clerk.get(f"/batches/{batch.id}").text
    assert 'data-flags="mất chữ ở mép · cần quét lại"' in shown


def test_nothing_can_be_signed_before_every_page_was_seen(hospital, doctor):
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    with hospital.store.read() as tx:
        signature = tx.signing.of(document.id)[0]
    assert doctor.post("/sign/jobs", data={"items": [signature.id]}).status_code == 422
    doctor.post(f"/sign/{signature.id}/seen", data={"page": 1})
    assert doctor.post("/sign/jobs", data={"items": [signature.id]}).status_code == 303
    assert "Đã gửi 1 tài liệu" in doctor.get("/sign").text


def test_a_page_that_is_not_there_cannot_be_seen(hospital, doctor):
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    with hospital.store.read() as tx:
        signature = tx.signing.of(document.id)[0]
    doctor.post(f"/sign/{signature.id}/seen", data={"page": 7})
    with hospital.store.read() as tx:
        assert tx.signing.get(signature.id).seen == ()


def test_another_departments_signature_can_be_neither_seen_nor_sent(hospital, doctor):
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nhi"]), State.AWAITING_SIGNATURE)
    with hospital.store.read() as tx:
        signature = tx.signing.of(document.id)[0]
    assert doctor.post(f"/sign/{signature.id}/seen", data={"page": 1}).status_code == 404
    assert doctor.post("/sign/jobs", data={"items": [signature.id]}).status_code == 404


def test_an_agent_pairs_takes_its_job_and_brings_the_signature_back(hospital, doctor, guest):
    document = hospital.paper("giấy", hospital.patient("BN1", "A", ["Khoa Nội"]), State.AWAITING_SIGNATURE)
    code = doctor.post("/sign/pair").text
    assert "ABCD-2345" in code
    device = guest.post("/api/v1/agent/pair", json={"code": "ABCD-2345", "name": "PC-KHOA-NOI"}).json()["device"]
    with hospital.store.read() as tx:
        signature = tx.signing.of(document.id)[0]
    doctor.post(f"/sign/{signature.id}/seen", data={"page": 1})
    doctor.post("/sign/jobs", data={"items": [signature.id]})
    agent = {"x-device": device}
    (job,) = guest.get("/api/v1/agent/jobs", headers=agent).json()["jobs"]
    assert job["items"] == [signature.id]
    assert guest.get(f"/api/v1/agent/documents/{job['id']}/{signature.id}", headers=agent).content.startswith(b"%PDF")
    assert guest.post(f"/api/v1/agent/results/{job['id']}", json={}, headers=agent).status_code == 200
    assert state_of(hospital, document) is State.SIGNED
    assert "Đã ký" in doctor.get("/sign/queue").text


def test_a_device_that_was_not_paired_gets_nothing(guest):
    answer = guest.get("/api/v1/agent/jobs", headers={"x-device": "nobody"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "device"


def test_an_administrator_adds_a_person_who_can_log_in_with_the_password_shown_once(hospital, browser, guest):
    hospital.person("quantri", Role.ADMINISTRATOR)
    client = browser("quantri")
    added = client.post("/admin/people", data={"login": "moi", "name": "Người Mới", "role": "clinician"})
    password = added.text.split('class="code" translate="no">')[1].split("<")[0]
    token = guest.get("/login").text.split('name="csrf" value="')[1].split('"')[0]
    assert guest.post("/login", data={"login": "moi", "password": password, "csrf": token}).status_code == 303
    assert password not in client.get("/admin/people").text


def test_an_administrator_cannot_lock_or_change_themselves(hospital, browser):
    me = hospital.person("quantri", Role.ADMINISTRATOR)
    client = browser("quantri")
    assert client.post(f"/admin/people/{me.id}/active", data={"active": "false"}).status_code == 422
    assert client.post(f"/admin/people/{me.id}", data={"role": "archive"}).status_code == 422


def test_signing_rules_are_added_and_dropped(hospital, browser):
    hospital.person("quantri", Role.ADMINISTRATOR)
    client = browser("quantri")
    client.post("/admin/rules", data={"kind": "01/BV-01", "capacity": "author"})
    with hospital.store.read() as tx:
        assert [(one.kind_code, one.field) for one in tx.signing.rules()] == [("01/BV-01", "TacGia")]
    client.post("/admin/rules/drop", data={"kind": "01/BV-01", "field": "TacGia"})
    with hospital.store.read() as tx:
        assert tx.signing.rules() == []


def test_hits_stand_on_the_page_in_per_cent(hospital, browser):
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    document = hospital.paper("ho viêm phổi nặng", hospital.patient("BN1", "A", ["Khoa Nội"]))
    page = browser("noi").get(f"/records/{document.id}?q=viem phoi").text
    assert "1 chỗ khớp" in page
    assert 'class="hit" style="left:9.64%' in page


def test_the_machine_search_answers_in_the_documented_form(hospital, browser):
    hospital.person("noi", Role.CLINICIAN, ("Khoa Nội",))
    document = hospital.paper("ho viêm phổi nặng", hospital.patient("BN1", "A", ["Khoa Nội"]))
    hospital.find_all()
    answer = browser("noi").get("/api/v1/search?q=viem phoi").json()
    assert set(answer) == {"version", "query", "total", "took_ms", "hits"}
    (hit,) = answer["hits"]
    assert set(hit) == {"document", "title", "kind", "patient", "page", "void", "score", "snippet", "boxes"}
    assert (hit["document"], hit["page"], len(hit["boxes"])) == (document.id, 1, 2)
