"""The index's one writer: takes outbox rows of topic `index` and brings the index up to what the database says.

Writing the same pages again does no harm, so the rows are forgotten only after the index has committed.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.documents import FINDABLE, Document
from domain.search import IndexedPage
from search.index import Index
from search.pages_of import indexed_pages
from storage.store import Store, Transaction

BATCH_DOCUMENTS = 100


class Indexer:
    """Feeds an index from a store."""

    def __init__(self, store: Store, index: Index) -> None:
        self._store = store
        self._index = index

    def tick(self) -> int:
        """One batch; returns how many documents were brought up to date."""
        with self._store.read() as tx:
            errands = tx.outbox.next(("index",), BATCH_DOCUMENTS)
            if not errands:
                return 0
            documents = tx.documents.listed(ids={errand.document_id for errand in errands})
            pages = [page for document in documents if document.findable for page in _pages(tx, document)]
        hidden = [document.id for document in documents if not document.findable]
        self._index.replace(pages, hidden)
        with self._store.write() as tx:
            tx.outbox.done([errand.id for errand in errands])
            tx.events.add("indexed", documents=len(documents))
        return len(documents)

    def everything(self) -> Iterator[IndexedPage]:
        """Every page that should be in the index: what a rebuild writes."""
        with self._store.read() as tx:
            for document in tx.documents.listed():
                if document.findable:
                    yield from _pages(tx, document)

    def rebuild(self) -> None:
        """Make the index anew from the database; readers never see it empty."""
        self._index.rebuild(self.everything())

    def heal(self) -> bool:
        """If the index lacks findable documents (it was deleted, say), ask for them again; whether it did."""
        with self._store.write() as tx:
            missing = tx.documents.ids(FINDABLE) - self._index.documents()
            for document_id in missing:
                tx.outbox.add("index", document_id)
        return bool(missing)


def _pages(tx: Transaction, document: Document) -> list[IndexedPage]:
    patient = tx.patients.get(document.patient_id) if document.patient_id else None
    return indexed_pages(document, tx.documents.facts(document.id), tx.pages.reading(document.id).pages, patient)
