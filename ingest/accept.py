"""A file is accepted: checked, fingerprinted, its original kept, and a document born. What is refused stays visible too.

Rules
1. The original is kept byte for byte and durably before the document that names it is committed.
2. The same bytes make one document: a second arrival is answered with the first.
3. A refused file becomes a document in REJECTED with the reason, so that it is seen and never silently gone.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.documents import Document, Origin, State
from domain.errors import Refused
from ingest.inspect import Inspection, inspect
from ingest.settings import IngestSettings
from storage.store import Store, Transaction

Look = Callable[[Path, IngestSettings], Inspection]


class Outcome(enum.StrEnum):
    """What became of an arriving file."""

    NEW = "new"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that wants in. `token` names this very arrival, so that a crash after the commit does not make it a duplicate."""

    path: Path
    origin: Origin
    token: str | None = None
    urgent: bool = False
    in_batch: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The document of an arrival: the new one, the earlier one of the same bytes, or the refused one (see its `reasons`)."""

    document: Document
    outcome: Outcome


def accept(store: Store, arrival: Arrival, settings: IngestSettings, look: Look = inspect) -> Accepted:
    """Take a file in, once `look` has looked at it. Refusals are an outcome, not an error."""
    try:
        inspection = look(arrival.path, settings)
    except Refused as refusal:
        return _refuse(store, arrival, refusal)
    original = store.objects.put_file(arrival.path)
    with store.write() as tx:
        earlier = _earlier(tx, arrival, original)
        if earlier is not None:
            return earlier
        return Accepted(_add(tx, arrival, original, inspection), Outcome.NEW)


def _add(tx: Transaction, arrival: Arrival, original: str, inspection: Inspection) -> Document:
    batch = tx.batches.current(arrival.origin.folder) if arrival.in_batch else None
    return tx.documents.add(
        arrival.origin,
        original,
        arrival.path.stat().st_size,
        arrival=arrival.token,
        nature=inspection.nature,
        pages=inspection.pages,
        urgent=arrival.urgent,
        batch_id=batch.id if batch else None,
        reasons=inspection.notes,
    )


def _earlier(tx: Transaction, arrival: Arrival, original: str) -> Accepted | None:
    if arrival.token and (mine := tx.documents.with_arrival(arrival.token)):
        return Accepted(mine, Outcome.REFUSED if mine.state is State.REJECTED else Outcome.NEW)
    same = [d for d in tx.documents.with_original(original) if d.state not in (State.REJECTED, State.WITHDRAWN)]
    if not same:
        return None
    tx.audit.add(
        arrival.origin.operator or f"folder:{arrival.origin.folder}", "duplicate", same[0].id, folder=arrival.origin.folder
    )
    tx.events.add("duplicate", same[0].id)
    return Accepted(same[0], Outcome.DUPLICATE)


def _refuse(store: Store, arrival: Arrival, refusal: Refused) -> Accepted:
    keep = refusal.message.code != "too_large"
    original = store.objects.put_file(arrival.path) if keep else _digest(arrival.path)
    with store.write() as tx:
        for document in tx.documents.with_original(original):
            if document.state is State.REJECTED and refusal.message in document.reasons:
                return Accepted(document, Outcome.REFUSED)
        document = tx.documents.add(arrival.origin, original, arrival.path.stat().st_size, arrival=arrival.token)
        return Accepted(tx.documents.move(document, State.REJECTED, "ingest", reasons=(refusal.message,)), Outcome.REFUSED)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
