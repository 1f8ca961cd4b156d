"""A long queue: pages, groups, choosing what was seen, what is late, and a batch that rests without being lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from api.views.queue import Batch
from domain.documents import State
from domain.errors import Message
from domain.people import Role
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from signing.finish import give_back
from storage.clock import now
from storage.preparing import Preparing
from storage.signing import Progress
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


def test_while_a_worker_prepares_a_batch_the_screen_says_how_far_it_is_and_what_it_waits_for(hospital, doctor, papers):
    with hospital.store.write() as tx:
        who = tx.people.by_login("bs")
        assert who is not None
        work = Preparing(tx.connection)
        job = work.open(who.id, ids(hospital, papers))
        assert job is not None
        tx.signing.set(tx.signing.in_job(job.id)[0].id, state="prepared")
    page = doctor.get("/sign").text
    assert "Đang chuẩn bị 1/3 tài liệu" in page
    assert Batch(job, Progress(200, 0, preparing=150), paused=False).cells == ["d"] * 6 + ["n"] + [""] * 17
    assert "tài liệu/phút" in page
    assert f"/sign/jobs/{job.id}/stop" in page
    with hospital.store.write() as tx:
        work = Preparing(tx.connection)
        work.rest(job.id, now() + timedelta(seconds=5), Message("ocsp", "Cơ quan chứng thực không trả lời.", "No answer."))
    assert "Cơ quan chứng thực không trả lời." in doctor.get("/sign/queue").text


def test_what_came_back_stands_first_with_its_reason_and_is_counted(hospital, doctor, papers):
    items = ids(hospital, papers)
    with hospital.store.write() as tx:
        tx.signing.set(items[0], due_at=now() - timedelta(days=1))
        give_back(tx, tx.signing.get(items[2]), Message("changed", "Tài liệu đã thay đổi.", "It changed."))
    page = doctor.get("/sign").text
    assert "1 bị trả lại" in page
    assert "Tài liệu đã thay đổi." in page
    assert page.index(f"tick-{items[2]}") < page.index(f"tick-{items[0]}") < page.index(f"tick-{items[1]}")


def test_a_paper_is_opened_alone_by_whom_it_waits_for_and_that_is_noted(hospital, doctor, browser, papers):
    (item, *_), seen = ids(hospital, papers), len(notes(hospital, papers[0]))
    page = doctor.get(f"/sign/papers/{item}")
    assert page.status_code == 200
    assert f"/documents/{papers[0].id}/pages/1/image" in page.text
    assert 'id="refuse-dialog"' in page.text
    assert len(notes(hospital, papers[0])) == seen + 1
    hospital.person("khac", Role.DOCTOR, ("Khoa Ngoại",))
    assert browser("khac").get(f"/sign/papers/{item}").status_code == 404


def notes(hospital, paper):
    with hospital.store.read() as tx:
        return [one for one in tx.audit.of(paper.id) if one.act == "view_document"]


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
