"""kill -9 of a worker at every named point of a renewal: every document is renewed in the end, and none twice."""

from __future__ import annotations

import pytest

from custody.fixity import check_all
from domain.documents import State
from tests.fakes.authority import Authority
from tests.faults.process import run
from tests.pipeline.decade import DUE, ERAS, Archive, proven

POINTS = ["after-look", "in-work", "before-commit", "after-commit"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    with Authority(tmp_path_factory.mktemp("authority"), *ERAS) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(authority, hospital, tmp_path_factory):
    return proven(authority, hospital, tmp_path_factory.mktemp("proven"))


@pytest.fixture
def archive(store, monkeypatch, authority, file):
    authority.clock = DUE
    for name, value in (("TSA", authority.tsa_url), ("ROOTS", str(authority.roots)), ("CLOCK", DUE.isoformat())):
        monkeypatch.setenv(name, value)
    return Archive(store, authority, file)


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_this_point_renews_nothing_twice_and_loses_nothing(archive, store, tmp_path, point):
    charts = [archive.chart() for _ in range(2)]
    archive.renewals.survey()
    for countdown in (1, 2):
        assert run(tmp_path / "data", point, countdown, "tests.faults.renewing") in (-9, 0)
    assert run(tmp_path / "data", "never", -1, "tests.faults.renewing") == 0
    for chart in charts:
        assert archive.kinds(chart) == ["proven", "manifest", "renewed", "manifest"]
        assert archive.document(chart).state is State.KEPT
        with store.read() as tx:
            assert len([one for one in tx.audit.of(chart) if one.act == "renew"]) == 1
    assert archive.renewals.ask() == 0
    assert check_all(store, "test").missing == ()
