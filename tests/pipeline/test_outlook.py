"""What ends when: the figures and the alarms that the command, the doctor and the screen show."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.main import run
from domain.documents import Document, Origin, State
from domain.errors import Message
from domain.lasting import Ends
from pipeline import health
from pipeline.settings import Settings
from storage.clock import now
from storage.lasting import Lasting
from storage.settings import StorageSettings
from storage.store import Store


def proven(store: Store, ends: Ends, sha256: str) -> Document:
    with store.write() as tx:
        document = tx.documents.add(Origin("quét.pdf", "cli"), sha256, 1, pages=1)
        for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED, State.PROVEN):
            document = tx.documents.move(document, state, "test", current=sha256)
        Lasting(tx.connection).note(document.id, sha256, ends)
        return document


def ending(months: float, authority: str = "TSA 1") -> Ends:
    at = now() + timedelta(days=30 * months)
    return Ends(at, authority, at, authority, authority.encode().hex())


@pytest.fixture
def told(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """What the command says as JSON, with its exit status."""
    monkeypatch.setenv("LUUKY_DATA", str(tmp_path / "data"))

    def ask(*options: str):
        status = run(["custody", "lasting", "--json", *options])
        return json.loads(capsys.readouterr().out), status

    return ask


def test_each_certificate_that_stamped_is_counted_the_first_to_end_at_the_head(store, told):
    for number in range(3):
        proven(store, ending(40 + number), f"{number:064d}")
    proven(store, ending(10, "TSA 0"), "a" * 64)
    said, status = told()
    assert [(one["authority"], one["documents"], one["due"]) for one in said["chains"]] == [("TSA 0", 1, 1), ("TSA 1", 3, 0)]
    assert datetime.fromisoformat(said["chains"][0]["ends_at"]) > datetime.now(UTC)
    assert (said["alarms"], said["troubled"], status) == ([], [], 0)


def test_what_should_have_been_renewed_months_ago_is_an_alarm(store, told):
    proven(store, ending(5), "b" * 64)
    said, status = told()
    assert ([alarm["code"] for alarm in said["alarms"]], status) == (["proof_ends_soon"], 1)
    assert "TSA 1" in said["alarms"][0]["vi"]


def test_what_could_not_be_renewed_is_an_alarm_until_a_person_has_it_tried_again(store, told):
    document = proven(store, ending(9), "c" * 64)
    with store.write() as tx:
        tx.documents.give_up(document, Message("renewal_too_late", "Hết hạn.", "Ended."))
    said, status = told()
    assert (said["troubled"], [alarm["code"] for alarm in said["alarms"]], status) == ([document.id], ["renewal_impossible"], 1)
    said, status = told("--again")
    assert (said["troubled"], said["alarms"], status) == ([], [], 0)
    with store.read() as tx:
        assert next(one.act for one in tx.audit.of(document.id)) == "try_again"


def test_a_version_that_was_replaced_counts_no_more(store, told):
    document = proven(store, ending(5), "d" * 64)
    with store.write() as tx:
        tx.documents.change(document, "test", "test", current="e" * 64)
    assert told()[0]["chains"] == []


def test_the_doctor_names_the_first_end_and_the_worst_alarm(store, tmp_path):
    settings = Settings(StorageSettings(tmp_path / "data"))
    kept = proven(store, ending(60), "f" * 64)
    (finding,) = [one for one in health.examine(store, settings) if one.part == "lasting"]
    assert (finding.state, finding.detail.startswith("1 documents")) == ("ok", True)
    with store.write() as tx:
        tx.documents.give_up(kept, Message("renewal_too_late", "Hết hạn.", "Ended."))
    (finding,) = [one for one in health.examine(store, settings) if one.part == "lasting"]
    assert (finding.state, "could not be renewed" in finding.detail) == ("warning", True)
