"""`luuky documents [--json]`: every document, oldest first."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import console, environment
from domain.documents import Document
from pipeline import wiring


def documents(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> None:
    """List all documents with their state."""
    store = wiring.store(environment.settings())
    with store.read() as tx:
        listed = tx.documents.listed()
        void = tx.signing.voided(one.id for one in listed)
        rows = [{**row(one), "void": one.id in void} for one in listed]
    if as_json:
        console.print_json(rows)
        return
    for r in rows:
        reasons = "; ".join(reason["vi"] for reason in r["reasons"])
        who, void_now = r["patient"] or "–", "  ĐÃ HỦY / VOID" if r["void"] else ""
        console.out.print(
            f"{r['document']}  {r['state']:<18} {who:<14} {r['kind'] or '–':<9} {r['source_name']}{void_now}  {reasons}",
            markup=False,
        )


def row(document: Document) -> dict[str, Any]:
    """A document as the list shows it; a problem counts as a reason."""
    reasons = [*document.reasons, *([document.problem] if document.problem else [])]
    return {
        "document": document.id,
        "source_name": document.origin.name,
        "sha256": document.original,
        "state": str(document.state),
        "findable": document.findable,
        "kind": document.kind_code,
        "title": document.title,
        "patient": document.patient_id,
        "pages": document.pages,
        "reasons": [{"code": reason.code, "vi": reason.vi, "en": reason.en} for reason in reasons],
    }
