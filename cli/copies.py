"""`luuky copies [--json]`: the register of certified copies (sổ cấp bản sao)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli import console, environment
from domain.copies import CertifiedCopy
from domain.here import HERE
from pipeline import wiring
from storage.copies import CertifiedCopies


def copies(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> None:
    """List certified copies: number, form, document, recipient (how many copies), reason."""
    store = wiring.store(environment.settings())
    with store.read() as tx:
        listed = CertifiedCopies(tx.connection).listed()
    if as_json:
        console.print_json([_as_json(one) for one in listed])
        return
    for one in listed:
        day = f"{one.signed_at.astimezone(HERE):%d/%m/%Y %H:%M}"
        console.out.print(
            f"{one.number:>5}  {day}  {one.form.words:<9} {one.document_id}  {one.recipient} ({one.count})  {one.reason}  "
            f"{one.asked_by}",
            markup=False,
        )


def _as_json(one: CertifiedCopy) -> dict[str, Any]:
    ends = one.ends_at.isoformat() if one.ends_at else None
    return {**asdict(one), "signed_at": one.signed_at.isoformat(), "ends_at": ends}
