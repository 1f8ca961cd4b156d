"""What may kill or never end is done elsewhere, by one process that is kept as long as it lives; nothing outlives its master."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from domain.documents import Origin, State
from domain.errors import Unreadable
from ingest.accept import Arrival, Outcome, accept
from ingest.settings import IngestSettings
from pipeline.guard import Guard
from pipeline.page_pool import Died, NextWay
from storage.store import Store
from tests.generator import hostile
from tests.pipeline.test_page_pool import busy, children, good, killed, otherwise, out_of_memory, surprised, unreadable


def kill_the_keeper(_: int) -> str:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
    return ""


def gives_up(_: int) -> str:
    raise NextWay


def pid() -> int:
    return os.getpid()


def errand(*ways):
    return [partial(way, 1) for way in ways]


def test_one_process_is_kept_for_all_errands_until_it_dies():
    with Guard() as guard:
        first = guard.do([pid], 5)
        assert guard.do([pid], 5) == first != os.getpid()
        with pytest.raises(Died):
            guard.do(errand(killed), 5)
        assert guard.do([pid], 5) != first


def test_a_new_process_starts_though_the_keeper_has_grown_since_its_start():
    with Guard() as guard:
        assert guard.do([partial(len, bytes(24 << 20))], 5) == 24 << 20
        assert guard.do(errand(killed, otherwise), 5) == otherwise(1)


@pytest.mark.parametrize("bad", [killed, busy, out_of_memory, surprised, gives_up])
def test_what_dies_or_gives_up_is_done_otherwise(bad):
    before = children()
    with Guard() as guard:
        assert guard.do(errand(bad, otherwise), 0.3) == otherwise(1)
        assert guard.do(errand(good), 0.3) == good(1)
    assert children() == before


def test_an_ordinary_error_is_the_answer():
    with Guard() as guard, pytest.raises(Unreadable):
        guard.do(errand(unreadable, otherwise), 5)


def test_a_keeper_that_was_ended_is_replaced():
    with Guard() as guard:
        with pytest.raises(Died):
            guard.do(errand(kill_the_keeper), 5)
        assert guard.do(errand(good), 5) == good(1)


def test_a_file_that_never_comes_to_an_end_is_refused_and_stays_visible(store: Store, tmp_path: Path) -> None:
    arrival = Arrival(hostile.many_pages(tmp_path / "many.pdf", 3000), Origin("many.pdf", "test"))
    with Guard() as guard:
        accepted = accept(store, arrival, IngestSettings(most_pages=10_000), partial(guard.inspect, seconds=0.02))
    assert accepted.outcome is Outcome.REFUSED
    assert accepted.document.state is State.REJECTED
    assert [reason.code for reason in accepted.document.reasons] == ["deadly"]
