"""Page pictures, the PDF and the sidecar: every byte of a paper leaves through here, within rights and noted in the audit log.

The PDF is answered in parts too (RFC 9110, 14): a viewer shows page 250 of 500 without the rest of the file. A person who reads
on in the same bytes is noted once in `SAME_READING`.
"""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from api.desk import AtDesk, Desk
from api.errors import NotThere
from domain.documents import Document
from domain.sidecar import Sidecar
from storage.arrangements import Aside
from storage.clock import now
from storage.pages import Page
from storage.store import Transaction

router = APIRouter(prefix="/documents/{document_id}")
JPEG = "image/jpeg"
SAME_READING = timedelta(minutes=10)


@router.get("/pages/{number}/image")
def image(desk: AtDesk, document_id: str, number: int) -> Response:
    """The upright picture of a page."""
    shown = _picture(desk, _page(desk, document_id, number).preview)
    desk.note("view_page", document_id, page=number)
    return shown


@router.get("/pages/{number}/thumbnail")
def thumbnail(desk: AtDesk, document_id: str, number: int) -> Response:
    """A picture too small to read, for lists: within rights like any other, but no reading act."""
    return _picture(desk, _page(desk, document_id, number).thumbnail)


@router.get("/aside/{number}/image")
def image_aside(desk: AtDesk, document_id: str, number: int) -> Response:
    """The upright picture of a page that was set aside."""
    shown = _picture(desk, _aside(desk, document_id, number).preview)
    desk.note("view_page", document_id, aside=number)
    return shown


@router.get("/aside/{number}/thumbnail")
def thumbnail_aside(desk: AtDesk, document_id: str, number: int) -> Response:
    """The small picture of a page that was set aside: no reading act."""
    return _picture(desk, _aside(desk, document_id, number).thumbnail)


@router.post("/printed")
def printed(desk: AtDesk, document_id: str) -> Response:
    """Note that the pages on the screen go to a printer."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
    desk.note("print_page", document_id)
    return Response(status_code=204)


@router.api_route("/pdf", methods=["GET", "HEAD"])
def pdf(desk: AtDesk, document_id: str, *, inline: bool = False) -> Response:
    """The newest bytes of the document: signed if it is signed, else the bound PDF/A. `inline`: to be shown, not saved."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        name = document.current or document.bound
        reads_on = name is not None and "Range" in desk.request.headers and _noted(tx, desk, document_id, name)
    if name is None:
        raise NotThere
    if desk.request.method == "GET" and not reads_on:
        desk.note("download_pdf", document_id, sha256=name)
    headers = {"Content-Disposition": _named(document, "pdf", "inline" if inline else "attachment"), "ETag": f'"{name}"'}
    return FileResponse(desk.store.objects.path(name), media_type="application/pdf", headers=headers)


@router.get("/sidecar")
def sidecar(desk: AtDesk, document_id: str) -> Response:
    """Words with boxes and everything found, as the documented JSON."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        value = sidecar_of(tx, document).as_json()
    desk.note("download_sidecar", document_id)
    body = json.dumps(value, ensure_ascii=False, indent=1)
    return Response(body, media_type="application/json", headers={"Content-Disposition": _named(document, "json")})


def sidecar_of(tx: Transaction, document: Document) -> Sidecar:
    """Everything known about a document."""
    return Sidecar(tx.documents.sources(document.id), tx.pages.reading(document.id).pages, tx.documents.facts(document.id))


def _picture(desk: Desk, name: str | None) -> Response:
    """A kept picture; None: there is none yet. Raises NotThere."""
    if name is None:
        raise NotThere
    return FileResponse(desk.store.objects.path(name), media_type=JPEG)


def _page(desk: Desk, document_id: str, number: int) -> Page:
    with desk.store.read() as tx:
        desk.document(tx, document_id, opened=True, to_copy=True)
        return tx.pages.get(document_id, number)


def _aside(desk: Desk, document_id: str, number: int) -> Aside:
    with desk.store.read() as tx:
        desk.document(tx, document_id, opened=True)
        found = next((one for one in tx.arrangements.aside(document_id) if one.number == number), None)
    if found is None:
        raise NotThere
    return found


def _noted(tx: Transaction, desk: Desk, document_id: str, name: str) -> bool:
    """Whether this person's reading of these bytes stands in the log already."""
    since = now() - SAME_READING
    latest = (one for one in tx.audit.of(document_id, 20) if one.act == "download_pdf" and one.actor == desk.person.login)
    return any(one.at >= since and one.details.get("sha256") == name for one in latest)


def _named(document: Document, ending: str, way: str = "attachment") -> str:
    name = quote(f"{document.title or 'luu-ky'} {document.id}.{ending}")
    return f"{way}; filename=\"{document.id}.{ending}\"; filename*=UTF-8''{name}"
