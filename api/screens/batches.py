"""Lô quét: what was prepared against what was scanned, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api import sessions
from api.desk import ROOMS, AtDesk, Desk
from api.errors import NotThere
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


def _shown(desk: Desk, batch_id: str | None) -> Response:
    with desk.store.read() as tx:
        rows = batches.rows(tx)
        chosen = batch_id or (rows[0].batch.id if rows else None)
        batch = tx.batches.get(chosen) if chosen else None
        if batch_id and batch is None:
            raise NotThere
        strip = batches.strip(tx, batch.id, desk.sight(tx)) if batch else []
    row = next((one for one in rows if batch and one.batch.id == batch.id), None)
    name = "fragments/batch.html" if desk.request.headers.get("HX-Request") else "batches.html"
    return desk.page(name, rows=rows, chosen=row, strip=strip)
