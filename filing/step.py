"""The belt's filing step: READ → FILED when the patient is certain, → NEEDS_REVIEW with the reasons otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.documents import Document, State
from domain.errors import Message
from domain.findings import Facts
from domain.pages import Reading
from domain.patients import Candidate
from filing.carried import decided, taken_up
from filing.examine import Examination, examine
from filing.lookup import keys
from filing.matching import Decision, beside, candidates, decide
from filing.stays import stay_on_paper
from storage.store import Transaction

ACTOR = "filing"
ADD_STAY = "add_stay"


@dataclass(frozen=True, slots=True)
class FileJob:
    """What was read, and the kind the document's folder usually holds."""

    reading: Reading
    hint: str | None


class FileStep:
    """READ → FILED or NEEDS_REVIEW."""

    takes = State.READ

    def look(self, tx: Transaction, document: Document) -> FileJob:
        """All pages as read."""
        return FileJob(tx.pages.reading(document.id), document.origin.kind_hint)

    def work(self, job: FileJob) -> Examination:
        """Kind and facts; no patient is looked up yet."""
        return examine(job.reading, job.hint)

    def write(self, tx: Transaction, document: Document, result: Examination) -> None:
        """Look the patient up and decide, in the transaction that moves the document: the index cannot change in between. What
        people said before the pages were arranged anew is taken up again (`carried.py`).
        """
        before, said = tx.documents.facts(document.id), tx.documents.said(document.id)
        facts = taken_up(before, result.facts, said) if said else result.facts
        tx.documents.set_facts(document.id, facts)
        decision = _decided(tx, document, facts, result.doubts)
        if decision.patient_id is None:
            tx.documents.move(document, State.NEEDS_REVIEW, ACTOR, reasons=decision.reasons, held=None)
        else:
            note: dict[str, Any] = {"patient": decision.patient_id, "because": [one.code for one in decision.reasons]}
            file_under(tx, document, decision.patient_id, ACTOR, note=note)


def _decided(tx: Transaction, document: Document, facts: Facts, doubts: tuple[Message, ...]) -> Decision:
    decision = decide(facts, candidates_in(tx, facts), doubts)
    held = tx.documents.held(document.id)
    patient = tx.patients.get(held.patient) if held and held.patient else None
    return decided(decision, held, beside(facts, patient) if patient else None, doubts)


def candidates_in(tx: Transaction, facts: Facts) -> list[Candidate]:
    """The patients of the index who may be meant, best first. Numbers and names are asked for apart, so that a common name never
    crowds out whoever shares a number.
    """
    asked = keys(facts)
    by_number = tx.patients.lookup(asked.identifiers, None, None)
    by_name = tx.patients.lookup((), asked.folded_name, asked.birth_year)
    return candidates(facts, {one.id: one for one in (*by_name, *by_number)}.values())


def file_under(
    tx: Transaction, document: Document, patient_id: str, actor: str, *, note: dict[str, Any] | None = None
) -> Document:
    """Move a document to FILED under a patient. The stay on the paper joins the patient's stays, and with it the department
    whose clinicians may see the patient's documents. Raises Stale.
    """
    filed = tx.documents.move(document, State.FILED, actor, note=note, patient_id=patient_id, held=None)
    add_stay_of(tx, filed, actor)
    tx.documents.refresh_departments(patient_id)
    return tx.documents.get(document.id)


def add_stay_of(tx: Transaction, filed: Document, actor: str) -> None:
    """Add the stay that a filed paper tells of, if the index lacks it."""
    patient = tx.patients.get(filed.patient_id or "")
    stay = stay_on_paper(tx.documents.facts(filed.id).episode, patient) if patient else None
    if stay:
        tx.patients.add_stays([stay])
        tx.audit.add(actor, ADD_STAY, filed.id, patient=filed.patient_id)
