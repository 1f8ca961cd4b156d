"""`luuky status [--json]`: what stands where on the belt."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import console, environment
from domain.documents import WAITS_FOR_A_PERSON, State
from pipeline import wiring
from pipeline.single import only_one
from storage.store import Store


def status(as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False) -> None:
    """Count documents by state, what waits for whom, and whether the belt runs."""
    settings = environment.settings()
    store = wiring.store(settings)
    with only_one(store.engine, settings.storage.data) as mine:
        value = {**_counts(store), "running": not mine}
    if as_json:
        console.print_json(value)
        return
    console.out.print("Băng chuyền đang chạy / the belt runs" if value["running"] else "Băng chuyền đang nghỉ / the belt rests")
    for name, number in value["states"].items():
        waits = "  ← chờ người / waits for a person" if State(name) in WAITS_FOR_A_PERSON and number else ""
        console.out.print(f"{name:<20}{number:>8}{waits}", markup=False)
    console.out.print(f"{'problems':<20}{value['problems']:>8}\n{'not yet indexed':<20}{value['to_index']:>8}")


def _counts(store: Store) -> dict[str, Any]:
    with store.read() as tx:
        counts = tx.documents.counts()
        running = tx.documents.listed(states=[State.RECEIVED, State.PAGED])
        return {
            "version": 1,
            "states": {str(state): counts.get(state, 0) for state in State},
            "documents": sum(counts.values()),
            "pages_to_read": sum((d.pages or 1) - d.pages_read for d in running),
            "problems": len(tx.documents.listed(problem=True)),
            "to_index": tx.outbox.waiting("index"),
        }
