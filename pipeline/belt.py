"""Carries documents along the belt inside one command, when no dispatcher runs: `luuky ingest --wait`.

Takes the dispatcher's place (and its lock) with a pool of processes instead of a broker. If a dispatcher runs, it only waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from domain.documents import THE_END, Document
from pipeline import wiring_belt, worker
from pipeline.dispatcher import Dispatcher
from pipeline.settings import Settings
from pipeline.single import only_one
from storage.copies import TOPIC as COPY
from storage.copying import RENEW as RENEW_COPY
from storage.lasting import TOPIC
from storage.orders import TOPIC as ORDER
from storage.outbox import Errand
from storage.preparing import TOPIC as PREPARE
from storage.store import Store

LOOK_EVERY = 0.2
_DONE_BY = {
    TOPIC: worker.renew, PREPARE: worker.make_ready, ORDER: worker.order, COPY: worker.copy, RENEW_COPY: worker.renew_copy,
}  # fmt: skip
"""Who does what is not a step of a document."""


class PoolQueue:
    """Implements `pipeline.queue.Queue` with a pool of fresh processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool = self._fresh()
        self._running: set[Future[None]] = set()

    def send(self, errands: Iterable[Errand]) -> None:
        """Start the errands; a pool whose process died is replaced, its work is swept up like any other."""
        self._running = {future for future in self._running if not future.done()}
        for errand in errands:
            try:
                self._running.add(self._start(errand))
            except BrokenProcessPool:
                self._pool = self._fresh()
                self._running.add(self._start(errand))

    def close(self) -> None:
        """Wait for what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, errand: Errand) -> Future[None]:
        if errand.topic in _DONE_BY:
            return self._pool.submit(_DONE_BY[errand.topic], errand.document_id)
        return self._pool.submit(worker.do, errand.document_id, errand.page)

    def _fresh(self) -> ProcessPoolExecutor:
        context = get_context("spawn")
        return ProcessPoolExecutor(self._settings.processes, context, initializer=worker.prepare, initargs=(self._settings,))


def at_rest(document: Document) -> bool:
    """Whether nothing will happen to it without a person."""
    return document.waits_for_a_person or document.state in THE_END


def carry(store: Store, settings: Settings, ids: list[str], tell: Callable[[list[Document]], None]) -> list[Document]:
    """Wait until all documents are at rest and findable where they should be, doing the work here if nobody else does.

    `tell` is called with the documents whenever there may be news. Returns them as they stand at the end.
    """
    with only_one(store.engine, settings.storage.data) as mine:
        if not mine:
            return _watch(store, ids, tell, lambda: time.sleep(LOOK_EVERY))
        queue = PoolQueue(settings)
        try:
            dispatcher = wiring_belt.dispatcher(store, settings, queue)
            documents = _watch(store, ids, tell, lambda: _round(dispatcher))
            dispatcher.finish()
            return documents
        finally:
            queue.close()


def _round(dispatcher: Dispatcher) -> None:
    if not dispatcher.tick():
        time.sleep(0.02)


def _watch(
    store: Store, ids: list[str], tell: Callable[[list[Document]], None], meanwhile: Callable[[], object]
) -> list[Document]:
    while True:
        with store.read() as tx:
            documents = tx.documents.listed(ids=ids)
            indexing = tx.outbox.waiting("index")
        tell(documents)
        if all(at_rest(document) for document in documents) and not indexing:
            return documents
        meanwhile()
