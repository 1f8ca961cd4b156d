"""Ký: what waits for this doctor, every page seen before it is ticked, and what became of each."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response

from api import deputies, render, sessions
from api.deputies import DeputyForm
from api.desk import ROOMS, AtDesk, Desk, asked_of
from api.errors import NotThere
from api.views import queue
from domain.errors import Refused
from domain.signers import OFFICES, SIGNS, Capacity
from storage.sign_queue import Narrow
from storage.signing import WAITING, Signature
from storage.store import Transaction

router = APIRouter(prefix="/sign", dependencies=[sessions.only(*ROOMS["sign"])])


@router.get("")
def show(desk: AtDesk, wanted: Annotated[queue.Wanted, Query()]) -> Response:
    """The queue, with one document open."""
    return _page(desk, "sign.html", wanted)


@router.get("/queue")
def refresh(desk: AtDesk, wanted: Annotated[queue.Wanted, Query()]) -> Response:
    """The queue alone: asked for whenever something happened."""
    return _page(desk, "fragments/sign_queue.html", wanted)


@router.get("/papers/{signature_id}")
def opened(desk: AtDesk, signature_id: str) -> Response:
    """A document of the queue alone, for a person who reads on from one to the next. Raises NotThere."""
    with desk.store.read() as tx:
        shown = queue.paper(tx, desk.person, signature_id)
    if shown is None:
        raise NotThere
    desk.note("view_document", shown.item.card.id, why="sign")
    return desk.page("fragments/sign_opened.html", paper=shown)


@router.get("/ready")
def ready(desk: AtDesk, wanted: Annotated[queue.Wanted, Query()]) -> list[str]:
    """What of a group may be ticked: every page was looked at. As many as go to the desk at once."""
    with desk.store.read() as tx:
        return asked_of(tx, desk.person).ready(wanted.narrow, desk.services.signer.most)


@router.post("/pair")
def offer_code(desk: AtDesk) -> Response:
    """A code that pairs the agent on the doctor's desk, shown once."""
    code = desk.services.signer.offer_code(desk.person)
    server = str(desk.request.base_url).rstrip("/")
    return desk.page("fragments/pairing_code.html", code=code, server=server)


@router.post("/jobs")
def send(desk: AtDesk, items: Annotated[list[str], Form()]) -> Response:
    """Send what is ticked to the agent, as far as it still waits; a worker prepares it. Raises Refused `unseen` for a document
    with pages not yet looked at.
    """
    with desk.store.read() as tx:
        asked = asked_of(tx, desk.person)
        seen = set(asked.ready(Narrow(), len(items), items))
        unseen = [one for one in items if one not in seen and (found := asked.find(one)) and found.state == WAITING]
        sent = [one for one in items if one not in seen and asked.find(one)]
    if unseen:
        raise Refused("unseen", "Còn trang chưa xem. Xem đủ rồi hãy ký.", "Some pages were not looked at. See them all first.")
    if not seen and not sent:
        raise NotThere
    desk.services.signer.send(desk.person, [one for one in dict.fromkeys(items) if one in seen] or sent)
    return RedirectResponse("/sign", 303)


@router.post("/jobs/{job_id}/stop")
def stop(desk: AtDesk, job_id: str) -> Response:
    """Call it off: what was not signed waits again."""
    desk.services.signer.stop(desk.person, job_id)
    return RedirectResponse("/sign", 303)


@router.post("/{signature_id}/refuse")
def refuse(desk: AtDesk, signature_id: str, why: Annotated[str, Form()]) -> Response:
    """Will not sign. Raises Refused."""
    desk.services.signer.refuse(desk.person, signature_id, why)
    return RedirectResponse("/sign", 303)


@router.post("/{signature_id}/recall")
def recall(desk: AtDesk, signature_id: str, why: Annotated[str, Form()]) -> Response:
    """Take the own signature back. Raises Refused."""
    desk.services.signer.recall(desk.person, signature_id, why)
    return RedirectResponse("/sign", 303)


@router.post("/{signature_id}/keep")
def keep(desk: AtDesk, signature_id: str) -> Response:
    """Do not make it void after all. Raises Refused."""
    desk.services.signer.cancel_void(desk.person, signature_id)
    return RedirectResponse("/sign", 303)


@router.get("/deputies")
def who_signs_for_whom(desk: AtDesk) -> Response:
    """Who signs in this person's name for a while, and in whose name this person does."""
    with desk.store.read() as tx:
        people = {one.id: one for one in tx.people.listed()}
        found = tx.signers.deputies(desk.person.id)
    others = [one for one in people.values() if one.active and one.role in SIGNS and one.id != desk.person.id]
    return desk.page(
        "sign_deputies.html", deputies=found, people=people, others=others, capacities=[Capacity.AUTHOR, *OFFICES],
        departments=desk.person.departments, today=render.now_here().date(),
    )  # fmt: skip


@router.post("/deputies")
def name_deputy(desk: AtDesk, form: Annotated[DeputyForm, Form()]) -> Response:
    """Somebody signs in this person's name. Raises Refused `deputy`."""
    with desk.store.write() as tx:
        deputies.name(tx, form.of(desk.person.id, desk.person))
    return RedirectResponse("/sign/deputies", 303)


@router.post("/deputies/{deputy_id}/end")
def end_deputy(desk: AtDesk, deputy_id: str) -> Response:
    """From now on nobody signs by it. Raises NotThere for one that somebody else named."""
    with desk.store.write() as tx:
        deputies.end(tx, deputy_id, desk.person)
    return RedirectResponse("/sign/deputies", 303)


@router.post("/{signature_id}/seen")
def seen(desk: AtDesk, signature_id: str, page: Annotated[int, Form(ge=1)]) -> Response:
    """A page stood before the doctor's eyes."""
    with desk.store.write() as tx:
        signature = _mine(tx, desk, signature_id)
        if page in {one.number for one in tx.pages.of(signature.document_id)} - set(signature.seen):
            tx.signing.set(signature_id, seen=sorted({*signature.seen, page}))
            tx.audit.add(desk.person.login, "saw_page_before_signing", signature.document_id, page=page)
    return Response(status_code=204)


def _mine(tx: Transaction, desk: Desk, signature_id: str) -> Signature:
    found = asked_of(tx, desk.person).find(signature_id)
    if found is None:
        raise NotThere
    return found


def _page(desk: Desk, template: str, wanted: queue.Wanted) -> Response:
    with desk.store.read() as tx:
        whole = template == "sign.html"
        shown = queue.queue(tx, desk.person, wanted, desk.services.signer.most, whole=whole)
    if shown.open and whole:
        desk.note("view_document", shown.open.item.card.id, why="sign")
    kinds = {kind.code: kind.title for kind in desk.services.kinds()}
    return desk.page(template, queue=shown, wanted=shown.wanted, kinds=kinds, live=not whole)
