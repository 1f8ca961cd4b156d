"""Refusing to sign and taking a signature back: who may, when, what is left behind, and what a race leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.documents import Document, State
from domain.errors import Refused, Stale
from domain.people import Person
from domain.signatures import SigningRule
from domain.signers import Capacity, Office
from signing.finish import finish_received
from signing.settings import SigningSettings
from signing.verify import verify_file
from storage.store import Store
from tests.agent.desk import KIND, WARD, Clinic, clinic
from tests.signing.fixtures import Hospital
from tests.signing.test_deputies import colleague
from tests.signing.test_deputies import device as device_of
from tests.signing.test_desk import device, sign, values


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


def two_steps(here: Clinic) -> tuple[Document, Person]:
    """A chart that its author signs, then the head of the ward; the head."""
    head = colleague(here)
    chart = here.chart()
    with here.store.write() as tx:
        tx.signers.give(Office(head.id, Capacity.HEAD, WARD))
        tx.signing.set_rules([SigningRule(KIND, "TacGia", "author"), SigningRule(KIND, "TruongKhoa", "head", step=2)])
        document = tx.documents.get(chart.id)
        for state in (State.NEEDS_REVIEW, State.FILED):
            document = tx.documents.move(document, state, "test")
        document = tx.documents.move(document, State.BOUND, "test", bound=chart.bound, current=chart.bound)
        ask(here, tx, document)
    return here.document(chart.id), head


def ask(here: Clinic, tx, document: Document) -> None:
    step = here.asking
    step.write(tx, document, step.work(step.look(tx, document)))


def states(here: Clinic, chart: Document) -> dict[str, str]:
    return {one.field: one.state for one in here.signatures(chart.id)}


def of(here: Clinic, chart: Document, field: str) -> str:
    return next(one.id for one in here.signatures(chart.id) if one.field == field)


def kinds(here: Clinic, chart: Document) -> list[str]:
    with here.store.read() as tx:
        return [version["kind"] for version in tx.documents.versions(chart.id)]


def signed_by_author(here: Clinic, chart: Document) -> None:
    here.desk.prepare(here.doctor, [of(here, chart, "TacGia")])
    assert [one["state"] for one in sign(here, device(here)).values()] == ["signed"]


def test_who_comes_later_can_neither_sign_nor_refuse_before_the_turn_has_come(here: Clinic) -> None:
    chart, head = two_steps(here)
    later = of(here, chart, "TruongKhoa")
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.prepare(head, [later])
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.refuse(head, later, "chưa đủ")
    signed_by_author(here, chart)
    here.desk.prepare(head, [later])
    sign(here, device_of(here, head), "bs-dung")
    assert here.document(chart.id).state is State.SIGNED


def test_a_refusal_sends_the_document_to_a_person_with_the_reason_and_asked_again_what_was_signed_stands(here: Clinic) -> None:
    chart, head = two_steps(here)
    signed_by_author(here, chart)
    with pytest.raises(Refused, match="reason_needed"):
        here.desk.refuse(head, of(here, chart, "TruongKhoa"), "  ")
    here.desk.refuse(head, of(here, chart, "TruongKhoa"), "thiếu  tờ 2")
    refused = here.document(chart.id)
    assert refused.state is State.NEEDS_REVIEW
    assert "thiếu tờ 2" in refused.reasons[0].vi
    assert head.name in refused.reasons[0].vi
    assert states(here, chart) == {"TacGia": "signed", "TruongKhoa": "refused"}
    here.desk.ask_again(refused, "mai")
    with pytest.raises(Refused, match="not_refused"):
        here.desk.ask_again(refused, "mai")
    assert states(here, chart) == {"TacGia": "signed", "TruongKhoa": "waiting"}
    here.desk.prepare(head, [of(here, chart, "TruongKhoa")])
    sign(here, device_of(here, head), "bs-dung")
    assert len(verify_file(here.file(chart.id), here.hospital.trust).signatures) == 2
    with here.store.read() as tx:
        acts = [(one.act, one.actor) for one in tx.audit.of(chart.id)]
    assert {("refuse_signature", "dung"), ("ask_signature_again", "mai")} <= set(acts)


def test_what_was_refused_and_bound_anew_is_signed_anew_and_what_was_signed_stays_on_record(here: Clinic) -> None:
    chart, head = two_steps(here)
    signed_by_author(here, chart)
    before = here.document(chart.id).current
    here.desk.refuse(head, of(here, chart, "TruongKhoa"), "sai người bệnh")
    with here.store.write() as tx:
        document = tx.documents.move(tx.documents.get(chart.id), State.FILED, "mai")
        ask(here, tx, tx.documents.move(document, State.BOUND, "pdfa", bound=chart.bound, current=chart.bound))
        earlier = [(one.field, one.state, one.replaced) for one in tx.signing.earlier(chart.id)]
    assert states(here, chart) == {"TacGia": "waiting", "TruongKhoa": "later"}
    assert ("TacGia", "signed", before) in earlier
    assert ("TruongKhoa", "refused", before) in earlier


def test_a_refusal_while_another_is_just_signing_stops_that_job_and_nothing_is_signed(here: Clinic) -> None:
    chart, other = here.chart(("TacGia", "TruongKhoa")), replace(colleague(here), departments=(WARD,))
    mine = device(here)
    here.desk.prepare(here.doctor, [of(here, chart, "TacGia")])
    job, signatures = values(here, mine)
    here.desk.refuse(other, of(here, chart, "TruongKhoa"), "không phải của khoa")
    answer = here.desk.complete(mine, job, {"signatures": signatures})["items"]
    assert [one["state"] for one in answer.values()] == ["refused"]
    assert here.document(chart.id).state is State.NEEDS_REVIEW
    assert states(here, chart) == {"TacGia": "later", "TruongKhoa": "refused"}
    assert "signed" not in kinds(here, chart)


def test_who_is_just_signing_a_document_does_not_refuse_it_too(here: Clinic) -> None:
    chart = here.chart()
    here.send(chart)
    with pytest.raises(Refused, match="not_waiting"):
        here.desk.refuse(here.doctor, of(here, chart, "TacGia"), "thôi")


def test_a_value_that_waits_for_its_time_stamp_is_finished_before_anybody_refuses_or_recalls(here: Clinic, store: Store) -> None:
    chart, mine = here.chart(("TacGia", "TruongKhoa")), device(here)
    here.desk.prepare(here.doctor, [of(here, chart, "TacGia")])
    deaf = type(here.desk)(store, SigningSettings("http://127.0.0.1:9/tsa", here.desk.settings.trust, 2), here.desk.key)
    job, signatures = values(here, mine)
    assert [one["state"] for one in deaf.complete(mine, job, {"signatures": signatures})["items"].values()] == ["received"]
    with pytest.raises(Refused, match="being_signed"):
        here.desk.refuse(here.doctor, of(here, chart, "TruongKhoa"), "không")
    assert finish_received(store, here.desk.settings) == 1
    here.desk.refuse(here.doctor, of(here, chart, "TruongKhoa"), "không")


def test_a_recalled_signature_leaves_the_bytes_before_it_stays_on_record_and_waits_again(here: Clinic) -> None:
    chart, head = two_steps(here)
    fields = chart.current
    signed_by_author(here, chart)
    recalled = here.document(chart.id).current
    with pytest.raises(Refused, match="not_recallable"):
        here.desk.recall(head, of(here, chart, "TacGia"), "không phải của mình")
    with pytest.raises(Refused, match="reason_needed"):
        here.desk.recall(here.doctor, of(here, chart, "TacGia"), "")
    here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    assert here.document(chart.id).current == fields
    assert states(here, chart) == {"TacGia": "waiting", "TruongKhoa": "later"}
    assert kinds(here, chart)[-2:] == ["signed", "recalled"]
    assert here.store.objects.intact(str(recalled))
    with here.store.read() as tx:
        (act,) = [one for one in tx.audit.of(chart.id) if one.act == "recall_signature"]
    assert (act.actor, act.details["recalled"], act.details["why"]) == ("bacsi", recalled, "ký nhầm")
    signed_by_author(here, chart)


def test_the_last_signature_is_recalled_until_it_is_proven_and_the_proof_under_way_is_dropped(here: Clinic) -> None:
    chart = here.chart()
    signed_by_author(here, chart)
    with here.store.write() as tx:
        proving = tx.documents.claim(chart.id, "worker")
    assert proving is not None
    here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    with here.store.write() as tx, pytest.raises(Stale):
        tx.documents.move(proving, State.PROVEN, "signing")
    signed_by_author(here, chart)
    with here.store.write() as tx:
        tx.documents.move(tx.documents.get(chart.id), State.PROVEN, "signing")
    with pytest.raises(Refused, match="not_recallable"):
        here.desk.recall(here.doctor, of(here, chart, "TacGia"), "muộn rồi")


def test_a_signature_somebody_signed_over_is_not_recalled(here: Clinic) -> None:
    chart, head = two_steps(here)
    signed_by_author(here, chart)
    here.desk.prepare(head, [of(here, chart, "TruongKhoa")])
    sign(here, device_of(here, head), "bs-dung")
    with pytest.raises(Refused, match="not_recallable"):
        here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    here.desk.recall(head, of(here, chart, "TruongKhoa"), "ký nhầm")
    here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    assert here.document(chart.id).current == chart.current


def test_a_recall_raced_with_the_next_signature_ends_with_one_of_them_and_nothing_is_signed_over_what_was_recalled(
    here: Clinic,
) -> None:
    chart, head = two_steps(here)
    signed_by_author(here, chart)
    theirs = device_of(here, head)
    here.desk.prepare(head, [of(here, chart, "TruongKhoa")])
    job, signatures = values(here, theirs, "bs-dung")
    here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    answer = here.desk.complete(theirs, job, {"signatures": signatures})["items"]
    assert [one["state"] for one in answer.values()] == ["refused"]
    assert states(here, chart) == {"TacGia": "waiting", "TruongKhoa": "later"}
    assert here.document(chart.id).current == chart.current
    signed_by_author(here, chart)
    here.desk.prepare(head, [of(here, chart, "TruongKhoa")])
    sign(here, theirs, "bs-dung")
    with pytest.raises(Refused, match="not_recallable"):
        here.desk.recall(here.doctor, of(here, chart, "TacGia"), "ký nhầm")
    assert here.document(chart.id).state is State.SIGNED
