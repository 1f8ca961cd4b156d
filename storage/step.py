"""What a step of the belt is: three beats around a transaction, a piece of work, and a transaction.

    look    a short transaction: gather what the work needs
    work    no transaction open; may take minutes; a process may die here, so running it twice does no harm
    write   one transaction: store the result and move the document (`Documents.move` refuses a stale version)

The belt claims the lease and counts the attempt before `look`, renews the lease during `work`, and turns errors into a rest, a
refusal or a visible problem (`domain.errors` says which). A step therefore raises and never catches for the belt's sake.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

from domain.documents import Document, State
from storage.pages import Page
from storage.store import Transaction

Job = TypeVar("Job")
Result = TypeVar("Result")


class Step(Protocol[Job, Result]):
    """Takes documents in state `takes` on to a next state. Tools, settings and the object store come by the constructor."""

    takes: State

    def look(self, tx: Transaction, document: Document) -> Job:
        """Gather what the work needs."""
        ...

    def work(self, job: Job) -> Result:
        """Do it, without any transaction."""
        ...

    def write(self, tx: Transaction, document: Document, result: Result) -> None:
        """Store the result and move the document."""
        ...


class PageStep(Protocol[Job, Result]):
    """Works on one page of a document in state `takes`; whoever completes the last page moves the document."""

    takes: State

    def look(self, tx: Transaction, page: Page) -> Job:
        """Gather what the work needs."""
        ...

    def work(self, job: Job) -> Result:
        """Do it, without any transaction."""
        ...

    def write(self, tx: Transaction, page: Page, result: Result) -> None:
        """Store the result; the caller that completes the count moves the document."""
        ...
