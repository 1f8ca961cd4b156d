"""The pages of documents for people's programs: list them, arrange, split and join them (`docs/reference/arranging.md`).

A deed names `seen` of every document concerned, and is answered 409 if somebody was faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Body

from api import sessions
from api.desk import ARRANGES, AtDesk, Desk
from api.machine.forms import ArrangedForm, ArrangeForm, ArrangementForm, Concerned, JoinForm, SplitForm
from domain.arrangement import Deed
from domain.order import parse

router = APIRouter(prefix="/documents/{document_id}", dependencies=[sessions.only(*ARRANGES)])


@router.get("/arrangement")
def arrangement(desk: AtDesk, document_id: str) -> ArrangementForm:
    """Which page of which file each page is, what is set aside, and every version."""
    _allowed(desk, [document_id])
    desk.note("view_document", document_id)
    return ArrangementForm(**desk.services.pages.sheaf(document_id).as_json())


@router.post("/arrangement")
def arrange(desk: AtDesk, document_id: str, asked: Annotated[ArrangeForm, Body()]) -> ArrangedForm:
    """Give a document exactly these pages, in this order."""
    ids = [document_id, *(span.document for span in parse(asked.order) if span.document)]
    _allowed(desk, ids)
    desk.services.pages.arrange(document_id, asked.order, Deed(desk.person.login, asked.seen, asked.reason))
    return _concerned(desk, ids)


@router.post("/split")
def split(desk: AtDesk, document_id: str, asked: Annotated[SplitForm, Body()]) -> ArrangedForm:
    """Make several documents of one."""
    _allowed(desk, [document_id])
    made = desk.services.pages.split(document_id, asked.parts, Deed(desk.person.login, asked.seen, asked.reason))
    return _concerned(desk, [one.id for one in made])


@router.post("/join")
def join(desk: AtDesk, document_id: str, asked: Annotated[JoinForm, Body()]) -> ArrangedForm:
    """Append the pages of other documents."""
    ids = [document_id, *asked.documents]
    _allowed(desk, ids)
    desk.services.pages.join(document_id, asked.documents, Deed(desk.person.login, asked.seen, asked.reason))
    return _concerned(desk, ids)


def _allowed(desk: Desk, ids: Iterable[str]) -> None:
    with desk.store.read() as tx:
        for name in dict.fromkeys(ids):
            desk.document(tx, name, opened=True)


def _concerned(desk: Desk, ids: Iterable[str]) -> ArrangedForm:
    with desk.store.read() as tx:
        made = [tx.documents.get(name) for name in dict.fromkeys(ids)]
    return ArrangedForm(
        documents=[Concerned(document=one.id, state=one.state, seen=one.version, pages=one.pages) for one in made]
    )
