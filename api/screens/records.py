"""Hồ sơ: one document, its signatures in plain words, its history, and the patient's other papers in order of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from api import render, sessions
from api.desk import ROOMS, AtDesk, Desk
from api.errors import NotThere
from api.services import Located
from api.views.cards import cards
from api.views.copies import copies_of
from api.views.record import record
from api.views.story import age
from api.views.words import told
from domain.documents import ARRANGEABLE, FINDABLE, Nature, State
from domain.pages import PageReading
from domain.signers import voiding

router = APIRouter(prefix="/records", dependencies=[sessions.only(*ROOMS["records"])])
NEWEST = 60


@router.get("")
def newest(desk: AtDesk) -> Response:
    """The newest documents this person may see."""
    with desk.store.read() as tx:
        found = tx.documents.listed(states=FINDABLE, sight=desk.sight(tx), newest_first=True, limit=NEWEST)
        listed = cards(tx, found)
    return desk.page("records.html", cards=listed)


@router.get("/{document_id}")
def show(desk: AtDesk, document_id: str, q: str = "", page: int = 1) -> Response:
    """One document; `q`: the search one came from."""
    with desk.store.read() as tx:
        shown = record(tx, desk.document(tx, document_id), desk.sight(tx), _locator(desk, q))
        document, hats = shown.card.document, tx.signers.hats(desk.person)
        free = document.state is State.KEPT and document.nature is not Nature.SIGNED and not (shown.void or shown.void_asked)
        voidable = free and voiding(tx.signing.rules(), document, shown.facts, hats) is not None
        copyable, copied = desk.services.copies.may(tx, desk.person, document), copies_of(tx, document)
        mine = [one for one in shown.signatures if one.signed_by == desk.person.id and one.recallable(document)]
    desk.note("view_document", document_id)
    said = told(desk, shown.card.document) if desk.corrects else None
    arrangeable = desk.arranges and shown.card.document.state in ARRANGEABLE
    return desk.page(
        "record.html", record=shown, q=q, start=page, age=age, today=render.now_here().date(), told=said, arrangeable=arrangeable,
        voidable=voidable, recalls=mine, copyable=copyable, copied=copied,
    )  # fmt: skip


@router.post("/{document_id}/void")
def ask_void(desk: AtDesk, document_id: str, why: Annotated[str, Form()]) -> Response:
    """Ask for the signature that makes it void. Raises Refused."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
    desk.services.signer.ask_void(desk.person, document_id, why)
    return RedirectResponse("/sign", 303)


@router.get("/{document_id}/words/{number}")
def words(desk: AtDesk, document_id: str, number: int) -> Response:
    """What was read on one page, line by line."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
        reading = tx.pages.page_reading(document_id, number)
    if reading is None:
        raise NotThere
    desk.note("view_words", document_id, page=number)
    return PlainTextResponse(reading.text)


@router.get("/{document_id}/verdict")
def verdict(desk: AtDesk, document_id: str) -> Response:
    """What a check of the signatures found, in plain words."""
    return desk.page("fragments/verdict.html", **_verdict(desk, document_id))


@router.get("/{document_id}/badge")
def badge(desk: AtDesk, document_id: str) -> Response:
    """The same as one badge, for lists."""
    return desk.page("fragments/badge.html", **_verdict(desk, document_id))


def _verdict(desk: Desk, document_id: str) -> dict[str, Any]:
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        signers = {one.field: one for one in tx.signing.of(document_id)}
        names = {one.id: one.name for one in tx.people.listed()}
    found = desk.services.verify_document(document)
    sentences = desk.services.verdict_sentences(found, desk.say.language)
    return {
        "verdict": found,
        "sentences": sentences,
        "signers": signers,
        "names": names,
        "document": document,
        "checked": render.now_here(),
    }


def _locator(desk: Desk, q: str) -> Callable[[PageReading], Located] | None:
    return (lambda reading: desk.services.locate_hits(reading, q)) if q.strip() else None
