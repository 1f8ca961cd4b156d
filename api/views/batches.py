"""Batches as Lô quét shows them, and the pages of one document by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from api.views.cards import Card, cards
from domain.documents import ARRANGEABLE, Document, Nature, State
from domain.people import Sight
from storage.arrangements import Aside
from storage.batches import Batch
from storage.overview import BatchCount, Glance, Overview
from storage.store import Transaction

_NONE = BatchCount(0, 0, 0)
BESIDE = 50
"""Documents shown with one that is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """A batch with its count; `missing` is prepared less scanned (negative: more came than were counted), None if uncounted."""

    batch: Batch
    count: BatchCount

    @property
    def missing(self) -> int | None:
        """Pages short."""
        return None if self.batch.prepared is None else self.batch.prepared - self.count.pages


@dataclass(frozen=True, slots=True)
class Bundle:
    """A document of a batch with its pages and what is set aside in it; `first` is the number of its first page within the batch;
    `barred` says why its pages cannot be arranged now: `early`, `over`, `came_signed`, `being_signed`, empty if they can.
    """

    card: Card
    first: int
    pages: Sequence[Glance]
    aside: Sequence[Aside]
    barred: str

    @property
    def asks(self) -> bool:
        """Whether a reason will be asked for: it is signed or kept."""
        return self.card.signed or self.card.document.state in (State.SIGNED, State.PROVEN, State.KEPT)


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept document of a batch, which the asker does not see; `first` and `barred` as in `Bundle`. The screen says no more of
    it than anybody may learn (`views/check.py`).
    """

    document: Document
    first: int
    barred: str


def rows(tx: Transaction, limit: int = 40) -> list[Row]:
    """Batches, newest first."""
    return _counted(tx, tx.batches.listed(limit=limit))


def row(tx: Transaction, batch: Batch) -> Row:
    """One batch, however old."""
    return _counted(tx, [batch])[0]


def strip(tx: Transaction, batch_id: str, sight: Sight) -> list[Bundle]:
    """The documents of a batch in the order of scanning, as far as `sight` allows."""
    return _bundles(tx, Overview(tx.connection).documents_of_batch(batch_id), sight)


def stored(tx: Transaction, batch_id: str, sight: Sight) -> list[Stored]:
    """The kept documents of a batch that `sight` does not show, in the order of scanning."""
    firsts = _firsts(Overview(tx.connection).documents_of_batch(batch_id))
    listed = [one for one in tx.documents.listed(ids=firsts, states=(State.KEPT,)) if not sight.allows(one)]
    return sorted((Stored(one, firsts[one.id], barred(one, ())) for one in listed), key=lambda one: one.first)


def alone(tx: Transaction, document_id: str, sight: Sight) -> list[Bundle]:
    """A document with those that have pages of the same files, as far as `sight` allows."""
    return _bundles(tx, Overview(tx.connection).documents_beside(document_id), sight)[:BESIDE]


def barred(document: Document, being_signed: Iterable[str]) -> str:
    """Why its pages cannot be arranged now, as far as can be told before it is tried."""
    if document.state not in ARRANGEABLE:
        return "early" if document.state is State.RECEIVED else "over"
    if document.nature is Nature.SIGNED:
        return "came_signed"
    return "being_signed" if document.id in being_signed else ""


def _counted(tx: Transaction, listed: Sequence[Batch]) -> list[Row]:
    counts = Overview(tx.connection).batch_counts(one.id for one in listed)
    return [Row(one, counts.get(one.id, _NONE)) for one in listed]


def _firsts(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(zip(counts, accumulate(counts.values(), initial=1), strict=False))


def _bundles(tx: Transaction, counts: Mapping[str, int], sight: Sight) -> list[Bundle]:
    overview = Overview(tx.connection)
    firsts = _firsts(counts)
    known = {card.id: card for card in cards(tx, tx.documents.listed(ids=counts, sight=sight))}
    glances, signing, aside = overview.glances(known), overview.being_signed(known), tx.arrangements.aside_in(known)
    return [
        Bundle(
            known[name], firsts[name], glances.get(name, ()), aside.get(name, ()), barred(known[name].document, signing)
        )
        for name in counts
        if name in known
    ]  # fmt: skip
