"""kill -9 of a worker at every named point while it prepares a batch: each document is prepared once, and all go to the desk."""

from __future__ import annotations

import pytest

from tests.agent.desk import clinic
from tests.faults.process import run

POINTS = ["after-look", "in-work", "before-commit", "after-commit"]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_this_point_prepares_nothing_twice_and_loses_nothing(store, hospital, tmp_path, monkeypatch, point):
    monkeypatch.setenv("TSA", hospital.authority.tsa_url)
    monkeypatch.setenv("ROOTS", str(hospital.authority.trust))
    here = clinic(hospital, store)
    charts = [here.chart() for _ in range(3)]
    job = here.desk.send(here.doctor, [here.signatures(one.id)[0].id for one in charts])
    for countdown in (1, 2):
        assert run(tmp_path / "data", point, countdown, "tests.faults.preparing") in (-9, 0)
    assert run(tmp_path / "data", "never", -1, "tests.faults.preparing") == 0
    with store.read() as tx:
        ended = tx.signing.job(job.id)
        assert ended is not None
        assert ended.state == "pending"
        assert [one.document_id for one in tx.signing.in_job(job.id)] == [one.id for one in charts]
        assert {one.state for one in tx.signing.in_job(job.id)} == {"prepared"}
        acts = [[entry.act for entry in tx.audit.of(one.id)].count("prepare_signature") for one in charts]
    assert acts == [1, 1, 1]
