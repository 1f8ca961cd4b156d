"""Xếp trang: the pages of one document in Lô quét, and what can be put between them. Deeds go by `api/machine/arranging.py`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ARRANGES, AtDesk, Desk
from api.views import batches
from api.views.cards import Card, cards
from domain.documents import Document, State
from domain.people import Sight
from domain.reasons import REASONS, why
from storage.overview import Overview
from storage.store import Transaction

router = APIRouter(prefix="/batches/document/{document_id}", dependencies=[sessions.only(*ARRANGES)])
OFFERED = (State.PAGED, State.READ, State.NEEDS_REVIEW, State.FILED, State.BOUND, State.AWAITING_SIGNATURE)
"""Whose pages are offered to be put in elsewhere: not yet signed."""
MOST = 40


@router.get("")
def show(desk: AtDesk, document_id: str, page: int = 1) -> Response:
    """A document in its batch with a page chosen; without a batch, beside those that have pages of the same files."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        if document.batch_id:
            return RedirectResponse(f"/batches/{document.batch_id}?document={document_id}&page={page}", 303)
        strip, rows = batches.alone(tx, document_id, desk.sight(tx)), batches.rows(tx)
    return strip_of(desk, f"/batches/document/{document_id}", rows=rows, chosen=None, strip=strip, document=document)


@router.get("/stock")
def stock(desk: AtDesk, document_id: str) -> Response:
    """Documents whose pages can be put in: those of the same batch first, the newest first."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        same, others = _stock(tx, document, desk.sight(tx))
    return desk.page("fragments/stock.html", same=same, others=others)


def strip_of(desk: Desk, address: str, **shown: Any) -> Response:
    """The screen, or the strip alone where it is refreshed. `address`: where the strip is had."""
    name = "fragments/batch.html" if desk.request.headers.get("HX-Request") else "batches.html"
    with desk.store.read() as tx:
        names = {person.login: person.name for person in tx.people.listed()}
    return desk.page(name, **{"document": None, **shown}, address=address, names=names, reasons=REASONS, why=why)


def _stock(tx: Transaction, document: Document, sight: Sight) -> tuple[list[Card], list[Card]]:
    overview = Overview(tx.connection)
    ids = overview.documents_of_batch(document.batch_id) if document.batch_id else ()
    here = tx.documents.listed(ids=ids, states=OFFERED, sight=sight, newest_first=True)
    found = tx.documents.listed(states=OFFERED, sight=sight, newest_first=True, limit=MOST)
    every = {one.id: one for one in (*here, *found) if one.id != document.id}
    signing = overview.being_signed(every)
    listed = cards(tx, (one for one in every.values() if one.pages and not batches.barred(one, signing)))
    return [card for card in listed if card.id in ids], [card for card in listed if card.id not in ids]
