"""A person decides whose paper it is: looks at candidates, corrects what was read, accepts, rejects, takes back.

Every deed names the version of the document that the person saw; the store refuses a stale one.
"""

from __future__ import annotations

from dataclasses import asdict

from domain.documents import FINDABLE, Document, State, may_move
from domain.errors import Message, Refused
from domain.patients import Agreement, Candidate, Patient
from filing import reasons
from filing.corrections import KIND, corrected
from filing.matching import beside
from filing.retold import Offer, offers
from filing.stays import stay_on_paper
from filing.step import ADD_STAY, add_stay_of, candidates_in, file_under
from storage.store import Store, Transaction


class PatientReview:
    """The deeds of the review screen, on one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def candidates(self, document_id: str) -> list[Candidate]:
        """Patients of the index who may be meant, the likeliest first, by the facts as corrected so far."""
        with self._store.read() as tx:
            return candidates_in(tx, tx.documents.facts(document_id))

    def compare(self, document_id: str, patient_id: str) -> Candidate | None:
        """One patient of the index beside the paper; None if the index has no such patient."""
        with self._store.read() as tx:
            return _beside(tx, document_id, patient_id)

    def accept(self, document: Document, patient_id: str, actor: str) -> Document:
        """File the document with this patient. Raises Refused `no_patient`, `not_in_review`; Stale."""
        _must_wait(document)
        with self._store.write() as tx:
            chosen = _beside(tx, document.id, patient_id)
            if chosen is None:
                raise Refused("no_patient", "Danh mục không có người bệnh này.", "The index has no such patient.")
            against = [one.fact for one in chosen.comparisons if one.agreement is Agreement.DIFFERS]
            return file_under(tx, document, patient_id, actor, note={"patient": patient_id, "differs": against})

    def correct(self, document: Document, fact: str, value: str, actor: str) -> Document:
        """Correct what was read; `fact` is a member of the facts or `kind`. Raises Refused for a value that cannot be; Stale.

        The kind decides who must sign: once filed, it is changed by taking the document back first.
        """
        if document.state not in FINDABLE or (fact == KIND and document.state is not State.NEEDS_REVIEW):
            raise _not_in_review()
        with self._store.write() as tx:
            facts = corrected(tx.documents.facts(document.id), fact, value)
            tx.documents.change(document, actor, "correct", note={"fact": fact})
            tx.documents.set_facts(document.id, facts)
            tx.documents.correct(document.id, actor, fact, value.strip() or None)
            return tx.documents.get(document.id)

    def offers(self, document_id: str) -> list[Offer]:
        """Facts to look at again, since people corrected the words that they were taken from."""
        with self._store.read() as tx:
            if not tx.words.of(document_id):
                return []
            return offers(tx.documents.facts(document_id), tx.pages.reading(document_id), tx.documents.vouched(document_id))

    def not_in_index(self, document: Document, actor: str) -> Document:
        """Nobody of the index is meant: it goes on waiting, with that reason. Raises Stale."""
        _must_wait(document)
        kept = [reason for reason in document.reasons if reason.code != reasons.NOT_IN_INDEX.code]
        with self._store.write() as tx:
            said = [asdict(reason) for reason in (reasons.NOT_IN_INDEX, *kept)]
            return tx.documents.change(document, actor, "not_in_index", reasons=said)

    def reject(self, document: Document, why: str, actor: str) -> Document:
        """The document does not belong here at all; original and reason are kept. Raises Refused `not_in_review`; Stale."""
        _must_wait(document)
        said = Message("rejected_by_person", f"Người duyệt từ chối: {why.strip()}", f"Rejected in review: {why.strip()}")
        with self._store.write() as tx:
            return tx.documents.move(document, State.REJECTED, actor, reasons=(said,))

    def undo(self, document: Document, actor: str) -> Document:
        """Take an acceptance back, as long as nobody has signed. Raises Refused `too_late`; Stale."""
        with self._store.write() as tx:
            begun = any(signature.begun for signature in tx.signing.of(document.id))
            if begun or not may_move(document.state, State.NEEDS_REVIEW) or document.state is State.READ:
                raise Refused(
                    "too_late",
                    "Tài liệu đã được ký hoặc đang ký nên không hoàn tác được.",
                    "The document is signed or being signed; this cannot be undone.",
                )
            tx.signing.forget(document.id)
            tx.documents.set_departments(document.id, ())
            back = tx.documents.move(
                document, State.NEEDS_REVIEW, actor, reasons=(reasons.TAKEN_BACK,), patient_id=None, bound=None, current=None
            )
            take_back_stay(tx, document, actor)
            return back


def _beside(tx: Transaction, document_id: str, patient_id: str) -> Candidate | None:
    patient = tx.patients.get(patient_id)
    return beside(tx.documents.facts(document_id), patient) if patient else None


def take_back_stay(tx: Transaction, document: Document, actor: str) -> None:
    """A stay that only this paper told of goes with it: its department must not see the patient any longer."""
    if document.patient_id is None or not any(entry.act == ADD_STAY for entry in tx.audit.of(document.id)):
        return
    stay = stay_on_paper(tx.documents.facts(document.id).episode, Patient(document.patient_id, ""))
    if stay and tx.patients.drop_stay(stay):
        for other in tx.documents.listed(patient_id=document.patient_id):
            add_stay_of(tx, other, actor)
        tx.documents.refresh_departments(document.patient_id)


def _must_wait(document: Document) -> None:
    if document.state is not State.NEEDS_REVIEW:
        raise _not_in_review()


def _not_in_review() -> Refused:
    return Refused("not_in_review", "Tài liệu này không còn chờ duyệt.", "The document no longer waits for review.")
