"""Runs one step, or the reading of one page, in three beats (the protocol is in `storage/step.py`).

1. Claim: lease taken, attempt counted, in one short transaction; a fourth attempt becomes a visible problem instead.
2. Look, in a short reading transaction.
3. Work, with no transaction open; a thread renews the lease every 20 s.
4. Write, in one transaction.
5. Errors are answered as `retries.py` says.
"""

from __future__ import annotations

import logging
from typing import Any

from domain.documents import Document
from domain.errors import PartAway, PartMissing, Refused, Stale
from pipeline import retries
from pipeline.flow import Flow
from pipeline.leases import kept
from pipeline.points import reach
from storage.clock import now
from storage.pages import Page
from storage.step import PageStep, Step
from storage.store import Store

log = logging.getLogger("luuky.belt")


class Runner:
    """Runs steps of one flow against one store, as worker `owner`."""

    def __init__(self, store: Store, flow: Flow, owner: str) -> None:
        self._store = store
        self._flow = flow
        self._owner = owner

    def run_step(self, document_id: str) -> None:
        """Do the present step of a document, if it has one and nobody else is at it."""
        with self._store.write() as tx:
            document = tx.documents.claim(document_id, self._owner)
            if document is None:
                return
            if document.attempts > retries.MOST_ATTEMPTS:
                tx.documents.give_up(document, retries.KILLED)
                return
        step = self._flow.step(document.state)
        try:
            with self._store.read() as tx:
                job = step.look(tx, document)
            reach("after-look")
            with kept(lambda: self._renew_document(document_id)):
                self._work(step, document, job)
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a state, a rest or a problem
            self._answer(document, error)

    def run_page(self, document_id: str, number: int) -> None:
        """Read one page, if it is unread and nobody else is at it."""
        step = self._flow.page_step
        with self._store.write() as tx:
            page = tx.pages.claim(document_id, number, self._owner)
            if page is None or tx.documents.get(document_id).state is not step.takes:
                return
            if page.attempts > retries.MOST_ATTEMPTS:
                tx.documents.give_up(tx.documents.get(document_id), retries.KILLED)
                return
        try:
            with self._store.read() as tx:
                job = step.look(tx, page)
            reach("after-look")
            with kept(lambda: self._renew_page(page)):
                result = step.work(job)
            reach("in-work")
            with self._store.write() as tx:
                step.write(tx, page, result)
        except Exception as error:  # noqa: BLE001 - the task boundary
            self._answer_page(page, step, error)

    def _work(self, step: Step[Any, Any], document: Document, job: object) -> None:
        result = step.work(job)
        reach("in-work")
        with self._store.write() as tx:
            step.write(tx, document, result)
            reach("before-commit")
        reach("after-commit")

    def _answer(self, document: Document, error: Exception) -> None:
        log.warning("step of %s in %s: %s", document.id, document.state, retries.as_problem(error).code)
        if isinstance(error, Stale):
            return
        with self._store.write() as tx:
            current = tx.documents.get(document.id)
            if current.version != document.version:
                return
            if isinstance(error, Refused):
                tx.documents.move(current, retries.refused_to(current.state), "belt", reasons=(error.message,))
            elif isinstance(error, PartAway | PartMissing):
                moment = now()
                rest = retries.wait_for_part(error, tx.documents.waits(document.id), moment)
                tx.documents.rest(current, moment + rest, counts=False)
                tx.events.add("waiting", document.id, code=error.message.code)
            elif current.attempts >= retries.MOST_ATTEMPTS:
                tx.documents.give_up(current, retries.as_problem(error))
            else:
                tx.documents.rest(current, now() + retries.rest_after_failure(current.attempts), counts=True)

    def _answer_page(self, page: Page, step: PageStep[Any, Any], error: Exception) -> None:
        log.warning("page %d of %s: %s", page.number, page.document_id, retries.as_problem(error).code)
        with self._store.write() as tx:
            document = tx.documents.get(page.document_id)
            if document.state is not step.takes or not tx.pages.stands(page):  # arranged elsewhere meanwhile
                return
            tx.pages.release(page.document_id, page.number)
            if isinstance(error, Refused):
                tx.documents.move(document, retries.refused_to(document.state), "belt", reasons=(error.message,))
            elif page.attempts >= retries.MOST_ATTEMPTS and not isinstance(error, PartAway | PartMissing):
                tx.documents.give_up(document, retries.as_problem(error))
            else:
                due = now() + retries.rest_after_failure(page.attempts)
                tx.outbox.add("page", page.document_id, page=page.number, urgent=document.urgent, due_at=due)

    def _renew_document(self, document_id: str) -> None:
        with self._store.write() as tx:
            tx.documents.renew(document_id, self._owner)

    def _renew_page(self, page: Page) -> None:
        with self._store.write() as tx:
            tx.pages.renew(page.document_id, page.number, self._owner)
