"""A long queue: pages, groups, choosing what was seen, what is late, and a batch that rests without being lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from domain.documents import State
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from storage.clock import now
from storage.tables import devices, signatures

WARD = "Khoa Nội"


@pytest.fixture
def doctor(hospital, browser):
    hospital.person("bs", Role.DOCTOR, (WARD,), "BS. Bảo")
    return browser("bs")


@pytest.fixture
def papers(hospital):
    """Three papers that wait, all of whose pages were seen."""
    patient = hospital.patient("BN1", "Nguyễn Thị Hương", [WARD])
    made = [hospital.paper(f"giấy {number}", patient, State.AWAITING_SIGNATURE) for number in range(3)]
    set_all(hospital, seen=[1])
    return made


def set_all(hospital, **values):
    with hospital.store.write() as tx:
        tx.connection.execute(update(signatures).values(**values))


def ids(hospital, papers):
    with hospital.store.read() as tx:
        return [tx.signing.of(one.id)[0].id for one in papers]


def test_a_long_queue_shows_a_page_and_the_way_to_the_next(hospital, doctor, monkeypatch, papers):
    monkeypatch.setattr("api.views.queue.PAGE", 2)
    first = doctor.get("/sign").text
    assert "1–2 trong 3" in first
    assert 'rel="next"' in first
    second = doctor.get("/sign?start=2").text
    assert "3–3 trong 3" in second
    assert [one.id in first for one in papers] != [one.id in second for one in papers]
    assert "3 tài liệu, 3 trang" in second


def test_a_group_is_shown_under_its_name_and_chosen_as_far_as_it_was_seen(hospital, doctor, papers):
    page = doctor.get("/sign?by=patient").text
    assert 'data-choose="by=patient&amp;patient=BN1"' in page
    items = ids(hospital, papers)
    assert sorted(doctor.get("/sign/ready?patient=BN1").json()) == sorted(items)
    assert doctor.get("/sign/ready?patient=BN2").json() == []
    with hospital.store.write() as tx:
        tx.signing.set(items[0], seen=[])
    assert sorted(doctor.get("/sign/ready").json()) == sorted(items[1:])


def test_no_more_is_chosen_than_goes_to_the_desk_at_once(hospital, doctor, papers):
    hospital.signer.most = 2
    assert len(doctor.get("/sign/ready").json()) == 2


def test_what_somebody_else_signed_meanwhile_is_left_out_and_the_rest_is_sent(hospital, doctor, papers):
    items = ids(hospital, papers)
    with hospital.store.write() as tx:
        tx.signing.set(items[0], state="signed")
    assert doctor.post("/sign/jobs", data={"items": items}).status_code == 303
    with hospital.store.read() as tx:
        assert [tx.signing.get(one).state for one in items] == ["signed", "prepared", "prepared"]


def test_what_is_overdue_and_due_soon_is_said_in_the_queue_and_on_today(hospital, doctor, papers):
    items = ids(hospital, papers)
    with hospital.store.write() as tx:
        tx.signing.set(items[2], due_at=now() - timedelta(days=1))
        tx.signing.set(items[1], due_at=now() + timedelta(days=1))
    page = doctor.get("/sign").text
    assert page.index(f"tick-{items[2]}") < page.index(f"tick-{items[1]}") < page.index(f"tick-{items[0]}")
    assert "1 quá hạn" in page
    assert "1 sắp đến hạn" in page
    today = doctor.get("/").text
    assert "1 quá hạn" in today
    assert "Chờ ký trong khoa" not in today


def test_who_heads_a_department_sees_what_waits_in_it_and_what_is_late(hospital, doctor, browser, papers):
    head = hospital.person("truong", Role.DOCTOR, (WARD,))
    set_all(hospital, due_at=now() - timedelta(days=1))
    with hospital.store.write() as tx:
        tx.signers.give(Office(head.id, Capacity.HEAD, WARD))
    today = browser("truong").get("/").text
    assert "Chờ ký trong khoa" in today
    assert "3 chờ ký" in today
    assert "3 quá hạn" in today


def test_a_batch_shows_how_far_it_is_how_fast_and_that_a_pause_is_no_cancelling(hospital, doctor, papers):
    doctor.post("/sign/jobs", data={"items": ids(hospital, papers)})
    with hospital.store.write() as tx:
        who = tx.people.by_login("bs")
        device = tx.signing.pair(who.id, "PC", "key")
        (job,) = tx.signing.jobs(who.id)
        tx.signing.claim_job(job.id, device.id)
        tx.signing.saw(device.id, "n" * 20)
        for number, one in enumerate(tx.signing.in_job(job.id)[:2]):
            tx.signing.set(one.id, state="signed", signed_at=now() + timedelta(seconds=30 * number), signed_by=who.id)
    page = doctor.get("/sign").text
    assert "Đã ký 2 trong 3" in page
    assert "2 tài liệu/phút" in page
    assert "còn chừng 1 phút" in page
    with hospital.store.write() as tx:
        tx.connection.execute(update(devices).values(seen_at=now() - timedelta(hours=1)))
    assert "Tạm nghỉ không phải là hủy" in doctor.get("/sign/queue").text


def test_what_waits_and_nobody_could_sign_is_said_to_the_administrator(hospital, browser, papers):
    hospital.person("quantri", Role.ADMINISTRATOR)
    with hospital.store.write() as tx:
        tx.signing.forget(papers[0].id)
        tx.signing.ask(papers[0].id, [SigningRule("", "TruongKhoa", "head", WARD)])
    assert "Đang chờ mà không ai ký được" in browser("quantri").get("/admin/rules").text
    who = hospital.person("truong", Role.DOCTOR)
    with hospital.store.write() as tx:
        tx.signers.give(Office(who.id, Capacity.HEAD, WARD))
    assert "Đang chờ mà không ai ký được" not in browser("quantri").get("/admin/rules").text
