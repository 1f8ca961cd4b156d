"""A belt whose steps only move documents on: everything of the belt is real but the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.documents import WITH_A_STEP, Document, Origin, State
from domain.pages import PageImage, PageReading
from pipeline.flow import Flow
from storage.pages import Page
from storage.step import PageStep
from storage.store import Store, Transaction

NEXT = {
    State.RECEIVED: State.PAGED,
    State.PAGED: State.READ,
    State.READ: State.FILED,
    State.FILED: State.BOUND,
    State.BOUND: State.KEPT,
    State.SIGNED: State.PROVEN,
    State.PROVEN: State.KEPT,
}


@dataclass
class PassOn:
    """Moves a document to the next state; raises what it is told to raise, once each."""

    takes: State
    errors: list[Exception] = field(default_factory=list)

    def look(self, tx: Transaction, document: Document) -> str:
        return document.id

    def work(self, job: str) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return job

    def write(self, tx: Transaction, document: Document, result: str) -> None:
        if document.state is State.RECEIVED:
            tx.pages.add(document.id, [(PageImage(n, b"", "image/png", 10, 10, 300), "0" * 64) for n in (1, 2)])
            tx.documents.move(document, State.PAGED, "belt", pages=2)
            return
        if document.state is State.PAGED:
            unread = tx.pages.unread(document.id)
            for page in unread:
                tx.outbox.add("page", document.id, page=page.number)
            if unread:
                tx.documents.free(document.id)
                return
        tx.documents.move(document, NEXT[document.state], "belt")


@dataclass
class ReadNothing:
    """Reads a page as empty."""

    takes: State = State.PAGED

    def look(self, tx: Transaction, page: Page) -> Page:
        return page

    def work(self, job: Page) -> PageReading:
        return PageReading(job.number, job.width, job.height, job.dpi)

    def write(self, tx: Transaction, page: Page, result: PageReading) -> None:
        fingerprint = f"{page.document_id}{page.number}".rjust(64, "0")
        if tx.pages.keep(page, fingerprint, result, ("0" * 64, "0" * 64)):
            tx.documents.move(tx.documents.get(page.document_id), State.READ, "belt")


def passing_flow(errors: Mapping[str, Sequence[Exception]] | None = None, page_step: PageStep[Any, Any] | None = None) -> Flow:
    """The whole belt of steps that only move on; `errors` by state name."""
    given = errors or {}
    return Flow(page_step or ReadNothing(), [PassOn(state, list(given.get(state, ()))) for state in WITH_A_STEP])


def receive(store: Store, count: int) -> list[str]:
    """Documents in RECEIVED; returns their ids."""
    with store.write() as tx:
        return [tx.documents.add(Origin(f"{n}.pdf", "test"), f"{n:064d}", 1).id for n in range(count)]
