"""Renewing what is kept: who asks, who does it, what is left behind, and what a person is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from custody.fixity import check_all
from domain.documents import State
from domain.errors import Broken, PartAway, Stale
from pdfa.validator import Judgement
from signing.trust import load_trust
from signing.verify import Expected, verify_file
from storage.lasting import Lasting
from storage.store import Store
from storage.tables import outbox
from storage.trust import TrustBook
from tests.fakes.authority import Authority
from tests.pipeline.decade import DUE, ERAS, Archive, proven
from tests.signing.fixtures import Hospital

FAILS = Judgement(False, "PDF/A-2U", ("6.1.2-1",), "veraPDF", "1.30")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with Authority(tmp_path_factory.mktemp("authority"), *ERAS) as opened:
        yield opened


@pytest.fixture(scope="module")
def file(authority: Authority, hospital: Hospital, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return proven(authority, hospital, tmp_path_factory.mktemp("proven"))


@pytest.fixture
def archive(store: Store, authority: Authority, file: Path) -> Archive:
    authority.lies.clear()
    authority.clock = DUE
    return Archive(store, authority, file)


def test_a_kept_document_gets_a_new_version_and_a_new_manifest_and_stays_kept(archive: Archive) -> None:
    chart = archive.chart()
    before = archive.document(chart)
    assert archive.round() == 1

    after = archive.document(chart)
    assert (after.state, after.problem) == (State.KEPT, None)
    assert after.current != before.current
    assert archive.kinds(chart) == ["proven", "manifest", "renewed", "manifest"]
    with archive.store.read() as tx:
        versions = tx.documents.versions(chart)
        (entry,) = [one for one in tx.audit.of(chart) if one.act == "renew"]
    manifest = json.loads(archive.store.objects.get(versions[-1]["sha256"]))
    listed = {one["kind"]: one for one in manifest["versions"]}
    assert listed["renewed"]["sha256"] == after.current
    assert listed["renewed"]["pdfa"]["standing"] == "passed"
    assert entry.details["before"] == before.current
    assert entry.details["sha256"] == after.current
    assert entry.details["ends"] == "2025-02-27T00:00:00+00:00"
    fixity = check_all(archive.store, "test")
    assert (fixity.damaged, fixity.missing) == ((), ())
    path = archive.store.objects.path(after.current or "")
    register = Expected(after.current or "", ("TacGia",))
    trust = load_trust(archive.authority.roots)
    assert verify_file(path, trust, register, moment=datetime(2024, 1, 1, tzinfo=UTC)).verdict == "passed"
    assert archive.round() == 0, "nothing is due any more"


def test_what_is_searched_for_does_not_change_and_is_not_indexed_anew(archive: Archive) -> None:
    chart = archive.chart()
    indexed = select(func.count()).select_from(outbox).where(outbox.c.topic == "index", outbox.c.document_id == chart)
    with archive.store.read() as tx:
        before = tx.connection.scalar(indexed)
    assert archive.round() == 1
    with archive.store.read() as tx:
        assert tx.connection.scalar(indexed) == before


def test_what_is_proven_and_not_kept_yet_is_renewed_where_it_stands(archive: Archive) -> None:
    chart = archive.chart(State.PROVEN)
    archive.round()
    assert archive.document(chart).state is State.PROVEN
    assert archive.kinds(chart) == ["proven", "renewed"]


def test_the_survey_notes_on_which_roots_a_proof_rests(archive: Archive) -> None:
    archive.chart()
    with archive.store.read() as tx:
        assert len(TrustBook(tx.connection).not_looked_at(10)) == 1
    assert archive.renewals.survey() == 2, "one document's end, one file's roots"
    with archive.store.read() as tx:
        assert TrustBook(tx.connection).not_looked_at(10) == []
    assert archive.renewals.survey() == 0


def test_so_many_a_minute_and_no_more_and_none_before_it_is_due(archive: Archive) -> None:
    charts = [archive.chart() for _ in range(3)]
    archive.authority.clock = datetime(2018, 11, 1, tzinfo=UTC)
    assert archive.round() == 0
    archive.authority.clock = DUE
    assert [archive.round() for _ in range(3)] == [2, 1, 0]
    assert [archive.kinds(chart).count("renewed") for chart in charts] == [1, 1, 1]


def test_a_message_delivered_twice_renews_once(archive: Archive) -> None:
    chart = archive.chart()
    archive.round()
    archive.runner.run(chart)
    assert archive.kinds(chart).count("renewed") == 1


def test_while_somebody_else_is_at_it_nothing_is_done(archive: Archive) -> None:
    chart = archive.chart()
    archive.renewals.survey()
    with archive.store.write() as tx:
        assert Lasting(tx.connection).claim(chart, "elsewhere:7", archive.renewer.before)
    assert archive.round() == 0
    archive.runner.run(chart)
    assert "renewed" not in archive.kinds(chart)
    with archive.store.write() as tx:
        assert Lasting(tx.connection).take_back(["elsewhere:7"]) == 1
    assert archive.round() == 1
    assert "renewed" in archive.kinds(chart)


def test_what_has_ended_is_told_to_a_person_and_left_as_it_is(archive: Archive) -> None:
    chart = archive.chart()
    before = archive.document(chart)
    archive.authority.clock = datetime(2020, 2, 1, tzinfo=UTC)
    archive.round()
    after = archive.document(chart)
    assert after.problem
    assert after.problem.code == "renewal_too_late"
    assert (after.state, after.current) == (State.KEPT, before.current)
    assert archive.round() == 0, "it is not tried again until a person says so"
    with archive.store.read() as tx:
        assert [one.details["code"] for one in tx.audit.of(chart) if one.act == "problem"] == ["renewal_too_late"]
        assert Lasting(tx.connection).troubled() == [chart]


def test_once_a_person_has_seen_to_it_it_is_tried_again(archive: Archive) -> None:
    chart = archive.chart()
    kept = archive.store.objects.path(archive.document(chart).current or "")
    whole = kept.read_bytes()
    kept.chmod(0o600)
    kept.write_bytes(whole[:-7])
    archive.round()
    broken = archive.document(chart).problem
    assert broken
    assert broken.code in ("renewal_altered", "pdf_unreadable")
    kept.write_bytes(whole)
    with archive.store.write() as tx:
        tx.documents.try_again(archive.document(chart), "mai")
    archive.round()
    assert archive.document(chart).problem is None
    assert "renewed" in archive.kinds(chart)


def test_a_renewed_file_that_is_no_pdf_a_is_not_kept(archive: Archive) -> None:
    chart = archive.chart()
    archive.says = FAILS
    archive.round()
    problem = archive.document(chart).problem
    assert problem
    assert (problem.code, "6.1.2-1" in problem.vi) == ("renewal_not_pdfa", True)
    assert "renewed" not in archive.kinds(chart)


@pytest.mark.parametrize(("lie", "code"), [("tsa_silence", "tsa_away"), ("silence", "ocsp_away"), ("clock", "tsa_clock")])
def test_while_a_service_is_away_or_lies_the_work_waits_without_counting_and_goes_on_by_itself(
    archive: Archive, lie: str, code: str
) -> None:
    chart = archive.chart()
    archive.authority.lies.add(lie)
    for _ in range(5):
        assert archive.round() == 1
        assert archive.waiting() == {code: 1}
        archive.authority.clock += timedelta(minutes=6)
    archive.authority.lies.clear()
    archive.round()
    assert "renewed" in archive.kinds(chart)
    assert archive.document(chart).problem is None


def test_while_the_service_has_no_newer_certificate_the_work_waits_a_day_and_the_overview_says_so(archive: Archive) -> None:
    chart = archive.chart()
    archive.authority.clock = datetime(2019, 2, 1, tzinfo=UTC)
    assert archive.round() == 1
    assert archive.round() == 0
    with archive.store.read() as tx:
        (chain,) = Lasting(tx.connection).outlook(archive.renewer.before).chains
    assert (chain.authority, chain.documents, chain.due, chain.problems) == ("A tsa", 1, 1, 0)
    assert chain.waiting == {"tsa_not_newer": 1}
    assert (chain.ends_at.year, chain.what) == (2019, "A tsa")
    archive.authority.clock = DUE
    archive.round()
    assert "renewed" in archive.kinds(chart)


def test_a_document_that_moved_meanwhile_is_left_alone(archive: Archive) -> None:
    chart = archive.chart()

    def moving(*_: object) -> Judgement:
        with archive.store.write() as tx:
            tx.documents.change(tx.documents.get(chart), "mai", "hurry", urgent=True)
        return Judgement(True, "PDF/A-2U", (), "veraPDF", "1.30")

    archive.runner._ask = moving
    archive.round()
    assert "renewed" not in archive.kinds(chart)
    archive.runner._ask = lambda *_: archive.says
    archive.round()
    assert archive.kinds(chart).count("renewed") == 1


@pytest.mark.parametrize(
    "late",
    [Broken("late", "Lỗi.", "An error."), PartAway("late", "Đang chờ.", "Away."), Stale(), OSError()],
    ids=lambda one: type(one).__name__,
)
def test_a_worker_that_was_held_up_until_another_one_had_its_work_says_nothing_of_its_error(
    archive: Archive, late: Exception
) -> None:
    chart = archive.chart()

    def held_up(*_: object) -> Judgement:
        with archive.store.write() as tx:
            assert Lasting(tx.connection).take_back(["test:1"]) == 1
            assert Lasting(tx.connection).claim(chart, "elsewhere:7", archive.renewer.before)
        raise late

    archive.runner._ask = held_up
    archive.round()
    assert archive.document(chart).problem is None
    with archive.store.read() as tx:
        assert Lasting(tx.connection).owners() == ["elsewhere:7"]
