"""Lô quét: what was prepared against what was scanned, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ARRANGES, ROOMS, AtDesk, Desk
from api.errors import NotThere
from api.screens import arranging
from api.views import batches

router = APIRouter(prefix="/batches", dependencies=[sessions.only(*ROOMS["batches"])])


@router.get("")
def newest(desk: AtDesk) -> Response:
    """The newest batch, or how to begin one."""
    return _shown(desk, None)


@router.get("/{batch_id}")
def show(desk: AtDesk, batch_id: str) -> Response:
    """One batch."""
    return _shown(desk, batch_id)


@router.post("/{batch_id}/prepared")
def count(desk: AtDesk, batch_id: str, prepared: Annotated[int, Form(ge=0, le=100_000)]) -> Response:
    """Write down how many pages were counted before scanning."""
    with desk.store.write() as tx:
        if tx.batches.get(batch_id) is None:
            raise NotThere
        tx.batches.set(batch_id, prepared=prepared)
        tx.audit.add(desk.person.login, "count_batch", batch_id, prepared=prepared)
    return RedirectResponse(f"/batches/{batch_id}", 303)


@router.post("/kept", dependencies=[sessions.only(*ARRANGES)])
def rearrange(
    desk: AtDesk, code: Annotated[str, Form()], reason: Annotated[str, Form()], text: Annotated[str, Form()] = ""
) -> Response:
    """Open a kept document to arrange its pages: by its code, or by the address that the mark on its pages leads to."""
    document_id = code.strip().rsplit("/", 1)[-1].lower()
    arranging.open_kept(desk, document_id, reason, text)
    return RedirectResponse(f"/batches/document/{document_id}", 303)


def _shown(desk: Desk, batch_id: str | None) -> Response:
    with desk.store.read() as tx:
        rows = batches.rows(tx)
        batch = tx.batches.get(batch_id) if batch_id else rows[0].batch if rows else None
        if batch_id and batch is None:
            raise NotThere
        row = batches.row(tx, batch) if batch else None
        sight = desk.table(tx)
        strip = batches.strip(tx, batch.id, sight) if batch else []
        stored = batches.stored(tx, batch.id, sight) if batch else []
    kinds = {kind.code: kind.title for kind in desk.services.kinds()}
    address = f"/batches/{batch.id}" if batch else ""
    return arranging.strip_of(desk, address, rows=rows, chosen=row, strip=strip, stored=stored, kinds=kinds)
