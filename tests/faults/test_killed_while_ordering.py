"""kill -9 at every point of an order of signatures: nothing is signed twice, nobody's phone asks twice without a word, nothing is
lost.
"""

from __future__ import annotations

import pytest

from domain.documents import State
from storage import orders as kept
from tests.signing.ordered import ordered

KILLED = -9


@pytest.fixture
def here(hospital, store, services, tmp_path):
    return ordered(hospital, store, services, tmp_path)


def test_an_order_that_the_provider_finds_again_goes_on_after_every_death_and_the_phone_asks_once(here, services):
    here.signs_with("smartca")
    charts = here.charts(3)
    order = here.send(*charts)
    for point, countdown in (("before-asking", 1), ("asked", 1), ("after-asking", 1), ("filled", 1), ("signing", 2)):
        assert here.in_a_process(point, countdown) == KILLED, point
    assert here.in_a_process() == 0
    assert here.order(order.id).state == kept.DONE
    assert here.states(charts) == [State.SIGNED] * 3
    assert len(services.seen()["prompts"]) == 1
    for chart in charts:
        assert here.kinds(chart) == ["fields", "signed"]
        assert [act for actor, act in here.acts(chart) if actor == "bacsi" and act == "move"] == ["move"]


@pytest.mark.parametrize("provider", ["mysign", "csc"])
def test_where_the_provider_knows_no_ids_of_ours_nothing_is_repeated_and_the_person_is_told(here, services, provider):
    here.signs_with(provider)
    charts = here.charts(2)
    order = here.send(*charts)
    assert here.in_a_process("asked", 1) == KILLED
    assert here.in_a_process() == 0
    ended = here.order(order.id)
    assert (ended.state, ended.problem and ended.problem.code) == (kept.ENDED, "provider_unsure")
    assert len(services.seen()["prompts"]) == 1
    assert here.problems(charts) == {"provider_unsure"}
    assert here.states(charts) == [State.AWAITING_SIGNATURE] * 2
    services.rule()
    again = here.send(*charts)
    here.until(again, kept.DONE)
    assert here.states(charts) == [State.SIGNED] * 2


@pytest.mark.parametrize(("point", "countdown"), [("in-work", 1), ("asked", 1), ("filled", 1), ("signing", 2)])
def test_a_batch_of_the_seal_goes_on_and_nothing_is_sealed_twice(here, point, countdown):
    charts = [here.chart(sealed=True, signed=False) for _ in range(3)]
    assert here.in_a_process(point, countdown, automatic=True) == KILLED
    assert here.in_a_process() == 0
    assert here.states(charts) == [State.SIGNED] * 3
    assert {tuple(here.kinds(chart)) for chart in charts} == {("fields", "signed")}


def test_what_has_killed_its_worker_three_times_is_one_documents_problem(here):
    charts = [here.chart(sealed=True, signed=False) for _ in range(2)]
    assert here.in_a_process("after-look", 1, automatic=True) == KILLED
    for _ in range(2):  # taken apart: the first of the two is begun, and kills
        assert here.in_a_process("after-look", 1) == KILLED
    assert here.in_a_process() == 0
    problems = [here.clinic.document(one.id).problem for one in charts]
    assert [one.code if one else None for one in problems] == ["killed_worker", None]
    assert here.states(charts) == [State.AWAITING_SIGNATURE, State.SIGNED]


def test_a_second_process_leaves_what_another_is_asking_alone(here, services):
    services.rule(delay=3.0)
    here.signs_with("mysign")  # answers when the person has approved
    charts = here.charts(1)
    order = here.send(*charts)
    with here.store.write() as tx:
        assert kept.Orders(tx.connection).claim(order.id, "dispatcher", "may-khac:2") is not None
    here.watch.run(order.id)
    here.runner.run(order.id)
    assert services.seen()["prompts"] == []
    assert here.states(charts) == [State.AWAITING_SIGNATURE]
