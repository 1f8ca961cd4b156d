"""Sao y: who keeps the seal finds a kept paper, has certified copies made of it, and sees the register.

1. Only who keeps the seal enters. Doctors and clinicians find what they see anyway; archive staff, who do not see what is kept,
   find all of it by name and number, and see no page and no word by that.
2. Archive staff open a paper for one request, saying for whom and why; that is written down, and for an hour this person sees its
   pages here. They then have the copy made; nobody waits for it at the browser.
3. An issued copy is fetched by whoever sees its document, and by who keeps the seal and finds it here.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import FileResponse, RedirectResponse, Response
from pydantic import BaseModel

from api import sessions
from api.desk import OPENED_TO_COPY, ROOMS, AtDesk, Desk
from api.errors import NotAllowed, NotThere
from api.views import copies
from api.views.cards import cards
from domain.copies import CopyForm, checked_purpose, checked_request
from domain.documents import Document
from domain.people import sight_to_copy
from storage.copies import CertifiedCopies
from storage.store import Transaction


def keeper(desk: AtDesk) -> None:
    """Rule 1. Raises NotAllowed."""
    if not desk.keeps_seal:
        raise NotAllowed


router = APIRouter()
_asking = APIRouter(prefix="/copies", dependencies=[sessions.only(*ROOMS["copies"]), Depends(keeper)])


class RequestForm(BaseModel):
    """A request as it is typed."""

    form: str
    recipient: str
    reason: str
    pages: str = ""
    count: int = 1


@_asking.get("")
def show(desk: AtDesk, q: str = "") -> Response:
    """Papers to copy, and the register."""
    sight = sight_to_copy(desk.person)
    with desk.store.read() as tx:
        found, copied = copies.find(tx, q, sight), copies.room(tx, sight)
    if q.strip():
        desk.note("search", None, query=q.strip(), where="copies", total=len(found))
    return desk.page("copies.html", q=q, found=found, copied=copied, wide=True, sealing=desk.services.orders.sealing)


@_asking.get("/list")
def refresh(desk: AtDesk) -> Response:
    """The register without the frame: asked for whenever something happened."""
    with desk.store.read() as tx:
        copied = copies.room(tx, sight_to_copy(desk.person))
    return desk.page("fragments/copies.html", copied=copied, wide=True)


@_asking.get("/{document_id}")
def paper(desk: AtDesk, document_id: str) -> Response:
    """One paper: its pages and the request, or first for whom and why it is opened (rule 2)."""
    with desk.store.read() as tx:
        document = _findable(desk, tx, document_id)
        purpose = desk.opened_to_copy(tx).get(document_id)
        opened = purpose is not None or desk.sees(tx, document)
        card, copied = cards(tx, [document])[0], copies.copies_of(tx, document)
        pages, copyable = tx.pages.of(document_id), desk.services.copies.may(tx, desk.person, document)
    if opened:
        desk.note("view_document", document_id)
    return desk.page(
        "copy.html", card=card, copied=copied, pages=pages, opened=opened, purpose=purpose or ("", ""), copyable=copyable,
        forms=list(CopyForm), sealing=desk.services.orders.sealing, wide=False,
    )  # fmt: skip


@_asking.get("/{document_id}/list")
def refresh_paper(desk: AtDesk, document_id: str) -> Response:
    """The copies of one paper without the frame."""
    with desk.store.read() as tx:
        copied = copies.copies_of(tx, _findable(desk, tx, document_id))
    return desk.page("fragments/copies.html", copied=copied, wide=False)


@_asking.post("/{document_id}/open")
def open_paper(desk: AtDesk, document_id: str, recipient: Annotated[str, Form()], reason: Annotated[str, Form()]) -> Response:
    """Rule 2. Raises Refused `copy`."""
    to, why = checked_purpose(recipient, reason)
    with desk.store.write() as tx:
        _findable(desk, tx, document_id)
        tx.audit.add(desk.person.login, OPENED_TO_COPY, document_id, recipient=to, why=why)
    return RedirectResponse(f"/copies/{document_id}", 303)


@_asking.post("/{document_id}")
def ask(desk: AtDesk, document_id: str, typed: Annotated[RequestForm, Form()]) -> Response:
    """Have a copy made. Raises Refused."""
    request = checked_request(typed.form, typed.recipient, typed.reason, typed.pages, typed.count)
    with desk.store.read() as tx:
        desk.document(tx, document_id, to_copy=True)
    desk.services.copies.ask(desk.person, document_id, request)
    return RedirectResponse(f"/copies/{document_id}#copies", 303)


@_asking.post("/orders/{copy_id}/again")
def again(desk: AtDesk, copy_id: str) -> Response:
    """Try once more what could not be made, what waits, or a proof that could not be renewed."""
    document_id = _mine(desk, copy_id)
    desk.services.copies.again(desk.person, copy_id)
    return RedirectResponse(f"/copies/{document_id}#copies", 303)


@_asking.post("/orders/{copy_id}/stop")
def stop(desk: AtDesk, copy_id: str) -> Response:
    """Call it off."""
    document_id = _mine(desk, copy_id)
    desk.services.copies.stop(desk.person, copy_id)
    return RedirectResponse(f"/copies/{document_id}#copies", 303)


@router.get("/records/{document_id}/copies/{copy_id}/pdf", dependencies=[sessions.only(*ROOMS["records"])])
def pdf(desk: AtDesk, document_id: str, copy_id: str) -> Response:
    """The signed copy, with its newest proof (rule 3)."""
    with desk.store.read() as tx:
        document, copy = tx.documents.find(document_id), CertifiedCopies(tx.connection).get(copy_id)
        if document is None or copy is None or copy.document_id != document_id:
            raise NotThere
        found = sight_to_copy(desk.person).allows(document) and desk.services.copies.keeps(tx, desk.person)
        if not (found or desk.sees(tx, document)):
            raise NotThere
    desk.note("download_copy", document_id, number=copy.number, sha256=copy.current)
    name = f"{copy.form.value.replace('_', '-')}-{copy.number}.pdf"
    return FileResponse(desk.store.objects.path(copy.current), media_type="application/pdf", filename=name)


router.include_router(_asking)


def _findable(desk: Desk, tx: Transaction, document_id: str) -> Document:
    """A kept document that this person finds here. Raises NotThere."""
    found = tx.documents.find(document_id)
    if found is None or not sight_to_copy(desk.person).allows(found):
        raise NotThere
    return found


def _mine(desk: Desk, copy_id: str) -> str:
    """The document of a copy that this person finds here. Raises NotThere."""
    with desk.store.read() as tx:
        register = CertifiedCopies(tx.connection)
        copy = register.order(copy_id) or register.get(copy_id)
        if copy is None:
            raise NotThere
        return _findable(desk, tx, copy.document_id).id
