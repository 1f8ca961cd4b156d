"""A batch is prepared by a worker: in order, live, one that cannot be does not stop the others, and stopping gives all back."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from domain.errors import Refused
from pipeline.preparing import Preparer
from pipeline.relay import sweep
from storage.outbox import Errand
from storage.preparing import TOPIC, Preparing
from storage.signing import Job
from storage.store import Store
from tests.agent.desk import Clinic, clinic, preparer
from tests.signing.fixtures import Hospital


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


@pytest.fixture
def sent(here: Clinic) -> Job:
    """Three charts on their way, in another order than they came in."""
    charts = [here.chart() for _ in range(3)]
    return here.desk.send(here.doctor, [here.signatures(one.id)[0].id for one in (charts[2], charts[0], charts[1])])


def errands(here: Clinic) -> list[Errand]:
    with here.store.read() as tx:
        return tx.outbox.next((TOPIC,), 10)


def prepare(here: Clinic, owner: str = "test:1") -> None:
    for errand in errands(here):
        preparer(here.store, here.desk.settings, owner).run(errand.document_id)


def states(here: Clinic, job: Job) -> list[str]:
    with here.store.read() as tx:
        return [one.state for one in tx.signing.in_job(job.id)]


def job(here: Clinic, job: Job) -> Job:
    with here.store.read() as tx:
        found = tx.signing.job(job.id)
        assert found
        return found


def given(here: Clinic) -> dict[str, str]:
    """Why documents came back, by their state."""
    with here.store.read() as tx:
        waiting = [one for document in tx.documents.listed() for one in tx.signing.of(document.id) if one.state == "waiting"]
        return {one.document_id: (one.problem or {"code": ""})["code"] for one in waiting}


def test_sending_prepares_nothing_itself_and_a_worker_makes_all_ready_in_the_order_in_which_they_were_sent(here, sent):
    assert sent.state == "preparing"
    assert states(here, sent) == ["preparing"] * 3
    with here.store.write() as tx:
        device = tx.signing.pair(here.doctor.id, "máy bàn", "key")
        order = [one.id for one in tx.signing.in_job(sent.id)]
    assert here.desk.jobs(device)["payload"]["job"] is None
    prepare(here)
    payload = here.desk.jobs(device)["payload"]
    assert payload["job"] == sent.id
    assert [one["id"] for one in payload["items"]] == order
    assert errands(here) == []


def test_one_that_changed_meanwhile_goes_back_with_the_reason_and_the_others_go_to_the_desk(here, sent, monkeypatch):
    with here.store.read() as tx:
        second = tx.signing.in_job(sent.id)[1]
    real = Preparer._half

    def changes(self, asked, signatory):
        if asked.signature.id == second.id:
            with here.store.write() as tx:
                document = tx.documents.get(second.document_id)
                tx.documents.change(document, "test", "test", current=document.bound)
        return real(self, asked, signatory)

    monkeypatch.setattr(Preparer, "_half", changes)
    prepare(here)
    assert states(here, sent) == ["prepared", "prepared"]
    assert job(here, sent).state == "pending"
    assert given(here) == {second.document_id: "changed"}


def test_a_file_that_cannot_be_prepared_goes_back_with_the_reason_and_the_others_go_to_the_desk(here, sent):
    with here.store.write() as tx:
        first = tx.signing.in_job(sent.id)[0]
        tx.documents.change(
            tx.documents.get(first.document_id), "test", "test", current=here.store.objects.put(b"%PDF-1.7 no more")
        )
    prepare(here)
    assert states(here, sent) == ["prepared", "prepared"]
    assert list(given(here)) == [first.document_id]
    assert given(here)[first.document_id]


def test_a_certificate_that_may_not_sign_gives_all_back_with_the_reason(here, sent):
    revoked = base64.b64encode(here.hospital.authority.token("thu-hoi").certificate).decode()
    with here.store.write() as tx:
        tx.people.change(here.doctor.id, certificate=revoked)
    prepare(here)
    assert job(here, sent).state == "refused"
    (code,) = set(given(here).values())
    assert code.startswith("certificate_")
    assert len(given(here)) == 3


def test_stopped_in_the_middle_all_documents_wait_again_and_the_worker_leaves_them_alone(here, sent, monkeypatch):
    real = Preparer._half

    def stops(self, asked, signatory):
        here.desk.stop(here.doctor, sent.id)
        return real(self, asked, signatory)

    monkeypatch.setattr(Preparer, "_half", stops)
    prepare(here)
    assert job(here, sent).state == "stopped"
    assert set(given(here).values()) == {""}
    assert len(given(here)) == 3
    again = here.desk.send(here.doctor, [here.signatures(one)[0].id for one in given(here)])
    monkeypatch.undo()
    prepare(here)
    assert states(here, again) == ["prepared"] * 3


def test_while_the_authority_is_away_the_job_rests_and_says_so(here, sent):
    mute = replace(here.desk.settings, trust=here.desk.settings.trust, network_seconds=0.000001)
    preparer(here.store, mute).run(sent.id)
    resting = job(here, sent)
    assert (resting.state, resting.waits, resting.lease_owner) == ("preparing", 1, None)
    assert resting.waiting is not None
    assert errands(here) == [], "not before its time"
    assert states(here, sent) == ["preparing"] * 3
    preparer(here.store, here.desk.settings).run(sent.id)
    assert states(here, sent) == ["prepared"] * 3


def test_what_killed_its_worker_three_times_goes_back_and_the_others_go_on(here, sent):
    with here.store.write() as tx:
        work = Preparing(tx.connection)
        for _ in range(3):
            work.claim(sent.id, "elsewhere:1")
            deadly = work.next(sent.id)
            work.take_back(["elsewhere:1"])
    assert deadly is not None
    assert deadly.attempts == 3
    prepare(here)
    assert given(here) == {deadly.document_id: "killed_worker"}
    assert states(here, sent) == ["prepared", "prepared"]


def test_a_worker_whose_job_was_taken_over_writes_nothing_more(here, sent, monkeypatch):
    real = Preparer._half

    def too_slow(self, asked, signatory):
        half = real(self, asked, signatory)
        monkeypatch.setattr(Preparer, "_half", real)
        with here.store.write() as tx:
            Preparing(tx.connection).take_back([self._owner])
        prepare(here, "other:1")
        return half

    monkeypatch.setattr(Preparer, "_half", too_slow)
    prepare(here)
    with here.store.read() as tx:
        acts = [entry.act for one in tx.documents.listed() for entry in tx.audit.of(one.id)]
    assert acts.count("prepare_signature") == 3
    assert states(here, sent) == ["prepared"] * 3


def test_sending_twice_opens_no_second_job_and_a_dead_workers_job_is_asked_for_anew(here, sent):
    with here.store.read() as tx:
        ids = [one.id for one in tx.signing.in_job(sent.id)]
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.send(here.doctor, ids)
    with here.store.write() as tx:
        Preparing(tx.connection).claim(sent.id, "dead:0")
    assert errands(here) == []
    with here.store.write() as tx:
        assert Preparing(tx.connection).take_back(["dead:0"]) == 1
    assert [one.document_id for one in errands(here)] == [sent.id]
    assert sweep(here.store) == 0
