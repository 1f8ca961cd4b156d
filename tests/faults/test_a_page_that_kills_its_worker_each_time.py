"""A page that kills its worker each time becomes a visible problem after the third; the other documents go on."""

from __future__ import annotations

from domain.documents import State
from tests.fakes.steps import receive
from tests.faults.process import run

MODULE = "tests.faults.poisoned"


def test_the_page_becomes_a_problem_for_a_person_and_the_rest_goes_on(store, tmp_path):
    poisoned, healthy = receive(store, 2)
    with store.write() as tx:
        tx.remember("poisoned", poisoned)
    deaths = 0
    while run(tmp_path / "data", "never", -1, MODULE) == -9:
        deaths += 1
        assert deaths <= 3
    assert deaths == 3
    with store.read() as tx:
        problem = tx.documents.get(poisoned).problem
        assert problem is not None
        assert problem.code == "killed_worker"
        assert tx.documents.get(poisoned).state is State.PAGED
        assert tx.documents.get(healthy).state is State.KEPT
