"""Search for people's programs."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query

from api.desk import AtDesk, Desk
from api.machine.forms import Hit, SearchForm
from domain import search
from domain.documents import Document
from domain.search import FoundPage
from storage.store import Transaction

router = APIRouter()


@router.get("/search")
def find(
    desk: AtDesk, q: Annotated[str, Query(min_length=1, max_length=200)], limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> SearchForm:
    """Pages that answer, best first, within the asker's rights."""
    begun = time.perf_counter()
    with desk.store.read() as tx:
        query = search.Query(text=q, sight=desk.sight(tx), limit=limit)
        answer = desk.services.index.search(query)
        ids = {page.document for page in answer.pages}
        known = {one.id: one for one in tx.documents.listed(ids=ids, sight=query.sight)} if ids else {}
        hits = [_hit(tx, desk, q, page, known[page.document]) for page in answer.pages if page.document in known]
    desk.note("search", None, query=q, total=answer.total)
    took = round(1000 * (time.perf_counter() - begun), 1)
    return SearchForm(query=q, total=answer.total, took_ms=took, hits=hits)


@router.get("/suggest")
def suggest(
    desk: AtDesk, prefix: Annotated[str, Query(min_length=1, max_length=80)], limit: Annotated[int, Query(ge=1, le=20)] = 8
) -> list[str]:
    """Words and names that begin so, within the asker's rights."""
    with desk.store.read() as tx:
        sight = desk.sight(tx)
    return list(desk.services.index.suggest(prefix, sight, limit))


def _hit(tx: Transaction, desk: Desk, q: str, page: FoundPage, document: Document) -> Hit:
    reading = tx.pages.page_reading(document.id, page.page)
    located = desk.services.locate_hits(reading, q) if reading else None
    return Hit(
        document=document.id,
        title=document.title,
        kind=document.kind_code,
        patient=document.patient_id,
        page=page.page,
        void=bool(tx.signing.voided([document.id])),
        score=page.score,
        snippet=located.snippet if located else "",
        boxes=[box.as_list() for box in located.boxes] if located else [],
    )
