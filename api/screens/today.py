"""Hôm nay: what landed, what runs, what waits for whom, and whether anything can be lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import RedirectResponse, Response

from api import render, sessions
from api.desk import ROOMS, AtDesk, Desk
from api.errors import TooLarge
from api.screens.login import home
from api.views import today
from domain.documents import Document, Origin
from domain.errors import Message
from domain.people import Role

router = APIRouter()
_open = sessions.only(*ROOMS["today"])
_archive = sessions.only(Role.ARCHIVE)
_CHUNK = 1 << 20


@router.get("/")
def show(desk: AtDesk) -> Response:
    """The day; people without this room go to theirs."""
    if "today" not in desk.rooms:
        return RedirectResponse(home(desk.person), 303)
    return desk.page("today.html", day=_day(desk), alarms=_alarms(desk))


@router.get("/today", dependencies=[_open])
def refresh(desk: AtDesk) -> Response:
    """The same without the frame: asked for whenever something happened."""
    return desk.page("fragments/today.html", day=_day(desk), alarms=_alarms(desk))


@router.get("/rail")
def rail(desk: AtDesk, here: str = "") -> Response:
    """The rail's rooms with their counts: asked for whenever something happened."""
    return desk.page("fragments/rail.html", here=here)


@router.post("/upload", dependencies=[_archive])
def upload(desk: AtDesk, files: Annotated[list[UploadFile], File()]) -> Response:
    """Take photos or PDFs in, as the watched folders do."""
    taken = [_take(desk, file) for file in files if file.filename]
    if desk.request.headers.get("HX-Request"):
        return desk.page("fragments/uploaded.html", taken=len(taken))
    return RedirectResponse("/", 303)


@router.post("/documents/{document_id}/retry", dependencies=[_archive])
def try_again(desk: AtDesk, document_id: str) -> Response:
    """A person asks the belt to try once more."""
    with desk.store.write() as tx:
        document = desk.document(tx, document_id)
        if document.problem:
            tx.pages.reset_attempts(document_id)
            tx.documents.try_again(document, desk.person.login)
    return refresh(desk) if desk.request.headers.get("HX-Request") else RedirectResponse("/", 303)


def _day(desk: Desk) -> today.Day:
    with desk.store.read() as tx:
        return today.day(tx, desk.person, desk.sight(tx), render.now_here())


def _alarms(desk: Desk) -> Sequence[Message]:
    """What archive staff tell the administrator: authorities whose certificates end soon."""
    return desk.services.trust.alarms() if desk.person.role is Role.ARCHIVE else ()


def _take(desk: Desk, file: UploadFile) -> Document | None:
    limit = desk.services.settings.max_upload
    name = Path(file.filename or "").name
    with tempfile.TemporaryDirectory(prefix="luuky-upload-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out, _CHUNK)
        if path.stat().st_size > limit:
            raise TooLarge(limit)
        return desk.services.accept_upload(path, Origin(name, "upload", operator=desk.person.login))
