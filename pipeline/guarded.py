"""A step of the belt whose work is done behind the guard; it looks and writes here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from domain.documents import Document
from domain.errors import LuukyError
from pipeline.guard import Guard
from pipeline.page_pool import Died
from storage.step import Step
from storage.store import Transaction

Job = TypeVar("Job")
Result = TypeVar("Result")

_AT_LEAST = 20
"""Pages that are cut or bound at least in the time that one may be read."""


class Behind(Generic[Job, Result]):
    """Work done behind the guard, in the first of `ways` that does not die of it; `died` is what to say when none is left."""

    def __init__(
        self, guard: Guard, seconds_a_page: float, ways: Sequence[Callable[[Job], Result]], died: Callable[[], LuukyError]
    ) -> None:
        self._guard = guard
        self._seconds = seconds_a_page
        self._ways = ways
        self._died = died

    def __call__(self, job: Job, pages: int = 1) -> Result:
        """Do it; `pages`: how many it is about. Raises also `died`."""
        try:
            return self._guard.do([partial(way, job) for way in self._ways], self._seconds * (1 + pages // _AT_LEAST))
        except Died:
            raise self._died() from None


class Guarded(Generic[Job, Result]):
    """`step`, but for its work; `pages` says how many a job is about."""

    def __init__(self, step: Step[Job, Result], work: Behind[Job, Result], pages: Callable[[Job], int]) -> None:
        self.takes = step.takes
        self._step = step
        self._work = work
        self._pages = pages

    def look(self, tx: Transaction, document: Document) -> Job:
        """As the step does."""
        return self._step.look(tx, document)

    def work(self, job: Job) -> Result:
        """Behind the guard."""
        return self._work(job, self._pages(job))

    def write(self, tx: Transaction, document: Document, result: Result) -> None:
        """As the step does."""
        self._step.write(tx, document, result)
