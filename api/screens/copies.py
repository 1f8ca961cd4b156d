"""Bản sao y: certified copies of a kept document are issued and fetched here, and listed in a register."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse, RedirectResponse, Response
from pydantic import BaseModel

from api import sessions
from api.desk import ROOMS, AtDesk
from api.errors import NotThere
from domain.copies import checked_request
from storage.copies import CertifiedCopies

router = APIRouter(prefix="/records/{document_id}/copies", dependencies=[sessions.only(*ROOMS["records"])])


class CopyForm(BaseModel):
    """A request as it is typed."""

    form: str
    recipient: str
    reason: str
    pages: str = ""


@router.post("")
def issue(desk: AtDesk, document_id: str, typed: Annotated[CopyForm, Form()]) -> Response:
    """Make one, with the hospital's seal. Raises Refused, PartAway, PartMissing."""
    request = checked_request(typed.form, typed.recipient, typed.reason, typed.pages)
    with desk.store.read() as tx:
        desk.document(tx, document_id, opened=True)
    copy = desk.services.copies.issue(desk.person, document_id, request)
    return RedirectResponse(f"/records/{document_id}#copy-{copy.number}", 303)


@router.get("/{copy_id}/pdf")
def pdf(desk: AtDesk, document_id: str, copy_id: str) -> Response:
    """The signed copy."""
    with desk.store.read() as tx:
        desk.document(tx, document_id, opened=True)
        copy = CertifiedCopies(tx.connection).get(copy_id)
    if copy is None or copy.document_id != document_id:
        raise NotThere
    desk.note("download_copy", document_id, number=copy.number, sha256=copy.sha256)
    name = f"{copy.form.value.replace('_', '-')}-{copy.number}.pdf"
    return FileResponse(desk.store.objects.path(copy.sha256), media_type="application/pdf", filename=name)
