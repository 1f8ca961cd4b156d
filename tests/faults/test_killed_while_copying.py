"""kill -9 of a worker at every named point while it makes a certified copy: it is issued once, under one number."""

from __future__ import annotations

import pytest

from domain.copies import CopyStage
from signing.copies import CopyDesk
from storage.copies import CertifiedCopies
from tests.faults.ordering import as_environment
from tests.faults.process import run
from tests.signing.copied import asked, found, kept, now_
from tests.signing.ordered import ordered

POINTS = ["after-look", "sealed", "in-work", "before-commit", "after-commit"]


@pytest.fixture
def here(store, hospital, tmp_path, monkeypatch):
    made = ordered(hospital, store, None, tmp_path)
    monkeypatch.setenv("ORDERED", as_environment(made.settings))
    return made


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_this_point_issues_the_copy_once_and_loses_nothing(here, point):
    document = kept(here)
    order = asked(here, document)
    assert run(here.data, point, 1, "tests.faults.copying") == -9
    assert run(here.data, "never", -1, "tests.faults.copying") == 0
    assert run(here.data, "never", -1, "tests.faults.copying") == 0
    copy = found(here, order)
    assert copy
    assert copy.number == 1
    with here.store.read() as tx:
        assert CertifiedCopies(tx.connection).of(document.id) == [copy]
        acts = [entry.act for entry in tx.audit.of(document.id)]
        names = [one["sha256"] for one in tx.documents.versions(document.id) if one["kind"] == "copy"]
        assert tx.outbox.waiting("copy") == 0
    assert (acts.count("ask_copy"), acts.count("certify_copy"), names) == (1, 1, [copy.sha256])


def test_a_copy_that_kills_its_worker_three_times_ends_with_the_reason_and_is_made_once_somebody_says_so(here):
    document = kept(here)
    order = asked(here, document)
    for _ in range(3):
        assert run(here.data, "sealed", 1, "tests.faults.copying") == -9
    assert run(here.data, "sealed", 1, "tests.faults.copying") == 0
    ended = now_(here, order)
    assert (ended.stage, ended.problem and ended.problem.code) == (CopyStage.ENDED, "copy_killed_worker")
    CopyDesk(here.store).again(here.clinic.doctor, order.id)
    assert run(here.data, "never", -1, "tests.faults.copying") == 0
    assert found(here, order)
