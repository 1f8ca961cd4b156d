"""Page pictures, the PDF and the sidecar: every byte of a paper leaves through here, within rights and noted in the audit log."""

from __future__ import annotations

import json
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from api.desk import AtDesk, Desk
from api.errors import NotThere
from domain.documents import Document
from domain.sidecar import Sidecar
from storage.pages import Page
from storage.store import Transaction

router = APIRouter(prefix="/documents/{document_id}")
JPEG = "image/jpeg"


@router.get("/pages/{number}/image")
def image(desk: AtDesk, document_id: str, number: int) -> Response:
    """The upright picture of a page."""
    page = _page(desk, document_id, number)
    if page.preview is None:
        raise NotThere
    desk.note("view_page", document_id, page=number)
    return FileResponse(desk.store.objects.path(page.preview), media_type=JPEG)


@router.get("/pages/{number}/thumbnail")
def thumbnail(desk: AtDesk, document_id: str, number: int) -> Response:
    """A picture too small to read, for lists: within rights like any other, but no reading act."""
    page = _page(desk, document_id, number)
    if page.thumbnail is None:
        raise NotThere
    return FileResponse(desk.store.objects.path(page.thumbnail), media_type=JPEG)


@router.post("/printed")
def printed(desk: AtDesk, document_id: str) -> Response:
    """Note that the pages on the screen go to a printer."""
    with desk.store.read() as tx:
        desk.document(tx, document_id)
    desk.note("print_page", document_id)
    return Response(status_code=204)


@router.get("/pdf")
def pdf(desk: AtDesk, document_id: str) -> Response:
    """The newest bytes of the document: signed if it is signed, else the bound PDF/A."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
    name = document.current or document.bound
    if name is None:
        raise NotThere
    desk.note("download_pdf", document_id, sha256=name)
    headers = {"Content-Disposition": _attachment(document, "pdf")}
    return FileResponse(desk.store.objects.path(name), media_type="application/pdf", headers=headers)


@router.get("/sidecar")
def sidecar(desk: AtDesk, document_id: str) -> Response:
    """Words with boxes and everything found, as the documented JSON."""
    with desk.store.read() as tx:
        document = desk.document(tx, document_id)
        value = sidecar_of(tx, document).as_json()
    desk.note("download_sidecar", document_id)
    body = json.dumps(value, ensure_ascii=False, indent=1)
    return Response(body, media_type="application/json", headers={"Content-Disposition": _attachment(document, "json")})


def sidecar_of(tx: Transaction, document: Document) -> Sidecar:
    """Everything known about a document."""
    return Sidecar(tx.documents.sources(document.id), tx.pages.reading(document.id).pages, tx.documents.facts(document.id))


def _page(desk: Desk, document_id: str, number: int) -> Page:
    with desk.store.read() as tx:
        desk.document(tx, document_id)
        return tx.pages.get(document_id, number)


def _attachment(document: Document, ending: str) -> str:
    name = quote(f"{document.title or 'luu-ky'} {document.id}.{ending}")
    return f"attachment; filename=\"{document.id}.{ending}\"; filename*=UTF-8''{name}"
