"""Batches as Lô quét shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.views.cards import Card, cards
from domain.people import Sight
from storage.batches import Batch
from storage.overview import BatchCount, Glance, Overview
from storage.store import Transaction

_NONE = BatchCount(0, 0, 0)
QUIET_FLAGS = frozenset({"blank"})
"""What is said of a page without asking anybody to look."""


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
    """A document of a batch with its pages; `first` is the number of its first page within the batch."""

    card: Card
    first: int
    pages: Sequence[Glance]


def rows(tx: Transaction, limit: int = 40) -> list[Row]:
    """Batches, newest first."""
    listed = tx.batches.listed(limit=limit)
    counts = Overview(tx.connection).batch_counts(one.id for one in listed)
    return [Row(one, counts.get(one.id, _NONE)) for one in listed]


def strip(tx: Transaction, batch_id: str, sight: Sight) -> list[Bundle]:
    """The documents of a batch in the order of scanning, as far as `sight` allows."""
    overview = Overview(tx.connection)
    found = cards(tx, tx.documents.listed(ids=overview.documents_of_batch(batch_id), sight=sight))
    glances = overview.glances(card.id for card in found)
    bundles, first = [], 1
    for card in found:
        bundles.append(Bundle(card, first, glances.get(card.id, ())))
        first += card.document.pages or 0
    return bundles


def flagged(bundles: Sequence[Bundle]) -> int:
    """Pages that ask for a look."""
    return sum(any(flag.code not in QUIET_FLAGS for flag in page.flags) for bundle in bundles for page in bundle.pages)
