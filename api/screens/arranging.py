"""Xếp trang: the pages of one document in Lô quét, and what can be put between them. Deeds go by `api/machine/arranging.py`.

Archive staff do not see what is kept. Who must arrange the pages of a kept document says which and why; that is written down, and
for an hour this person has its pages here, and here only.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ARRANGES, OPENED, AtDesk, Desk
from api.errors import NotThere
from api.views import batches
from api.views.cards import Card, cards
from domain.documents import Document, State
from domain.errors import Refused
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
        document = desk.document(tx, document_id, opened=True)
        if document.batch_id:
            return RedirectResponse(f"/batches/{document.batch_id}?document={document_id}&page={page}", 303)
        strip, rows = batches.alone(tx, document_id, desk.table(tx)), batches.rows(tx)
    return strip_of(desk, f"/batches/document/{document_id}", rows=rows, chosen=None, strip=strip, document=document)


@router.get("/stock")
def stock(desk: AtDesk, document_id: str) -> Response:
    """Documents whose pages can be put in: those of the same batch first, the newest first."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id, opened=True)
        same, others = _stock(tx, document, desk.sight(tx))
    return desk.page("fragments/stock.html", same=same, others=others)


def open_kept(desk: Desk, document_id: str, code: str, text: str) -> None:
    """Open a kept document to arrange its pages; why: a code of `REASONS` and words. Raises NotThere, Refused `came_signed`,
    `reason_needed`, `bad_reason`.
    """
    given = why(f"{code}: {text}")
    with desk.store.write() as tx:
        document = tx.documents.find(document_id)
        if document is None or document.state is not State.KEPT:
            raise NotThere
        if batches.barred(document, ()):
            raise Refused(
                "came_signed",
                "Tệp này đã có chữ ký khi gửi đến nên phải giữ nguyên trang.",
                "This file came in signed; its pages are kept as they are.",
            )
        if given is None or given.code != code:
            raise Refused("reason_needed", "Hãy ghi lý do mở tài liệu đã cất.", "Say why the kept document is opened.")
        tx.audit.add(desk.person.login, OPENED, document_id, reason=given.code, why=given.text)


def strip_of(desk: Desk, address: str, **shown: Any) -> Response:
    """The screen, or the strip alone where it is refreshed. `address`: where the strip is had."""
    name = "fragments/batch.html" if desk.request.headers.get("HX-Request") else "batches.html"
    with desk.store.read() as tx:
        names = {person.login: person.name for person in tx.people.listed()}
        context = {"document": None, "stored": [], "opened": desk.opened(tx), **shown}
    return desk.page(name, **context, address=address, names=names, reasons=REASONS, why=why)


def _stock(tx: Transaction, document: Document, sight: Sight) -> tuple[list[Card], list[Card]]:
    overview = Overview(tx.connection)
    ids = overview.documents_of_batch(document.batch_id) if document.batch_id else ()
    here = tx.documents.listed(ids=ids, states=OFFERED, sight=sight, newest_first=True)
    found = tx.documents.listed(states=OFFERED, sight=sight, newest_first=True, limit=MOST)
    every = {one.id: one for one in (*here, *found) if one.id != document.id}
    signing = overview.being_signed(every)
    listed = cards(tx, (one for one in every.values() if one.pages and not batches.barred(one, signing)))
    return [card for card in listed if card.id in ids], [card for card in listed if card.id not in ids]
