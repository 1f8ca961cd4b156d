"""Sao y: who keeps the seal finds a kept paper, opens it for a request and has copies made; nobody else sees more than before."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from domain.copies import TOLD_FOR, CopyStage, checked_request
from domain.documents import State
from domain.errors import Message
from domain.people import Role, sight_to_copy
from domain.signers import Capacity, Office
from storage.clock import now
from storage.copies import TOPIC, CertifiedCopies
from storage.copying import RENEW, CopyWork
from storage.signer_tables import certified_copies
from storage.tables import audit

ASKED = {"form": "sao_y", "recipient": "Tòa án", "reason": "Công văn 12", "count": "3"}
PURPOSE = {"recipient": "Chị Hương", "reason": "Giấy đề nghị số 4"}
WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def paper(hospital):
    """A kept paper of Khoa Nội; a clerk, and a doctor of that department."""
    hospital.person("luutru", Role.ARCHIVE)
    hospital.person("noi", Role.DOCTOR, ("Khoa Nội",))
    patient = hospital.patient("BN1", "Nguyễn Thị Hương", ["Khoa Nội"])
    return hospital.paper("viêm phổi", patient, State.KEPT)


def keeps_the_seal(hospital, login, *, no_more=False):
    with hospital.store.write() as tx:
        office = Office(tx.people.by_login(login).id, Capacity.SEAL)
        tx.signers.take(office) if no_more else tx.signers.give(office)


def issued(hospital, paper, login="noi", bytes_=b"%PDF-1.7 a copy"):
    name = hospital.store.objects.put(bytes_)
    with hospital.store.write() as tx:
        request = checked_request("sao_y", "Tòa án", "Công văn 12", "", 2)
        order = CertifiedCopies(tx.connection).ask(paper.id, paper.current, request, login)
        copy = CopyWork(tx.connection).issue(order.id, paper.current, name, WHEN, datetime(2031, 5, 6, tzinfo=UTC))
        tx.documents.add_version(paper.id, "copy", name, {"copy": copy.id})
    return copy


def orders(hospital):
    with hospital.store.read() as tx:
        return CertifiedCopies(tx.connection).asked()


def test_archive_staff_without_the_seal_are_refused_and_see_of_what_is_kept_what_they_saw_before(hospital, browser, paper):
    page, copy = browser("luutru"), issued(hospital, paper)
    assert "/copies" not in page.get("/find").text
    for path in ("/copies", "/copies?q=Hương", "/copies/list", f"/copies/{paper.id}", f"/copies/{paper.id}/list"):
        assert page.get(path).status_code == 403, path
        assert "Hương" not in page.get(path).text
    for path, body in ((f"/{paper.id}/open", PURPOSE), (f"/{paper.id}", ASKED), (f"/orders/{copy.id}/again", {})):
        assert page.post(f"/copies{path}", data=body).status_code == 403, path
    for path in (f"/records/{paper.id}", f"/documents/{paper.id}/pages/1/image", f"/records/{paper.id}/copies/{copy.id}/pdf"):
        assert page.get(path).status_code == 404, path
    assert orders(hospital) == []


def test_the_clerk_who_keeps_the_seal_finds_a_kept_paper_by_name_or_number_and_sees_no_page_by_that(hospital, browser, paper):
    keeps_the_seal(hospital, "luutru")
    page = browser("luutru")
    assert "Sao y" in page.get("/find").text
    for text in ("huong", "BN1", "VBN1", paper.id):
        found = page.get("/copies", params={"q": text}).text
        assert f"/copies/{paper.id}" in found, text
        assert "viêm phổi" not in found
    assert paper.id not in page.get("/copies", params={"q": "viêm phổi"}).text
    assert "Không có người bệnh nào" in page.get("/copies", params={"q": "Hoàng"}).text
    for path in ("pages/1/image", "pages/1/thumbnail", "pdf", "sidecar"):
        assert page.get(f"/documents/{paper.id}/{path}").status_code == 404, path
    assert page.get(f"/records/{paper.id}").status_code == 404
    assert "Tài liệu đang đóng" in page.get(f"/copies/{paper.id}").text
    with hospital.store.read() as tx:
        assert [one.details["where"] for one in tx.audit.newest(acts=("search",))][:1] == ["copies"]


def test_opened_for_a_request_its_pages_are_seen_there_alone_for_an_hour_and_the_log_says_for_whom(hospital, browser, paper):
    keeps_the_seal(hospital, "luutru")
    page, picture = browser("luutru"), f"/documents/{paper.id}/pages/1/image"
    assert page.post(f"/copies/{paper.id}", data=ASKED).status_code == 404, "not opened yet"
    assert page.post(f"/copies/{paper.id}/open", data={**PURPOSE, "reason": " "}).status_code == 422
    assert page.post(f"/copies/{paper.id}/open", data=PURPOSE).status_code == 303
    assert 'value="Giấy đề nghị số 4"' in page.get(f"/copies/{paper.id}").text
    assert page.get(picture).status_code == 200
    for path in (
        f"/records/{paper.id}", f"/documents/{paper.id}/pdf", f"/documents/{paper.id}/sidecar", f"/batches/document/{paper.id}",
        f"/documents/{paper.id}/aside/1/image", f"/api/v1/documents/{paper.id}", f"/api/v1/documents/{paper.id}/arrangement",
    ):  # fmt: skip
        assert page.get(path).status_code == 404, path
    with hospital.store.read() as tx:
        (entry,) = [one for one in tx.audit.of(paper.id) if one.act == "open_to_copy"]
    assert (entry.actor, entry.details) == ("luutru", {"recipient": "Chị Hương", "why": "Giấy đề nghị số 4"})
    keeps_the_seal(hospital, "luutru", no_more=True)
    assert page.get(picture).status_code == 404
    keeps_the_seal(hospital, "luutru")
    assert page.get(picture).status_code == 200
    with hospital.store.write() as tx:
        tx.connection.execute(update(audit).values(at=now() - timedelta(minutes=61)))
    assert page.get(picture).status_code == 404


def test_asking_makes_nothing_itself_a_worker_is_asked_and_the_page_says_so(hospital, browser, paper):
    keeps_the_seal(hospital, "luutru")
    page = browser("luutru")
    page.post(f"/copies/{paper.id}/open", data=PURPOSE)
    for wrong, said in (({"recipient": " "}, "nơi nhận và lý do"), ({"count": "0"}, "1 đến 99"), ({"pages": "1"}, "số trang")):
        refused = page.post(f"/copies/{paper.id}", data={**ASKED, **wrong})
        assert refused.status_code == 422
        assert said in refused.text
    for _ in range(2):  # a double click
        assert page.post(f"/copies/{paper.id}", data=ASKED).status_code == 303
    (order,) = orders(hospital)
    with hospital.store.read() as tx:
        assert [one.document_id for one in tx.outbox.next((TOPIC,), 10)] == [order.id]
        assert CertifiedCopies(tx.connection).listed() == []
        (entry,) = [one for one in tx.audit.of(paper.id) if one.act == "ask_copy"]
    assert (entry.actor, entry.details["recipient"], entry.details["count"]) == ("luutru", "Tòa án", 3)
    for path in ("/copies", "/copies/list", f"/copies/{paper.id}", f"/copies/{paper.id}/list"):
        assert "Đang làm bản sao" in page.get(path).text, path
        assert "Tòa án · Công văn 12 · 3 bản" in page.get(path).text, path


def test_what_a_copy_waits_for_and_why_it_ended_is_told_and_it_is_tried_again_or_called_off(hospital, browser, paper):
    keeps_the_seal(hospital, "noi")
    page = browser("noi")
    page.post(f"/copies/{paper.id}", data=ASKED)
    (order,) = orders(hospital)
    with hospital.store.write() as tx:
        CopyWork(tx.connection).claim(order.id, "test:1")
        waits = Message("tsa_away", "Dịch vụ cấp dấu thời gian không trả lời.", "The service does not answer.")
        CopyWork(tx.connection).rest(order.id, now() + timedelta(hours=1), waits)
    assert waits.vi in page.get("/copies").text
    assert page.post(f"/copies/orders/{order.id}/again").status_code == 303
    assert waits.vi not in page.get("/copies").text
    with hospital.store.write() as tx:
        CopyWork(tx.connection).end(order.id, Message("broken", "Tệp hỏng.", "Broken."))
    assert "Tệp hỏng." in page.get(f"/copies/{paper.id}").text
    page.post(f"/copies/orders/{order.id}/again")
    for deed in ("stop", "again"):  # `again` from a page that was drawn before it was called off
        assert page.post(f"/copies/orders/{order.id}/{deed}").status_code == 303
    with hospital.store.read() as tx:
        ended = CertifiedCopies(tx.connection).order(order.id)
        acts = [one.act for one in tx.audit.of(paper.id)]
    assert ended
    assert (ended.stage, ended.problem) == (CopyStage.ENDED, None)
    assert {"copy_again", "stop_copy"} <= set(acts)


def test_the_renewal_of_a_proof_that_waits_is_tried_at_once_when_the_clerk_says_so(hospital, browser, paper):
    keeps_the_seal(hospital, "luutru")
    page, (copy, other) = browser("luutru"), (issued(hospital, paper) for _ in range(2))
    with hospital.store.write() as tx:
        waits = Message("tsa_away", "Dịch vụ cấp dấu thời gian không trả lời.", "The service does not answer.")
        CopyWork(tx.connection).rest(copy.id, now() + timedelta(hours=1), waits)
    shown = page.get("/copies").text
    assert waits.vi in shown
    assert re.findall(r"/copies/orders/(\w+)/again", shown) == [copy.id], "beside what waits alone"
    for one in (copy, other):
        assert page.post(f"/copies/orders/{one.id}/again").status_code == 303
    assert waits.vi not in page.get("/copies").text
    with hospital.store.read() as tx:
        assert [one.document_id for one in tx.outbox.next((RENEW,), 10)] == [copy.id]
        assert [one.details["copy"] for one in tx.audit.of(paper.id) if one.act == "copy_again"] == [copy.id]


def on_the_rail(page):
    """The number beside Sao y."""
    found = re.search(r"Sao y</span>(?:<b>(\d+))?", page.get("/rail").text)
    return found and int(found[1] or 0)


def asked_copy(hospital, paper, why, asked_at=None):
    """A copy that waits (a code that ends with `away`) or could not be made."""
    said = Message(why, "Vì sao.", "Why.")
    with hospital.store.write() as tx:
        order = CertifiedCopies(tx.connection).ask(paper.id, paper.current, checked_request("sao_y", "Tòa án", why), "noi")
        work = CopyWork(tx.connection)
        if asked_at:
            tx.connection.execute(update(certified_copies).where(certified_copies.c.id == order.id).values(asked_at=asked_at))
        work.rest(order.id, now() + timedelta(hours=1), said) if why.endswith("away") else work.end(order.id, said)
    return order


def test_the_rail_counts_for_who_keeps_the_seal_the_copies_that_wait_or_failed_within_rights(hospital, browser, paper):
    clerk, doctor = browser("luutru"), browser("noi")
    kept, stuck = (issued(hospital, paper) for _ in range(2))
    asked_copy(hospital, paper, "token_away")
    failed = asked_copy(hospital, paper, "broken")
    asked_copy(hospital, paper, "broken", now() - TOLD_FOR - timedelta(minutes=1))
    asked_copy(hospital, hospital.paper("gãy tay", hospital.patient("BN2", "Lê Văn An", ["Khoa Nhi"]), State.KEPT), "token_away")
    with hospital.store.write() as tx:
        CopyWork(tx.connection).stick(stuck.id, Message("renewal_altered", "Tệp đã đổi.", "Altered."))
        CopyWork(tx.connection).rest(kept.id, now() + timedelta(hours=1), Message("tsa_away", "Chờ.", "Waits."))
        CertifiedCopies(tx.connection).ask(paper.id, paper.current, checked_request("sao_y", "Tòa án", "mới"), "noi")
    assert [on_the_rail(one) for one in (clerk, doctor)] == [None, None], "the room is not there"
    for login in ("luutru", "noi"):
        keeps_the_seal(hospital, login)
    assert [on_the_rail(one) for one in (clerk, doctor)] == [4, 3]
    assert doctor.post(f"/copies/orders/{failed.id}/stop").status_code == 303
    assert doctor.post(f"/copies/orders/{stuck.id}/again").status_code == 303
    assert [on_the_rail(one) for one in (clerk, doctor)] == [2, 1]


def test_a_copy_whose_proof_cannot_be_renewed_stands_in_the_register_before_any_number_of_newer_ones(hospital, paper):
    stuck, *_, newest = (issued(hospital, paper) for _ in range(4))
    with hospital.store.write() as tx:
        CopyWork(tx.connection).stick(stuck.id, Message("renewal_altered", "Tệp đã đổi.", "Altered."))
        shown = CertifiedCopies(tx.connection).newest(sight_to_copy(tx.people.by_login("luutru")), 2)
    assert [one.id for one in shown] == [stuck.id, newest.id]


def test_a_doctor_who_keeps_the_seal_copies_what_they_see_anyway_and_finds_nothing_else(hospital, browser, paper):
    page, other = browser("noi"), hospital.patient("BN2", "Nguyễn Thị Hương", ["Khoa Nhi"])
    hidden = hospital.paper("gãy tay", other, State.KEPT, title="Giấy của Nhi")
    issued(hospital, hidden)
    assert f"/copies/{paper.id}" not in page.get(f"/records/{paper.id}").text
    assert page.post(f"/copies/{paper.id}", data=ASKED).status_code == 403
    keeps_the_seal(hospital, "noi")
    assert f"/copies/{paper.id}" in page.get(f"/records/{paper.id}").text
    shown = page.get("/copies?q=huong").text
    assert paper.id in shown
    for path in ("/copies?q=huong", "/copies?q=BN2", "/copies/list"):
        assert hidden.id not in page.get(path).text
        assert "Giấy của Nhi" not in page.get(path).text
    assert "Yêu cầu cấp bản sao" in page.get(f"/copies/{paper.id}").text, "nothing to open"
    assert page.post(f"/copies/{paper.id}", data=ASKED).status_code == 303
    for path, body in ((f"/copies/{hidden.id}", ASKED), (f"/copies/{hidden.id}/open", PURPOSE)):
        assert page.post(path, data=body).status_code == 404, path
    assert page.get(f"/copies/{hidden.id}").status_code == 404
    assert [one.document_id for one in orders(hospital)] == [paper.id]


def test_only_what_is_kept_is_found_to_be_copied(hospital, browser, paper):
    keeps_the_seal(hospital, "luutru")
    page, patient = browser("luutru"), hospital.patient("BN3", "Hoàng Đức Khánh", ["Khoa Nội"])
    waiting = hospital.paper("gãy chân", patient, State.PROVEN)
    assert waiting.id not in page.get("/copies?q=khanh").text
    assert page.get(f"/copies/{waiting.id}").status_code == 404


def test_a_copy_is_listed_with_its_end_fetched_and_written_down_and_the_public_page_knows_it(hospital, browser, paper):
    copy = issued(hospital, paper)
    keeps_the_seal(hospital, "luutru")
    hospital.person("nhi", Role.DOCTOR, ("Khoa Nhi",))
    address = f"/records/{paper.id}/copies/{copy.id}/pdf"
    for login, path in (("noi", f"/records/{paper.id}"), ("luutru", "/copies")):
        shown = browser(login).get(path).text
        for words in ("Sao y số 1", "Bằng chứng giữ đến 06/05/2031", "Tòa án · Công văn 12 · 2 bản"):
            assert words in shown, (login, words)
        got = browser(login).get(address)
        assert (got.content, "sao-y-1.pdf" in got.headers["Content-Disposition"]) == (b"%PDF-1.7 a copy", True)
    with hospital.store.read() as tx:
        fetched = [one.actor for one in tx.audit.of(paper.id) if one.act == "download_copy"]
    assert sorted(fetched) == ["luutru", "noi"]
    assert browser("nhi").get(address).status_code == 404
    assert "bản sao y do bệnh viện cấp" in browser("noi").get(f"/kiem-tra/{paper.id}", params={"sha256": copy.sha256}).text
