"""Fixity: every kept file is read again and compared with its SHA-256."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.documents import State
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class FixityReport:
    """How many objects were read, and the names of those altered or gone."""

    checked: int
    damaged: tuple[str, ...]
    missing: tuple[str, ...]


def check_all(store: Store, actor: str) -> FixityReport:
    """Read everything that documents name; the outcome goes to the audit log."""
    with store.read() as tx:
        names = sorted(set(_named(tx)))
    held = set(store.objects.names())
    missing = tuple(name for name in names if name not in held)
    damaged = tuple(name for name in names if name in held and not store.objects.intact(name))
    with store.write() as tx:
        tx.audit.add(actor, "fixity", None, checked=len(names), damaged=list(damaged), missing=list(missing))
        tx.remember("fixity", f"{len(names)} {len(damaged) + len(missing)}")
    return FixityReport(len(names), damaged, missing)


def _named(tx: Transaction) -> Iterator[str]:
    for document in tx.documents.listed():
        if document.state is State.REJECTED:
            continue
        yield document.original
        yield from (original.sha256 for original in tx.arrangements.originals(document.id))
        yield from (version["sha256"] for version in tx.documents.versions(document.id))
        yield from (page.image for page in tx.pages.of(document.id))
        yield from (page.image for page in tx.arrangements.aside(document.id))
