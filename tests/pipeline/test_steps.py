"""How a step is run: in three beats, once, and what becomes of errors."""

from __future__ import annotations

import pickle
from datetime import timedelta

import pytest

from domain.documents import State
from domain.errors import PartAway, Refused
from pipeline.flow import Flow
from pipeline.retries import wait_for_part
from pipeline.steps import Runner
from storage.clock import now
from storage.store import Store
from tests.fakes.steps import passing_flow, receive

AWAY = PartAway("tsa_away", "Dịch vụ dấu thời gian không trả lời.", "The time-stamp service does not answer.")
REFUSED = Refused("broken", "Tệp hỏng.", "The file is broken.")


def carry(store: Store, runner: Runner, document_id: str, rounds: int = 20) -> State:
    """Run errands until nothing is due."""
    for _ in range(rounds):
        with store.read() as tx:
            errands = tx.outbox.next(("step", "page"), 10)
        for errand in errands:
            if errand.page is None:
                runner.run_step(errand.document_id)
            else:
                runner.run_page(errand.document_id, errand.page)
    with store.read() as tx:
        return tx.documents.get(document_id).state


def test_a_part_that_says_when_it_will_be_ready_is_not_asked_before_and_at_least_once_a_day():
    moment = now()
    for known, waits in ((timedelta(hours=3), 3), (timedelta(days=9), 24), (timedelta(seconds=-7), 0)):
        rest = wait_for_part(PartAway("early", "Chờ.", "Wait.", moment + known), 0, moment)
        assert rest == max(timedelta(hours=waits), timedelta(seconds=5))
    again = pickle.loads(pickle.dumps(PartAway("early", "Chờ.", "Wait.", moment)))
    assert (again.until, again.message.code) == (moment, "early")


def test_a_document_is_carried_from_received_to_kept(store):
    (document,) = receive(store, 1)
    assert carry(store, Runner(store, passing_flow(), "w"), document) is State.KEPT
    with store.read() as tx:
        moves = [entry.details["end"] for entry in reversed(tx.audit.of(document)) if entry.act == "move"]
        assert moves == ["PAGED", "READ", "FILED", "BOUND", "KEPT"]
        assert tx.documents.get(document).pages_read == 2
        assert tx.outbox.next(("step", "page"), 10) == []


def test_an_errand_delivered_twice_does_no_harm(store):
    (document,) = receive(store, 1)
    runner = Runner(store, passing_flow(), "w")
    carry(store, runner, document)
    for _ in range(2):
        runner.run_step(document)
        runner.run_page(document, 1)
    with store.read() as tx:
        assert sum(entry.act == "move" for entry in tx.audit.of(document)) == 5


def test_a_part_that_is_away_makes_the_work_wait_and_never_fail(store):
    (document,) = receive(store, 1)
    runner = Runner(store, passing_flow({"FILED": [AWAY] * 8}), "w")
    carry(store, runner, document)
    for _ in range(8):
        with store.write() as tx:
            current = tx.documents.get(document)
            assert current.state is State.FILED
            assert current.problem is None
            assert current.retry_at > now()
            tx.outbox.claimed("step", document)
            tx.outbox.add("step", document)
        carry(store, runner, document, rounds=1)
    assert carry(store, runner, document) is State.KEPT


def test_an_error_nobody_thought_of_becomes_a_problem_after_three_times_and_a_person_may_try_again(store):
    (document,) = receive(store, 1)
    runner = Runner(store, passing_flow({"READ": [ValueError("Nguyễn Văn A")] * 3}), "w")
    for _ in range(3):
        carry(store, runner, document)
        with store.write() as tx:
            tx.outbox.claimed("step", document)
            tx.outbox.add("step", document)
    with store.write() as tx:
        current = tx.documents.get(document)
        assert current.problem is not None
        assert current.waits_for_a_person
        assert "Nguyễn" not in current.problem.vi + current.problem.en
        tx.documents.try_again(current, "mai")
    assert carry(store, runner, document) is State.KEPT


@pytest.mark.parametrize(
    ("state", "end"), [("RECEIVED", State.REJECTED), ("PAGED", State.REJECTED), ("FILED", State.NEEDS_REVIEW)]
)
def test_a_refusal_ends_in_a_visible_state_with_its_reason(store, state, end):
    (document,) = receive(store, 1)
    assert carry(store, Runner(store, passing_flow({state: [REFUSED]}), "w"), document) is end
    with store.read() as tx:
        assert tx.documents.get(document).reasons == (REFUSED.message,)


def test_a_flow_with_a_hole_cannot_be_made():
    with pytest.raises(ValueError, match="states without a step"):
        Flow(passing_flow().page_step, [])


def test_a_lease_from_before_the_clock_jumped_back_holds_nobody_up(store):
    (document,) = receive(store, 1)
    with store.write() as tx:
        tx.documents.claim(document, "w")
        tx.connection.exec_driver_sql(
            "UPDATE documents SET lease_until = ?", (str((now() + timedelta(days=1)).replace(tzinfo=None)),)
        )
    with store.read() as tx:
        assert [d.id for d in tx.documents.overdue()] == [document]
    with store.write() as tx:
        assert tx.documents.claim(document, "other") is not None
