"""What both databases must keep of the trust list and of whose certificate is whose."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.documents import Origin, State
from domain.people import Role
from domain.trust import Purpose, Trusted
from storage.clock import now
from storage.trust import TrustBook
from storage.trust_bindings import Bindings

ENTRY = Trusted("a" * 64, b"0\x82der", Purpose.SIGNERS, now(), "quantri", "công văn 12")
ROAD = (State.PAGED, State.READ, State.FILED, State.BOUND, State.AWAITING_SIGNATURE, State.SIGNED)


def test_an_entry_comes_back_as_it_was_written_and_is_written_over(either_store):
    with either_store.write() as tx:
        TrustBook(tx.connection).put(ENTRY)
        TrustBook(tx.connection).put(replace(ENTRY, sha256="b" * 64, added_at=None, added_by="", reason=""))
    ended = replace(ENTRY, until=now() + timedelta(hours=1), ended_at=now(), ended_by="quantri", ended_reason="hết hợp đồng")
    with either_store.read() as tx:
        book = TrustBook(tx.connection)
        before = book.edition()
        assert {one.sha256: one for one in book.listed()}["a" * 64] == ENTRY
    with either_store.write() as tx:
        TrustBook(tx.connection).put(ended)
    with either_store.read() as tx:
        book = TrustBook(tx.connection)
        assert {one.sha256: one for one in book.listed()}["a" * 64] == ended
        assert len(book.listed()) == 2
        assert book.edition() != before


def test_documents_are_counted_by_the_roots_their_newest_proofs_rest_on(either_store):
    with either_store.write() as tx:
        book = TrustBook(tx.connection)
        for number in range(3):
            document = tx.documents.add(Origin(f"{number}.pdf", "test"), f"{number}" * 64, 1)
            for state in ROAD:
                document = tx.documents.move(document, state, "test")
            tx.documents.add_version(document.id, "proven", f"c{number}" * 32)
            tx.documents.move(document, State.PROVEN, "test", current=f"c{number}" * 32)
        assert book.not_looked_at_count() == 3
        first, second, third = book.not_looked_at(9)
        book.note(first, ["a" * 64, "b" * 64])
        book.note(first, ["a" * 64])
        book.note(second, [])
        assert book.not_looked_at(9) == [third]
        assert [book.documents_on(one * 64) for one in "abc"] == [1, 1, 0]
        book.look_again()
        assert book.not_looked_at(9) == [second, third]


def test_a_certificate_waits_for_an_answer_and_a_later_answer_counts(either_store):
    with either_store.write() as tx:
        person = tx.people.add("bacsi", "BS. Thảo", Role.DOCTOR, "password of the test")
        book = Bindings(tx.connection)
        for _ in range(2):
            book.ask(person.id, "a" * 64, b"0\x82der")
        assert book.waiting() == 1
        (binding,) = book.listed()
        assert (binding.certificate, binding.confirmed) == (b"0\x82der", None)
        book.answer(binding, "quantri", confirmed=True)
        book.answer(binding, "quantri", confirmed=False)
        assert (book.waiting(), book.listed()[0].confirmed, book.listed()[0].answered_by) == (0, False, "quantri")
        book.set_citizen_id(person.id, "001190012345")
        assert (book.citizen_id(person.id), book.citizen_ids()) == ("001190012345", {person.id: "001190012345"})
        book.set_citizen_id(person.id, None)
        assert book.citizen_ids() == {}
