"""A file is accepted: checked, fingerprinted, its original kept, and a document born. What is refused stays visible too.

Rules
1. The original is kept byte for byte and durably before the document that names it is committed.
2. The same bytes make one document: a second arrival is answered with the first.
3. A refused file becomes a document in REJECTED with the reason, so that it is seen and never silently gone.
4. Files inside a PDF become documents of their own in the same transaction, in the same batch; the history of each names the one
   it came in. Those that cannot be taken are refused as others are; they lie in the parent's original as well.
"""

from __future__ import annotations

import enum
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from domain.documents import Document, Origin, State
from domain.errors import Refused
from ingest import refusals
from ingest.attached import Attached, unpack
from ingest.inspect import Inspection, inspect
from ingest.settings import IngestSettings
from storage.store import Store, Transaction

Look = Callable[[Path, IngestSettings], Inspection]
Unpack = Callable[[Path, Path, IngestSettings], tuple[Attached, ...]]


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
    attached: tuple[Document, ...] = ()
    """The documents of what was inside a new one; some may be refused, some known already."""


@dataclass(frozen=True, slots=True)
class _Child:
    """A file that was inside another: what was found of it, or why it is refused; `original` is its SHA-256."""

    attached: Attached
    original: str
    found: Inspection | Refused


def accept(
    store: Store, arrival: Arrival, settings: IngestSettings, look: Look = inspect, take_out: Unpack = unpack
) -> Accepted:  # fmt: skip
    """Take a file in, once `look` has looked at it and `take_out` has taken out what it carries. Refusals are an outcome, not an
    error.
    """
    try:
        inspection = look(arrival.path, settings)
    except Refused as refusal:
        return _refuse(store, arrival, refusal)
    with tempfile.TemporaryDirectory(prefix="luuky-attached-") as folder:
        attached = take_out(arrival.path, Path(folder), settings) if refusals.ATTACHMENTS in inspection.notes else ()
        children = [_child(store, each, settings, look) for each in attached]
        original = store.objects.put_file(arrival.path)
        with store.write() as tx:
            earlier = _earlier(tx, arrival, original)
            if earlier is not None:
                return earlier
            parent = _add(tx, arrival, original, inspection)
            inner = tuple(_add_child(tx, arrival, parent, child) for child in children)
            return Accepted(parent, Outcome.NEW, inner)


def _child(store: Store, attached: Attached, settings: IngestSettings, look: Look) -> _Child:
    found: Inspection | Refused
    try:
        found = look(attached.path, settings)
    except Refused as refusal:
        found = refusal
    return _Child(attached, store.objects.put_file(attached.path), found)


def _add_child(tx: Transaction, arrival: Arrival, parent: Document, child: _Child) -> Document:
    """A document of its own, or the one that has the same bytes; its history names the parent, and the other way round."""
    path = child.attached.path
    inner = Arrival(path, replace(arrival.origin, name=child.attached.name), urgent=arrival.urgent, in_batch=arrival.in_batch)
    earlier = _earlier(tx, inner, child.original)
    if earlier is not None:
        document = earlier.document
    elif isinstance(child.found, Refused):
        born = tx.documents.add(inner.origin, child.original, path.stat().st_size, batch_id=parent.batch_id)
        document = tx.documents.move(born, State.REJECTED, "ingest", reasons=(child.found.message,))
    else:
        document = _add(tx, inner, child.original, child.found)
    actor = arrival.origin.actor
    tx.audit.add(actor, "attached_to", document.id, parent=parent.id)
    tx.audit.add(actor, "carries", parent.id, attached=document.id)
    return document


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
    tx.audit.add(arrival.origin.actor, "duplicate", same[0].id, folder=arrival.origin.folder)
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
