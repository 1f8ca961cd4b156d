"""The one fork of the belt: a bound document waits for signatures where a rule names its kind, and is kept otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from domain.documents import Document, Nature, State
from storage.step import Step
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class _Taken:
    step: Step[Any, Any]
    value: Any


class AskOrKeep:
    """BOUND → AWAITING_SIGNATURE by `ask`, or → KEPT by `keep`. A document that came in signed asks nobody."""

    takes = State.BOUND

    def __init__(self, ask: Step[Any, Any], keep: Step[Any, Any]) -> None:
        self._ask = ask
        self._keep = keep

    def look(self, tx: Transaction, document: Document) -> _Taken:
        """Choose the branch."""
        rules = tx.signing.rules(document.kind_code) if document.kind_code and document.nature is not Nature.SIGNED else []
        step = self._ask if rules else self._keep
        return _Taken(step, step.look(tx, document))

    def work(self, job: _Taken) -> _Taken:
        """The branch's work."""
        return _Taken(job.step, job.step.work(job.value))

    def write(self, tx: Transaction, document: Document, result: _Taken) -> None:
        """The branch's end."""
        result.step.write(tx, document, result.value)
