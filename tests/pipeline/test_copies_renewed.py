"""The proof in an issued copy is renewed before it ends, like a document's; what cannot be renewed is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from domain.copies import CertifiedCopy, CopyForm, CopyRequest
from domain.lasting import Ends
from domain.signatures import Verdict
from pdfa.inked import page_ink
from pipeline import health, wiring_copies
from pipeline.copying import CopyRenewals, CopyRunner
from pipeline.relay import sweep
from pipeline.settings import Settings
from signing.certified import CopyMaker
from signing.providers import Providers
from signing.renew import Renewer
from signing.trust import load_trust
from signing.trusted import TrustDesk
from signing.verify import verify_as_of
from storage.copies import CertifiedCopies
from storage.copying import RENEW, CopyWork
from storage.settings import StorageSettings
from storage.signer_tables import certified_copies
from storage.store import Store
from tests.fakes.authority import Authority
from tests.pipeline.decade import BORN, DUE, ERAS, Archive, proven
from tests.signing.fixtures import Hospital

SOON = DUE + timedelta(days=200)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> object:
    with Authority(tmp_path_factory.mktemp("authority"), *ERAS) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(authority: Authority, hospital: Hospital, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proven(authority, hospital, tmp_path_factory.mktemp("proven"))


@pytest.fixture
def archive(store: Store, authority: Authority, file: Path) -> Archive:
    authority.clock = DUE
    return Archive(store, authority, file)


def issued(archive: Archive) -> CertifiedCopy:
    """A copy of 2016, of which nobody noted when its proof ends."""
    document_id, name = archive.chart(), archive.store.objects.put_file(archive.file)
    with archive.store.write() as tx:
        order = CertifiedCopies(tx.connection).ask(document_id, name, CopyRequest(CopyForm.FULL, "Tòa án", "Công văn"), "bacsi")
        copy = CopyWork(tx.connection).issue(order.id, name, name, BORN, BORN)
        tx.connection.execute(update(certified_copies).values(ends_at=None))
        tx.documents.add_version(document_id, "copy", name, {"copy": copy.id})
    return copy


def round_(archive: Archive, owner: str = "test:1") -> int:
    """A minute of the dispatcher and of a worker; how many copies were asked for."""
    number = CopyRenewals(archive.store, archive.renewer, 10).ask()
    maker = CopyMaker(
        archive.settings, Providers(archive.settings, Path()), partial(wiring_copies.derived, "x"), page_ink,
        partial(wiring_copies.judged, ()),
    )  # fmt: skip
    runner = CopyRunner(archive.store, maker, archive.renewer, owner)
    with archive.store.read() as tx:
        errands = tx.outbox.next((RENEW,), 10)
    for errand in errands:
        runner.renew(errand.document_id)
    return number


def as_it_is(archive: Archive, copy: CertifiedCopy) -> CertifiedCopy:
    with archive.store.read() as tx:
        found = CertifiedCopies(tx.connection).get(copy.id)
        assert found
        return found


def test_a_copy_whose_proof_ends_within_the_year_gets_another_time_stamp_and_both_files_are_known(archive: Archive) -> None:
    copy = issued(archive)
    assert round_(archive) == 1
    renewed = as_it_is(archive, copy)
    assert renewed.sha256 == copy.sha256
    assert renewed.current != copy.sha256
    assert renewed.ends_at
    assert renewed.ends_at > SOON
    old, new = (archive.store.objects.path(name).read_bytes() for name in (copy.sha256, renewed.current))
    assert new.startswith(old)
    path, trust = archive.store.objects.path(renewed.current), load_trust(archive.settings.trust)
    (later,) = verify_as_of(path, trust, [SOON + timedelta(days=300)])
    assert later.verdict is Verdict.PASSED
    with archive.store.read() as tx:
        known = [one["sha256"] for one in tx.documents.versions(copy.document_id) if one["kind"] == "copy"]
        acts = [one.act for one in tx.audit.of(copy.document_id)]
        assert CertifiedCopies(tx.connection).ending(archive.renewer.soon) == (0, None)
    assert known == [copy.sha256, renewed.current]
    assert acts.count("renew_copy") == 1
    assert round_(archive) == 0


def test_while_the_service_of_time_is_away_the_renewal_waits_and_nobody_loses_the_copy(archive: Archive) -> None:
    copy = issued(archive)
    away = Archive(archive.store, archive.authority, archive.file)
    away.settings = archive.settings.__class__("http://127.0.0.1:9/tsa", archive.settings.trust, 5)
    away.renewer = Renewer(away.settings, lambda: archive.authority.clock, TrustDesk(archive.store, away.settings).trust)
    round_(away)
    waiting = as_it_is(archive, copy)
    assert (waiting.current, waiting.problem and waiting.problem.code) == (copy.sha256, "tsa_away")
    with archive.store.write() as tx:
        assert tx.outbox.next((RENEW,), 10) == [], "it goes on by itself, later"
        assert CopyWork(tx.connection).again(copy.id), "a person need not wait"
    round_(archive)
    assert as_it_is(archive, copy).current != copy.sha256
    with archive.store.write() as tx:
        assert not CopyWork(tx.connection).again(copy.id), "nothing is in the way any more"
        assert tx.outbox.next((RENEW,), 10) == []


@pytest.mark.parametrize("ends_at", [DUE, None], ids=["seen by the worker", "seen by the survey"])
def test_a_copy_that_was_altered_is_not_renewed_and_a_person_is_told(
    archive: Archive, tmp_path: Path, ends_at: datetime | None
) -> None:
    copy = issued(archive)
    with archive.store.write() as tx:
        values = {"current": archive.store.objects.put(b"%PDF-1.7 altered"), "ends_at": ends_at}
        tx.connection.execute(update(certified_copies).values(values))
        heard = tx.events.last()
    assert round_(archive) == (1 if ends_at else 0), "what the survey sees is not asked for"
    stuck = as_it_is(archive, copy)
    assert stuck.problem
    with archive.store.read() as tx:
        (entry,) = [one for one in tx.audit.of(copy.document_id) if one.act == "problem"]
        told = [(one.kind, one.document_id, one.person_id) for one in tx.events.after(heard)]
    assert (entry.actor, entry.details) == ("renewal", {"copy": copy.number, "code": stuck.problem.code})
    assert told == [("copies", None, None)], "everybody: archive staff count it and do not see the paper"
    _, alarms = health.lasting(archive.store, Settings(StorageSettings(tmp_path)))
    assert "copies_end" in [one.code for one in alarms]
    assert round_(archive) == 0


def test_what_two_surveys_see_at_once_is_said_once(archive: Archive) -> None:
    copy = issued(archive)
    with archive.store.write() as tx:
        tx.connection.execute(update(certified_copies).values(current=archive.store.objects.put(b"%PDF-1.7 altered")))

    class Late(Renewer):
        def last(self, path: Path) -> Ends:
            CopyRenewals(archive.store, archive.renewer, 10).ask()
            return super().last(path)

    CopyRenewals(archive.store, Late(archive.settings, lambda: DUE, TrustDesk(archive.store, archive.settings).trust), 10).ask()
    with archive.store.read() as tx:
        assert [one.act for one in tx.audit.of(copy.document_id)].count("problem") == 1


def test_what_a_dead_worker_has_left_is_asked_for_again(archive: Archive) -> None:
    copy = issued(archive)
    with archive.store.write() as tx:
        CopyWork(tx.connection).note(copy.id, DUE)
        assert CopyWork(tx.connection).claim_renewal(copy.id, "may-khac:1")
        assert CopyWork(tx.connection).claim_renewal(copy.id, "test:1") is None
        assert CopyWork(tx.connection).take_back(["may-khac:1"]) == 1
    assert sweep(archive.store) == 0
    round_(archive)
    assert as_it_is(archive, copy).current != copy.sha256
