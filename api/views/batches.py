"""Batches as Lô quét shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from api.views.cards import Card, cards
from domain.people import Sight
from storage.batches import Batch
from storage.overview import BatchCount, Glance, Overview
from storage.store import Transaction

_NONE = BatchCount(0, 0, 0)


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
    counts = overview.documents_of_batch(batch_id)
    firsts = dict(zip(counts, accumulate(counts.values(), initial=1), strict=False))
    found = cards(tx, tx.documents.listed(ids=counts, sight=sight))
    glances = overview.glances(card.id for card in found)
    return [Bundle(card, firsts[card.id], glances.get(card.id, ())) for card in found]
