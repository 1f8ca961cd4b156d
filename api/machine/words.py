"""The words of a page for people's programs: list them, correct them, take a correction back.

A page's words carry `seen`, as of the newest deed on the page; who corrects names it, and is answered 409 if somebody was
faster. Nothing that is signed or bound changes (`docs/reference/sidecar.md`: `changed`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path

from api import sessions
from api.desk import CORRECTS, AtDesk, Desk
from api.machine.forms import ChangedForm, CorrectForm, DeedForm, PageWordsForm, TakeBackForm, WordForm
from api.services import Words
from api.views.words import doubtful, names_of
from domain.corrections import lines
from domain.pages import Word

router = APIRouter(prefix="/documents/{document_id}/pages/{number}")
Number = Annotated[int, Path(ge=1)]


@router.get("/words")
def words(desk: AtDesk, document_id: str, number: Number) -> PageWordsForm:
    """The words of a page with boxes, as people corrected them, and every correction."""
    _allowed(desk, document_id)
    found = desk.services.words.words(document_id, number)
    desk.note("view_words", document_id, page=number)
    return _form(desk, document_id, number, found)


@router.post("/words", dependencies=[sessions.only(*CORRECTS)])
def correct(desk: AtDesk, document_id: str, number: Number, asked: Annotated[CorrectForm, Body()]) -> PageWordsForm:
    """Say what stands in the place of some words of one line; the same text says that they were read rightly."""
    _allowed(desk, document_id)
    place = document_id, number, range(*asked.words)
    now = desk.services.words.correct(place, asked.text, asked.seen, desk.person.login)
    return _form(desk, document_id, number, now)


@router.post("/words/take-back", dependencies=[sessions.only(*CORRECTS)])
def take_back(desk: AtDesk, document_id: str, number: Number, asked: Annotated[TakeBackForm, Body()]) -> PageWordsForm:
    """Take a correction back: the one before it counts again, at last what was read."""
    _allowed(desk, document_id)
    now = desk.services.words.take_back((document_id, number), asked.number, asked.seen, desk.person.login)
    return _form(desk, document_id, number, now)


def _allowed(desk: Desk, document_id: str) -> None:
    with desk.store.read() as tx:
        desk.document(tx, document_id)


def _form(desk: Desk, document_id: str, number: int, found: Words) -> PageWordsForm:
    page = found.reading
    standing = {one.number for one in found.standing}
    deeds = [
        DeedForm(
            number=one.number, box=one.box.as_list(), read=one.read, text=one.text or None, by=one.by, at=one.at.isoformat(),
            takes_back=one.takes_back, stands=one.number in standing, holds=one.number in standing - found.missed,
        )
        for one in found.deeds
    ]  # fmt: skip
    return PageWordsForm(
        document=document_id, page=number, width=page.width, height=page.height, seen=found.seen,
        words=[_word(word) for word in page.words], lines=[(line.start, line.stop) for line in lines(page)],
        corrections=deeds, people=names_of(desk, found.deeds),
    )  # fmt: skip


def _word(word: Word) -> WordForm:
    changed = word.changed
    return WordForm(
        text=word.text, box=word.box.as_list(), confidence=round(word.confidence, 4), line=word.line, doubtful=doubtful(word),
        changed=ChangedForm(read=changed.read, rule=changed.rule, by=changed.by, at=changed.at) if changed else None,
    )  # fmt: skip
