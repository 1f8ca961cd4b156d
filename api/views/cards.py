"""Documents as lists show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.documents import Document, State
from domain.patients import Patient
from storage.overview import Overview
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Card:
    """A document with its patient and the small picture of its first page, where there is one."""

    document: Document
    patient: Patient | None
    pictured: str | None
    signed: bool
    """Whether there is a signature to verify."""
    void: bool = False
    """Whether it was made void."""

    @property
    def id(self) -> str:
        """The document's id."""
        return self.document.id

    @property
    def at(self) -> datetime:
        """When it came in."""
        return self.document.received_at


def cards(tx: Transaction, documents: Iterable[Document]) -> list[Card]:
    """Cards in the order given. The caller has checked the rights."""
    listed = list(documents)
    people = tx.patients.many({one.patient_id for one in listed if one.patient_id})
    overview, ids = Overview(tx.connection), [one.id for one in listed]
    pictured, signed = overview.pictured(ids), overview.signed(ids)
    void = tx.signing.voided(ids)
    return [Card(one, people.get(one.patient_id or ""), pictured.get(one.id), one.id in signed, one.id in void) for one in listed]


def cells(done: int, total: int, now: int = 0, most: int = 60) -> Sequence[str]:
    """One letter a page for the row of cells: d done, n being done now, blank to do; long rows are scaled down to `most`."""
    scale = min(1.0, most / total) if total else 0.0
    full, running, shown = round(done * scale), min(total - done, now), round(total * scale)
    return ["d"] * full + ["n"] * min(running, shown - full) + [""] * max(0, shown - full - running)


RUNNING = (State.RECEIVED, State.PAGED, State.READ, State.FILED, State.BOUND, State.SIGNED, State.PROVEN)
