"""Beside a document: what people corrected on its pages, and facts to look at again since. The words themselves are asked for and
corrected through `/api/v1` (`api/machine/words.py`).
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from api import sessions
from api.desk import CORRECTS, AtDesk, Desk
from api.views.words import doubtful_on, told

router = APIRouter(prefix="/words/{document_id}", dependencies=[sessions.only(*CORRECTS)])


@router.get("")
def side(desk: AtDesk, document_id: str) -> Response:
    """The part of the screen that changes when words do."""
    return _side(desk, document_id)


@router.get("/doubtful")
def doubtful(desk: AtDesk, document_id: str) -> dict[int, int]:
    """How many words a person should look at again, by page: a number about the paper, no look at it."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
        read = tx.pages.reading(document_id).pages
    return {page.number: doubtful_on(page) for page in read}


@router.post("/take-back")
def take_back(
    desk: AtDesk, document_id: str, page: Annotated[int, Form()], number: Annotated[int, Form()], seen: Annotated[int, Form()]
) -> Response:
    """Take a correction back; the screen is told on which page, so that it shows the words anew."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
    desk.services.words.take_back((document_id, page), number, seen, desk.person.login)
    answer = _side(desk, document_id)
    answer.headers["HX-Trigger"] = json.dumps({"luuky:taken": page})
    return answer


def _side(desk: Desk, document_id: str) -> Response:
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
    return desk.page("fragments/words_side.html", document=document, told=told(desk, document))
