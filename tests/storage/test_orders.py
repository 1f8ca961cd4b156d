"""Orders in both databases: whose turn it is, one after the other for a person, leases, rests, and the queue of the seal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.documents import Origin, State
from domain.errors import Message
from domain.people import Role
from domain.signatures import SigningRule
from storage import orders as kept
from storage.clock import now
from storage.orders import Orders, Way

WHY = Message("provider_away", "Dịch vụ ký nghỉ.", "Away.")


@pytest.fixture
def doctor(either_store):
    with either_store.write() as tx:
        return tx.people.add("bacsi", "BS. Bảo", Role.DOCTOR, "mật khẩu của bác sĩ")


def waiting(store, *rules):
    with store.write() as tx:
        document = tx.documents.add(Origin("quét.pdf", "cli"), "0" * 64, 1, pages=1)
        for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE):
            document = tx.documents.move(document, state, "test")
        tx.signing.ask(document.id, rules)
        return {one.field: one for one in tx.signing.of(document.id)}


def ordered(store, doctor, *signatures):
    with store.write() as tx:
        job = tx.signing.open_job(doctor.id)
        for one in signatures:
            tx.signing.set(one.id, state="prepared", job_id=job.id)
        return Orders(tx.connection).open(job, Way(doctor.id, "smartca", "001", "khóa"))


def test_with_what_a_person_signs_is_set_changed_and_dropped(either_store, doctor):
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        for way in (Way(doctor.id, "smartca", "001"), Way(doctor.id, "csc", "b", "k", "trạng thái")):
            orders.set_way(way)
            assert orders.ways() == {doctor.id: way}
        orders.drop_way(doctor.id)
        assert orders.way(doctor.id) is None


def test_of_a_persons_orders_only_the_oldest_is_due_and_no_agent_takes_them(either_store, doctor):
    first = ordered(either_store, doctor, waiting(either_store, SigningRule("", "TacGia", "author"))["TacGia"])
    second = ordered(either_store, doctor, waiting(either_store, SigningRule("", "TacGia", "author"))["TacGia"])
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        assert tx.signing.jobs(doctor.id) == []
        assert tx.signing.expire_jobs() == []
        assert orders.due("dispatcher", 9) == [first.id]
        assert orders.due("worker", 9) == []
        orders.put(first.id, kept.SIGNED, kept={"a": 1})
        assert (orders.due("dispatcher", 9), orders.due("worker", 9)) == ([], [first.id])
        orders.put(first.id, kept.DONE)
        assert orders.due("dispatcher", 9) == [second.id]
        assert [one.id for one in orders.of(doctor.id)] == [second.id]


def test_a_claim_counts_holds_and_is_taken_back_from_the_dead(either_store, doctor):
    order = ordered(either_store, doctor)
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        assert orders.claim(order.id, "worker", "a:1") is None
        claimed = orders.claim(order.id, "dispatcher", "a:1")
        assert claimed is not None
        assert claimed.attempts == 1
        assert orders.claim(order.id, "dispatcher", "b:2") is None
        assert orders.note(order.id, "b:2", begun=True) is False
        assert orders.note(order.id, "a:1", begun=True)
        assert orders.take_back(["b:2"]) == 0
        assert orders.take_back(["a:1"]) == 1
        again = orders.claim(order.id, "dispatcher", "b:2")
        assert again is not None
        assert (again.attempts, again.begun) == (2, True)
        orders.rest(order.id, now() + timedelta(minutes=1), WHY, counts=False)
        assert orders.claim(order.id, "dispatcher", "b:2") is None
        resting = orders.get(order.id)
        assert (resting.attempts, resting.waits, resting.problem) == (0, 1, WHY)
        assert orders.again_now("smartca") == 1
        assert orders.claim(order.id, "dispatcher", "b:2") is not None


def test_what_was_ended_stays_ended_whoever_comes_late(either_store, doctor):
    order = ordered(either_store, doctor)
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        orders.claim(order.id, "dispatcher", "a:1")
        orders.put(order.id, kept.ENDED)
        assert not orders.holds(order.id, "a:1")
        orders.put(order.id, kept.SIGNED)
        orders.rest(order.id, now(), WHY, counts=True)
        assert (orders.get(order.id).state, orders.get(order.id).problem) == (kept.ENDED, None)
        last = orders.last(doctor.id)
        assert last is not None
        assert last.id == order.id


def test_a_worker_is_asked_once_for_each_order(either_store):
    seals = [waiting(either_store, SigningRule("", "ConDau", "seal"))["ConDau"] for _ in range(2)]
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        made = [orders.open_seal([one.id]).id for one in seals]
        assert orders.ask(9) == 2
        assert orders.ask(9) == 0
        assert [one.document_id for one in tx.outbox.next((kept.TOPIC,), 9)] == made
        assert orders.claim(made[0], "worker", "a:1") is not None
        assert [one.document_id for one in tx.outbox.next((kept.TOPIC,), 9)] == made[1:]


def test_the_seals_queue_holds_what_is_its_turn_and_nothing_is_wrong_with(either_store):
    free = waiting(either_store, SigningRule("", "ConDau", "seal"))["ConDau"]
    later = waiting(either_store, SigningRule("", "TacGia", "author"), SigningRule("", "ConDau", "seal", step=2))
    beside = waiting(either_store, SigningRule("", "TacGia", "author"), SigningRule("", "ConDau", "seal"))
    wrong = waiting(either_store, SigningRule("", "ConDau", "seal"))["ConDau"]
    with either_store.write() as tx:
        tx.signing.set(beside["TacGia"].id, state="received")
        tx.documents.give_up(tx.documents.get(wrong.document_id), WHY)
        orders = Orders(tx.connection)
        assert [one.id for one in orders.to_seal()] == [free.id]
        assert later["ConDau"].state == "later"
        order = orders.open_seal([free.id])
        assert orders.to_seal() == []
        assert orders.seal_wait().count == 1
        assert [one.id for one in orders.items(order.id)] == [free.id]
        assert [one.id for one in orders.sealing()] == [order.id]


def test_what_nobody_typed_in_time_is_found(either_store, doctor):
    order = ordered(either_store, doctor)
    with either_store.write() as tx:
        orders = Orders(tx.connection)
        orders.put(order.id, kept.ASKS, retry_at=now() + timedelta(minutes=1))
        assert orders.forgotten() == []
        assert orders.claim(order.id, "person", "web:1") is not None
        orders.put(order.id, kept.ASKS, retry_at=now() - timedelta(minutes=1))
        assert [one.id for one in orders.forgotten()] == [order.id]
