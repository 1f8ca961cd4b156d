"""Tìm: as you type, with or without tones; the hits stand on strips of the page. Every search is noted in the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from api import sessions
from api.desk import ROOMS, AtDesk
from api.views import found
from api.views.cards import cards
from api.views.places import joined, on_page
from api.views.story import age
from domain import search
from domain.documents import FINDABLE
from domain.people import Sight

router = APIRouter(prefix="/find", dependencies=[sessions.only(*ROOMS["find"])])
NEWEST = 12


class Asked(BaseModel):
    """What stands in the address: the words, the ticked facets, one patient, the order (`newest` or `nearest`)."""

    q: str = ""
    kind: frozenset[str] = frozenset()
    department: frozenset[str] = frozenset()
    year: frozenset[str] = frozenset()
    patient: str = ""
    order: str = "newest"

    def query(self, sight: Sight) -> search.Query:
        """The same as a question, within rights."""
        years = frozenset(int(year) for year in self.year if year.isdigit())
        return search.Query(self.q.strip()[:200], sight, self.kind, self.department, years, self.patient or None)


@router.get("")
def show(desk: AtDesk, given: Annotated[Asked, Query()]) -> Response:
    """The screen; as a fragment when asked for while typing."""
    fragment = desk.request.headers.get("HX-Request") and desk.request.headers.get("HX-Target") == "results"
    name = "fragments/find.html" if fragment else "find.html"
    with desk.store.read() as tx:
        asked = given.query(desk.sight(tx))
        empty = not asked.text and not asked.patient
        answer = found.Found(asked, given.order) if empty else found.find(tx, desk.services, asked, given.order)
        newest = (
            cards(tx, tx.documents.listed(states=FINDABLE, sight=asked.sight, newest_first=True, limit=NEWEST)) if empty else []
        )
    if not empty:
        desk.note("search", None, query=asked.text, patient=asked.patient, total=answer.total)
    return desk.page(name, found=answer, newest=newest, age=age)


@router.get("/look")
def look(desk: AtDesk, document: str, page: int = 1, q: str = "") -> Response:
    """A quick look at one page with its hits, without leaving the list."""
    with desk.store.read() as tx:
        card = cards(tx, [desk.document(tx, document)])[0]
        reading = tx.pages.page_reading(document, page)
    places = [on_page(box, reading) for box in joined(desk.services.locate_hits(reading, q).boxes)] if reading and q else []
    return desk.page("fragments/look.html", card=card, number=page, reading=reading, hits=places, q=q)
