"""Duyệt: whose paper is this? One key accepts the likely, never the doubtful; every deed can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ROOMS, AtDesk, Desk
from api.views.candidates import choices, doubt
from api.views.cards import Card, cards
from api.views.fields import fields
from api.views.words import doubtful_on, told
from domain.documents import Document, State
from domain.errors import Refused
from domain.patients import Candidate
from storage.signing import REFUSED
from storage.store import Transaction

router = APIRouter(prefix="/review", dependencies=[sessions.only(*ROOMS["review"])])
SHOWN = 3
Version = Annotated[int, Form()]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the one on the desk, its place in the queue, and the next to come."""

    ids: Sequence[str]
    current: str

    @property
    def place(self) -> int:
        """From 1."""
        return self.ids.index(self.current) + 1

    @property
    def following(self) -> str | None:
        """The next one, round the end; None when there is no other."""
        return self.ids[self.place % len(self.ids)] if len(self.ids) > 1 else None


@router.get("")
def first(desk: AtDesk, after: str = "", done: str = "") -> Response:
    """The next document that waits: after the one named, else the oldest."""
    with desk.store.read() as tx:
        ids = _waiting(tx, desk)
        undo = _undone(tx, desk, done)
    if not ids:
        return desk.page("review_empty.html", undo=undo)
    current = next((one for one in ids if one > after), ids[0])
    return _shown(desk, Queue(ids, current), undo=undo)


@router.get("/{document_id}")
def show(desk: AtDesk, document_id: str, person: str = "") -> Response:
    """One document; `person`: a patient found by hand stands first."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        ids = _waiting(tx, desk)
    if document.state is not State.NEEDS_REVIEW:
        return RedirectResponse(f"/records/{document_id}", 303)
    return _shown(desk, Queue(ids, document_id), person)


@router.get("/{document_id}/people")
def find_person(desk: AtDesk, document_id: str, q: str = "") -> Response:
    """Patients of the index by part of a name or a number."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
        found = tx.patients.search(q, 12) if len(q.strip()) > 1 else []
    return desk.page("fragments/people_found.html", found=found, asked=q.strip(), document_id=document_id)


@router.post("/{document_id}/accept")
def accept(
    desk: AtDesk, document_id: str, patient: Annotated[str, Form()], version: Version, doubtful: Annotated[bool, Form()]
) -> Response:
    """File it with this patient; one in doubt only with `doubtful` (`views/candidates.py`). Raises Refused `doubtful`."""
    document = _seen(desk, document_id, version)
    chosen = desk.services.review.compare(document_id, patient)
    if chosen is None or (not doubtful and doubt(chosen, desk.services.review.candidates(document_id))):
        raise Refused(
            "doubtful",
            "Chưa đủ chắc đây đúng là người bệnh trên giấy. Xem lại rồi chọn bằng Shift Enter.",
            "It is not certain that the paper means this person. Look again, then choose with Shift Enter.",
        )
    desk.services.review.accept(document, patient, desk.person.login)
    return RedirectResponse(f"/review?after={document_id}&done={document_id}", 303)


@router.post("/{document_id}/correct")
def correct(
    desk: AtDesk, document_id: str, fact: Annotated[str, Form()], value: Annotated[str, Form()], version: Version
) -> Response:
    """Correct what was read; candidates are looked for again."""
    desk.services.review.correct(_seen(desk, document_id, version), fact, value.strip(), desk.person.login)
    return RedirectResponse(f"/review/{document_id}", 303)


@router.post("/{document_id}/absent")
def absent(desk: AtDesk, document_id: str, version: Version) -> Response:
    """Nobody of the index is meant: it goes on waiting until the index is complete."""
    desk.services.review.not_in_index(_seen(desk, document_id, version), desk.person.login)
    return RedirectResponse(f"/review?after={document_id}", 303)


@router.post("/{document_id}/reject")
def reject(desk: AtDesk, document_id: str, why: Annotated[str, Form(min_length=1, max_length=200)], version: Version) -> Response:
    """It does not belong here at all: original and reason are kept, and it waits no longer."""
    desk.services.review.reject(_seen(desk, document_id, version), why, desk.person.login)
    return RedirectResponse(f"/review?after={document_id}", 303)


@router.post("/{document_id}/ask-again")
def ask_again(desk: AtDesk, document_id: str, version: Version) -> Response:
    """Somebody refused to sign it: ask for the same again, as it is."""
    desk.services.signer.ask_again(_seen(desk, document_id, version), desk.person.login)
    return RedirectResponse(f"/review?after={document_id}", 303)


@router.post("/{document_id}/undo")
def undo(desk: AtDesk, document_id: str) -> Response:
    """Take the last acceptance back."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
    desk.services.review.undo(document, desk.person.login)
    return RedirectResponse(f"/review/{document_id}", 303)


def _seen(desk: Desk, document_id: str, version: int) -> Document:
    """The document as the person saw it: a deed on a newer one is refused as stale by the store."""
    with desk.store.read() as tx:
        return replace(desk.document(tx, document_id), version=version)


def _waiting(tx: Transaction, desk: Desk) -> list[str]:
    found = tx.documents.listed(states=(State.NEEDS_REVIEW,), sight=desk.sight(tx))
    return [one.id for one in found]


def _undone(tx: Transaction, desk: Desk, done: str) -> Card | None:
    document = tx.documents.find(done) if done else None
    if document is None or document.patient_id is None or not desk.sight(tx).allows(document):
        return None
    return cards(tx, [document])[0]


def _shown(desk: Desk, queue: Queue, person: str = "", undo: Card | None = None) -> Response:
    found = _candidates(desk, queue.current, person)
    with desk.store.read() as tx:
        card = cards(tx, [desk.document(tx, queue.current)])[0]
        facts, reading = tx.documents.facts(queue.current), tx.pages.reading(queue.current)
        refused = [one for one in tx.signing.of(queue.current) if one.state == REFUSED]
    desk.note("review_document", queue.current)
    rows = fields(facts, reading)
    return desk.page(
        "review.html", card=card, queue=queue, facts=facts, fields=rows, pages=reading.pages, choices=choices(found), undo=undo,
        kinds=desk.services.kinds(), told=told(desk, card.document), doubtful_on=doubtful_on,
        refused=refused,
    )  # fmt: skip


def _candidates(desk: Desk, document_id: str, person: str) -> list[Candidate]:
    found = list(desk.services.review.candidates(document_id))
    by_hand = desk.services.review.compare(document_id, person) if person else None
    if by_hand is not None:
        found = [by_hand, *(one for one in found if one.patient.id != person)]
    return found[:SHOWN]
