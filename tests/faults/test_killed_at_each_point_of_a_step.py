"""kill -9 of a worker at every named point of a step: nothing is lost, nothing is done twice."""

from __future__ import annotations

import pytest

from domain.documents import State
from tests.fakes.steps import receive
from tests.faults.process import run

POINTS = ["after-look", "in-work", "before-commit", "after-commit"]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_this_point_loses_and_doubles_nothing(store, tmp_path, point):
    documents = receive(store, 3)
    for countdown in (1, 3, 7):
        assert run(tmp_path / "data", point, countdown) == -9
    assert run(tmp_path / "data", "never", -1) == 0
    with store.read() as tx:
        assert [d.state for d in tx.documents.listed()] == [State.KEPT] * 3
        for document in documents:
            moves = [entry.details["end"] for entry in reversed(tx.audit.of(document)) if entry.act == "move"]
            assert moves == ["PAGED", "READ", "FILED", "BOUND", "KEPT"]
