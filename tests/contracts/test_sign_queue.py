"""A queue a page at a time, narrowed and in groups, what is late, and what may be ticked, on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from domain.documents import Document
from domain.errors import Message
from domain.patients import Patient
from domain.people import Person
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from storage.clock import now
from storage.preparing import TOPIC, Preparing
from storage.sign_queue import Narrow, SignQueue, asked_of_whom, by_department
from storage.store import Store, Transaction
from storage.tables import documents, signatures
from tests.contracts.test_signers import NHI, NOI, paper, person

DAY = timedelta(days=1)


@pytest.fixture
def doctor(either_store: Store) -> Person:
    return person(either_store, "noi", NOI, NHI)


def asked(store: Store, ward: str = NOI, **more: object) -> Document:
    """A paper of two pages that waits for its author; `due`, `since`: days from now; `kind`, `patient`, `seen`."""
    made = paper(store, [SigningRule("", "TacGia", "author", ward)], ward)
    values = {"asked_at": now() + DAY * float(str(more.get("since", 0)))}
    if "due" in more:
        values["due_at"] = now() + DAY * float(str(more["due"]))
    with store.write() as tx:
        if more.get("patient"):
            tx.patients.upsert([Patient(str(more["patient"]), f"Người {more['patient']}")])
        facts = {"kind_code": more.get("kind"), "patient_id": more.get("patient"), "pages": 2}
        tx.connection.execute(update(documents).where(documents.c.id == made.id).values(facts))
        row = update(signatures).where(signatures.c.document_id == made.id)
        tx.connection.execute(row.values(**values, seen=list(range(1, int(str(more.get("seen", 0))) + 1))))
    return made


def queue(tx: Transaction, who: Person) -> SignQueue:
    return SignQueue(tx.connection, who.id, tx.signers.hats(who))


def listed(store: Store, who: Person, narrow: Narrow | None = None, order: str = "due", **more: int) -> list[str]:
    with store.read() as tx:
        return [one.document_id for one in queue(tx, who).page(narrow or Narrow(), order, **more)]  # type: ignore[arg-type]


def test_what_is_due_first_comes_first_then_what_waits_longest(either_store, doctor):
    new, old = asked(either_store, since=-1), asked(either_store, since=-9)
    later, late = asked(either_store, due=5), asked(either_store, due=-2)
    assert listed(either_store, doctor) == [late.id, later.id, old.id, new.id]
    assert listed(either_store, doctor, start=1, limit=2) == [later.id, old.id]


def test_what_is_overdue_and_due_soon_is_counted(either_store, doctor):
    for due in (-3, -0.1, 0.5, 1.5, 9):
        asked(either_store, due=due)
    asked(either_store, since=-20)
    with either_store.read() as tx:
        found = queue(tx, doctor).summary()
    assert (found.documents, found.pages, found.overdue, found.soon) == (6, 12, 2, 2)
    assert found.since is not None
    assert abs(found.since - (now() - 20 * DAY)) < timedelta(minutes=1)


def test_a_queue_is_narrowed_by_patient_kind_ward_and_day_and_says_what_there_is(either_store, doctor):
    one = asked(either_store, kind="01/BV-01", patient="BN1")
    two = asked(either_store, kind="39/BV-01", patient="BN2", since=-3)
    three = asked(either_store, NHI, kind="01/BV-01", patient="BN2")
    day = (now() + timedelta(hours=7)).date()
    for narrow, found in (
        (Narrow(kind="01/BV-01"), {one.id, three.id}),
        (Narrow(patient="BN2"), {two.id, three.id}),
        (Narrow(ward=NHI), {three.id}),
        (Narrow(day=day - 3 * DAY), {two.id}),
        (Narrow(patient="BN2", day=day), {three.id}),
    ):
        assert set(listed(either_store, doctor, narrow)) == found
    with either_store.read() as tx:
        groups = queue(tx, doctor).groups(Narrow())
        assert queue(tx, doctor).groups(Narrow(ward=NHI)).kinds == {"01/BV-01": 1}
    assert groups.kinds == {"01/BV-01": 2, "39/BV-01": 1}
    assert groups.wards == {NOI: 2, NHI: 1}
    assert groups.days == {day.isoformat(): 2, (day - 3 * DAY).isoformat(): 1}
    assert groups.patients == {"BN2": 2, "BN1": 1}


def test_a_day_is_a_day_of_vietnam(either_store, doctor):
    made = asked(either_store)
    with either_store.write() as tx:
        moment = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
        tx.connection.execute(update(signatures).values(asked_at=moment))
    with either_store.read() as tx:
        assert queue(tx, doctor).groups(Narrow()).days == {"2026-03-05": 1}
    assert listed(either_store, doctor, Narrow(day=datetime(2026, 3, 5, tzinfo=UTC).date())) == [made.id]
    assert listed(either_store, doctor, Narrow(day=datetime(2026, 3, 4, tzinfo=UTC).date())) == []


@pytest.mark.parametrize("order", ["patient", "kind", "ward", "day"])
def test_what_is_alike_stands_together(either_store, doctor, order):
    alike = [asked(either_store, kind="b", patient="BN2", since=-4), asked(either_store, kind="b", patient="BN2", since=-4)]
    asked(either_store, NHI, kind="a", patient="BN1", since=-2, due=1)
    asked(either_store, NHI, since=-3)
    found = listed(either_store, doctor, order=order)
    places = [found.index(one.id) for one in alike]
    assert (len(found), abs(places[0] - places[1])) == (4, 1)


def test_only_what_was_seen_whole_may_be_ticked_and_no_more_than_asked_for(either_store, doctor):
    seen = [asked(either_store, seen=2, due=due, kind="a") for due in (3, 1, 2)]
    half = asked(either_store, seen=1, kind="a")
    with either_store.read() as tx:
        by_document = {one.document_id: one.id for one in queue(tx, doctor).page(Narrow())}
        assert queue(tx, doctor).ready(Narrow(), 2) == [by_document[seen[1].id], by_document[seen[2].id]]
        assert len(queue(tx, doctor).ready(Narrow(kind="a"), 9)) == 3
        assert queue(tx, doctor).ready(Narrow(kind="b"), 9) == []
        assert queue(tx, doctor).ready(Narrow(), 9, [by_document[half.id], by_document[seen[0].id]]) == [by_document[seen[0].id]]


def test_what_waits_is_counted_by_department_and_one_that_is_not_known_in_each_of_the_patients(either_store):
    asked(either_store, due=-1)
    asked(either_store)
    asked(either_store, NHI)
    paper(either_store, [SigningRule("", "TacGia", "author")], NOI, NHI)
    with either_store.read() as tx:
        found = {one.department: (one.documents, one.overdue) for one in by_department(tx.connection)}
        assert found == {NOI: (3, 1), NHI: (2, 0)}
        assert [one.department for one in by_department(tx.connection, [NHI])] == [NHI]


def test_of_whom_everything_that_waits_is_asked_is_told_where_it_is_certain(either_store, doctor):
    asked(either_store)
    paper(either_store, [SigningRule("", "TacGia", "author")], NOI, NHI)
    paper(either_store, [SigningRule("", "TruongKhoa", "head")])
    paper(either_store, [SigningRule("", "TacGia", "author", "", doctor.id)], NOI)
    with either_store.read() as tx:
        found = {(one.field, one.department, one.signer_id): one.documents for one in asked_of_whom(tx.connection)}
    assert found == {("TacGia", NOI, None): 1, ("TruongKhoa", "", None): 1, ("TacGia", "", doctor.id): 1}


def test_how_far_a_job_is_and_how_fast_it_goes(either_store, doctor):
    papers = [asked(either_store, seen=2) for _ in range(4)]
    with either_store.write() as tx:
        tx.signers.give(Office(doctor.id, Capacity.HEAD, NOI))
        job = tx.signing.open_job(doctor.id)
        for number, one in enumerate(papers):
            (signature,) = tx.signing.of(one.id)
            tx.signing.set(signature.id, state="prepared", job_id=job.id)
            if number < 3:
                tx.signing.set(signature.id, state="signed", signed_at=now() + timedelta(seconds=10 * number))
        progress = tx.signing.progress(job.id)
        assert (progress.total, progress.done, round(progress.a_minute)) == (4, 3, 6)
        found, count = tx.signing.ended([job.id], ["signed"], 2)
        assert ([one.document_id for one in found], count) == ([papers[2].id, papers[1].id], 3)
        before = tx.signing.job(job.id).expires_at
        tx.signing.prolong_job(job.id)
        assert tx.signing.job(job.id).expires_at > before


def test_what_came_back_with_a_reason_comes_first_and_is_counted(either_store, doctor):
    late, back = asked(either_store, due=-2), asked(either_store, since=-1)
    with either_store.write() as tx:
        tx.signing.set(tx.signing.of(late.id)[0].id, problem=None)
        tx.signing.set(tx.signing.of(back.id)[0].id, problem={"code": "changed", "vi": "", "en": ""})
        assert queue(tx, doctor).summary().returned == 1
    assert listed(either_store, doctor) == [back.id, late.id]


def test_a_job_is_prepared_by_one_worker_in_the_order_in_which_it_was_sent(either_store, doctor):
    first, second = asked(either_store, seen=2), asked(either_store, seen=2)
    with either_store.write() as tx:
        ids = [tx.signing.of(one.id)[0].id for one in (second, first)]
        job = Preparing(tx.connection).open(doctor.id, ids)
        assert job is not None
        assert [one.document_id for one in tx.outbox.next((TOPIC,), 5)] == [job.id]
    with either_store.write() as tx:
        work = Preparing(tx.connection)
        assert work.claim(job.id, "one:1") is not None
        assert work.claim(job.id, "two:2") is None
        assert (work.holds(job.id, "one:1"), work.holds(job.id, "two:2")) == (True, False)
        begun = work.next(job.id)
        assert begun is not None
        assert (begun.id, begun.attempts) == (ids[0], 1)
        tx.signing.set(begun.id, state="prepared")
        following, resting = work.next(job.id), tx.signing.job(job.id)
        assert following is not None
        assert (following.id, resting and resting.waiting) == (ids[1], None)
        work.rest(job.id, now() + DAY, Message("away", "Không trả lời.", "Away."))
        assert tx.outbox.next((TOPIC,), 5) == []
        resting = tx.signing.job(job.id)
        assert resting is not None
        assert (resting.waits, (resting.waiting or {})["code"]) == (1, "away")
        assert tx.signing.progress(job.id).preparing == 1
    with either_store.write() as tx:
        work = Preparing(tx.connection)
        assert work.claim(job.id, "two:2") is not None
        assert (work.owners(), work.take_back(["two:2"]), work.owners()) == (["two:2"], 1, [])
        assert [one.document_id for one in tx.outbox.next((TOPIC,), 5)] == [job.id]
        tx.signing.end_job(job.id, "stopped")
        assert {one.state for paper in (first, second) for one in tx.signing.of(paper.id)} == {"waiting"}


def test_of_what_waits_no_longer_no_job_is_made(either_store, doctor):
    paper = asked(either_store, seen=2)
    with either_store.write() as tx:
        (signature,) = tx.signing.of(paper.id)
        tx.signing.set(signature.id, state="prepared")
        assert Preparing(tx.connection).open(doctor.id, [signature.id]) is None
