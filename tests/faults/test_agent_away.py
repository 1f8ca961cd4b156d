"""The agent never comes for its job: the job ends by itself, and everything waits for the doctor as before."""

from __future__ import annotations

from datetime import timedelta

from domain.documents import State
from pipeline.relay import sweep
from storage.clock import now
from tests.agent.desk import clinic


def test_a_job_nobody_fetched_gives_its_documents_back(store, hospital):
    here = clinic(hospital, store)
    charts = [here.chart(), here.chart()]
    here.send(*charts)
    assert [here.signatures(chart.id)[0].state for chart in charts] == ["prepared", "prepared"]
    assert sweep(store) == 0
    with store.write() as tx:
        past = str((now() - timedelta(minutes=1)).replace(tzinfo=None))
        tx.connection.exec_driver_sql("UPDATE sign_jobs SET expires_at = ?", (past,))
    assert sweep(store) == 1
    assert [here.signatures(chart.id)[0].state for chart in charts] == ["waiting", "waiting"]
    assert [here.document(chart.id).state for chart in charts] == [State.AWAITING_SIGNATURE] * 2
    here.send(*charts)
    assert [here.signatures(chart.id)[0].state for chart in charts] == ["prepared", "prepared"]
