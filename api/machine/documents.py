"""Documents for people's programs: the list, one, its sidecar, its verification, its events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from api.desk import AtDesk
from api.machine.forms import DocumentForm, PdfaForm, Rule, SignatureForm, Verification, document_form
from api.screens.papers import sidecar_of
from api.sessions import SESSION_COOKIE
from domain.documents import State
from domain.signatures import SignatureVerdict

router = APIRouter()


@router.get("/documents")
def documents(desk: AtDesk, state: State | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[DocumentForm]:
    """Documents within the asker's rights, newest first."""
    with desk.store.read() as tx:
        found = tx.documents.listed(states=[state] if state else None, sight=desk.sight(tx), newest_first=True, limit=limit)
        void = tx.signing.voided([one.id for one in found])
    desk.note("list_documents", None, count=len(found))
    return [document_form(one, void=one.id in void) for one in found]


@router.get("/documents/{document_id}")
def document(desk: AtDesk, document_id: str) -> DocumentForm:
    """One document."""
    with desk.store.read() as tx:
        found = desk.document(tx, document_id)
        void = bool(tx.signing.voided([document_id]))
    desk.note("view_document", document_id)
    return document_form(found, void=void)


@router.get("/documents/{document_id}/sidecar")
def sidecar(desk: AtDesk, document_id: str) -> dict[str, Any]:
    """Words with boxes and everything found (`docs/reference/sidecar.md`)."""
    with desk.store.read() as tx:
        value = sidecar_of(tx, desk.document(tx, document_id)).as_json()
    desk.note("download_sidecar", document_id)
    return value


@router.get("/documents/{document_id}/verification")
def verification(desk: AtDesk, document_id: str) -> Verification:
    """What a check of the signatures finds now."""
    with desk.store.read() as tx:
        found = desk.document(tx, document_id)
    verdict = desk.services.verify_document(found)
    desk.note("verify_document", document_id, verdict=verdict.verdict)
    signatures = [_signature(one) for one in verdict.signatures]
    pdfa = PdfaForm(claimed=verdict.pdfa_claimed, valid=verdict.pdfa_valid)
    return Verification(file=verdict.file, sha256=verdict.sha256, verdict=verdict.verdict, signatures=signatures, pdfa=pdfa)


@router.get("/events", response_class=StreamingResponse)
async def events(request: Request, desk: AtDesk) -> StreamingResponse:
    """Server-sent events about what the asker may see; each carries the document's id and nothing else."""
    stream: AsyncIterator[str] = request.app.state.live.stream(request.cookies[SESSION_COOKIE], desk.person)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def _signature(one: SignatureVerdict) -> SignatureForm:
    return SignatureForm(
        field=one.field,
        signer=one.signer,
        level=one.level,
        verdict=one.verdict,
        signing_time=one.signing_time.isoformat() if one.signing_time else None,
        best_time=one.best_time.isoformat() if one.best_time else None,
        rules=[Rule(**rule.as_json()) for rule in one.rules],
    )
