"""Rules, turns and queues, on either database."""

from __future__ import annotations

import pytest

from domain.documents import Document, Origin, State
from domain.people import Person, Role
from domain.signatures import SigningRule
from domain.signers import FIELDS, Capacity, Office, SigningField
from storage.sign_queue import Narrow, SignQueue
from storage.store import Store, Transaction

NOI, NHI = "Khoa Nội", "Khoa Nhi"
RULES = [
    SigningRule("", "TacGia", "author", NOI), SigningRule("", "NguoiSoHoa", "digitiser", NOI),
    SigningRule("", "TruongKhoa", "head", NOI, step=2, days=3),
]  # fmt: skip


def paper(store: Store, rules: list[SigningRule], *departments: str) -> Document:
    with store.write() as tx:
        document = tx.documents.add(Origin("a.pdf", "test"), "a" * 64, 3)
        for state in (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE):
            document = tx.documents.move(document, state, "test")
        tx.documents.set_departments(document.id, departments)
        tx.signing.ask(document.id, rules)
    return document


def person(store: Store, login: str, *departments: str, role: Role = Role.DOCTOR) -> Person:
    with store.write() as tx:
        return tx.people.add(login, login, role, "dung mat khau nay", departments)


def states(tx: Transaction, document: Document) -> dict[str, str]:
    return {one.field: one.state for one in tx.signing.of(document.id)}


def sign(tx: Transaction, document: Document, field: str) -> None:
    signature = next(one for one in tx.signing.of(document.id) if one.field == field)
    tx.signing.set(signature.id, state="signed")
    tx.signing.take_turns(document.id)


def asked(store: Store, who: Person) -> list[tuple[str, str]]:
    with store.read() as tx:
        found = SignQueue(tx.connection, who.id, tx.signers.hats(who)).page(Narrow())
    return [(one.document_id, one.field) for one in found]


def test_a_later_step_waits_for_all_of_the_earlier_one_and_its_days_begin_with_its_turn(either_store):
    document = paper(either_store, RULES)
    with either_store.write() as tx:
        assert states(tx, document) == {"TacGia": "waiting", "NguoiSoHoa": "waiting", "TruongKhoa": "later"}
        sign(tx, document, "TacGia")
        assert states(tx, document)["TruongKhoa"] == "later"
        sign(tx, document, "NguoiSoHoa")
        (head,) = [one for one in tx.signing.of(document.id) if one.field == "TruongKhoa"]
        assert head.state == "waiting"
        assert (head.due_at - head.asked_at).days in (2, 3)


def test_what_comes_later_is_in_nobodys_queue(either_store):
    document = paper(either_store, RULES)
    head = person(either_store, "truong")
    with either_store.write() as tx:
        tx.signers.give(Office(head.id, Capacity.HEAD, NOI))
    assert asked(either_store, head) == []
    with either_store.write() as tx:
        sign(tx, document, "TacGia")
        sign(tx, document, "NguoiSoHoa")
    assert asked(either_store, head) == [(document.id, "TruongKhoa")]


def test_each_is_asked_for_what_the_own_capacity_and_department_fit(either_store):
    known = paper(either_store, [SigningRule("", "TacGia", "author", NOI)], NOI, NHI)
    unknown = paper(either_store, [SigningRule("", "TacGia", "author")], NOI, NHI)
    inner, child = person(either_store, "noi", NOI), person(either_store, "nhi", NHI)
    named = paper(either_store, [SigningRule("", "TacGia", "author", NOI, child.id)], NOI)
    assert {one for one, _ in asked(either_store, inner)} == {known.id, unknown.id}
    assert {one for one, _ in asked(either_store, child)} == {unknown.id, named.id}
    clerk = person(either_store, "mai", NOI, role=Role.ARCHIVE)
    assert asked(either_store, clerk) == []
    scanned = paper(either_store, [SigningRule("", "NguoiSoHoa", "digitiser", NOI, clerk.id)], NOI)
    assert asked(either_store, clerk) == [(scanned.id, "NguoiSoHoa")]


def test_what_somebody_else_is_just_signing_is_not_among_what_waits(either_store):
    document = paper(either_store, [SigningRule("", "TacGia", "author", NOI)])
    one, other = person(either_store, "mot", NOI), person(either_store, "hai", NOI)
    with either_store.write() as tx:
        job = tx.signing.open_job(one.id)
        tx.signing.set(tx.signing.of(document.id)[0].id, state="prepared", job_id=job.id)
    assert asked(either_store, one) == [(document.id, "TacGia")]
    assert asked(either_store, other) == []


def test_only_what_is_not_seen_anyway_is_named_as_seen_for_its_signature(either_store):
    paper(either_store, [SigningRule("", "TacGia", "author", NOI)], NOI)
    beside = paper(either_store, [SigningRule("", "TacGia", "author", NOI)])
    who = person(either_store, "noi", NOI)
    with either_store.read() as tx:
        queue = SignQueue(tx.connection, who.id, tx.signers.hats(who))
        assert queue.documents() == 2
        assert queue.outside([State.AWAITING_SIGNATURE], [NOI]) == {beside.id}
        assert queue.outside([State.AWAITING_SIGNATURE], None) == set()
        assert len(queue.outside([State.KEPT], None)) == 2


def test_rules_fields_and_offices_come_back_as_they_were_written(either_store):
    who = person(either_store, "noi", NOI)
    rule = SigningRule("01/BV-01", "DieuDuong", "author", NHI, who.id, 2, 5)
    field, office = SigningField("DieuDuong", "Điều dưỡng", "Nurse", Capacity.AUTHOR), Office(who.id, Capacity.HEAD)
    with either_store.write() as tx:
        for _ in range(2):
            tx.signing.set_rules([rule])
            tx.signers.set_field(field)
            tx.signers.give(office)
    with either_store.read() as tx:
        assert tx.signing.rules() == [rule]
        assert tx.signers.fields() == [*FIELDS, field]
        assert tx.signers.offices() == [office]
    with either_store.write() as tx:
        tx.signers.take(office)
        tx.signers.drop_field("DieuDuong")
        assert (tx.signers.offices(), tx.signers.fields()) == ([], [*FIELDS])


@pytest.mark.parametrize("state", ["waiting", "later"])
def test_who_is_no_longer_asked_is_forgotten_whoever_s_turn_it_is(either_store, state):
    document = paper(either_store, RULES)
    with either_store.write() as tx:
        assert state in states(tx, document).values()
        tx.signing.forget(document.id)
        assert tx.signing.of(document.id) == []
