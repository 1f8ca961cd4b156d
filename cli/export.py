"""`luuky export DOCUMENT… -o DIR/`: the newest PDF and the sidecar of documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cli import console, environment, exits
from domain.errors import LuukyError, Refused
from domain.sidecar import Sidecar
from pipeline import wiring
from storage.store import Store


def export(
    documents: Annotated[list[str], typer.Argument(help="Document ids as `luuky documents` shows them.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The folder to write to.")],
) -> int:
    """Copy documents out; every export is audited."""
    store = wiring.store(environment.settings())
    out.mkdir(parents=True, exist_ok=True)
    statuses = []
    for document_id in documents:
        try:
            _one(store, document_id, out)
            statuses.append(exits.DONE)
        except LuukyError as error:
            console.fail(error, document_id)
            statuses.append(exits.REFUSED)
    return exits.of_several(statuses)


def _one(store: Store, document_id: str, out: Path) -> None:
    with store.read() as tx:
        document = tx.documents.find(document_id)
        if document is None:
            raise Refused("no_document", "Không có tài liệu này.", "There is no such document.")
        sidecar = Sidecar(tx.documents.sources(document_id), tx.pages.reading(document_id).pages, tx.documents.facts(document_id))
    if document.current is None:
        raise Refused("not_bound", "Tài liệu chưa được đóng quyển.", "The document is not bound yet.")
    (out / f"{document.id}.pdf").write_bytes(store.objects.get(document.current))
    text = json.dumps(sidecar.as_json(), ensure_ascii=False, indent=1)
    (out / f"{document.id}.json").write_text(text + "\n", encoding="utf-8")
    with store.write() as tx:
        tx.audit.add(environment.actor(), "export", document.id, sha256=document.current)
