"""The audit log cannot be altered, recomputed or cut off unnoticed."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from pipeline.sealer import Sealer, verify_audit
from pipeline.server_key import server_key
from signing.stamping import stamp
from storage.audit import GENESIS, chained
from tests.fakes.steps import receive


@pytest.fixture
def sealed(store, tmp_path):
    """A store with five sealed entries."""
    for _ in range(5):
        receive(store, 1)
        Sealer(store, server_key(tmp_path), tmp_path / "audit").tick()
    return store


def check(store, tmp_path):
    return verify_audit(store, server_key(tmp_path), tmp_path / "audit")


def test_an_untouched_log_passes_and_tells_sealed_from_unsealed(sealed, tmp_path):
    receive(sealed, 2)
    report = check(sealed, tmp_path)
    assert (report.sealed, report.unsealed, report.faults) == (5, 2, ())


def test_an_altered_entry_is_found(sealed, tmp_path):
    with sealed.write() as tx:
        tx.connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE link = 3"))
    assert "link 3 was altered" in check(sealed, tmp_path).faults


def test_a_whole_chain_recomputed_without_the_key_is_found(sealed, tmp_path):
    with sealed.write() as tx:
        tx.connection.execute(text("UPDATE audit SET actor = 'somebody' WHERE link = 1"))
        previous = GENESIS
        for entry in list(tx.audit.sealed()):
            previous = chained(previous, entry)
            tx.connection.execute(text("UPDATE audit SET hash = :h WHERE link = :l"), {"h": previous, "l": entry.link})
            tx.connection.execute(text("UPDATE audit_heads SET hash = :h WHERE link = :l"), {"h": previous, "l": entry.link})
    assert any("not signed by this server" in fault for fault in check(sealed, tmp_path).faults)


def test_a_cut_tail_is_found_even_if_the_heads_in_the_database_went_with_it(sealed, tmp_path):
    with sealed.write() as tx:
        tx.connection.execute(text("DELETE FROM audit WHERE link > 3"))
        tx.connection.execute(text("DELETE FROM audit_heads WHERE link > 3"))
    assert "entries up to link 5 were sealed and are missing" in check(sealed, tmp_path).faults


def test_a_missing_link_is_found(sealed, tmp_path):
    with sealed.write() as tx:
        tx.connection.execute(text("DELETE FROM audit WHERE link = 2"))
    assert "link 2 is missing" in check(sealed, tmp_path).faults


def test_every_head_is_also_written_outside_the_database(sealed, tmp_path):
    lines = (tmp_path / "audit" / "heads.jsonl").read_text().splitlines()
    assert [json.loads(line)["link"] for line in lines] == [1, 2, 3, 4, 5]


def test_the_days_first_head_gets_a_trusted_time_stamp_that_holds_the_past(sealed, tmp_path, hospital):
    sealer = Sealer(sealed, server_key(tmp_path), tmp_path / "audit", lambda data: stamp(data, hospital.timestamps))
    assert sealer.stamp_daily()
    assert not sealer.stamp_daily()
    assert check(sealed, tmp_path).faults == ()
    (line,) = (tmp_path / "audit" / "stamps.jsonl").read_text().splitlines()
    assert json.loads(line)["link"] == 5
    (tmp_path / "audit" / "heads.jsonl").unlink()
    with sealed.write() as tx:
        tx.connection.execute(text("DELETE FROM audit_heads"))
        tx.connection.execute(text("UPDATE audit SET actor = 'somebody', link = NULL, hash = NULL WHERE link = 1"))
        tx.connection.execute(text("UPDATE audit SET link = NULL, hash = NULL"))
    Sealer(sealed, server_key(tmp_path), tmp_path / "audit").tick()
    assert any("differs from the time stamp" in fault for fault in check(sealed, tmp_path).faults)


def test_without_a_time_stamp_service_nothing_is_stamped(sealed, tmp_path):
    assert not Sealer(sealed, server_key(tmp_path), tmp_path / "audit").stamp_daily()
