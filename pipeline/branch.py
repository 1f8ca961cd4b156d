"""The one fork of the belt: a bound document waits for signatures where a rule names its kind, and is kept otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.documents import Document, Nature, State
from domain.signatures import FileVerdict
from signing.step import needed
from storage.step import Step
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class _Taken:
    step: Step[Any, Any]
    value: Any
    came_signed: Document | None = None
    verdict: FileVerdict | None = None


class AskOrKeep:
    """BOUND → AWAITING_SIGNATURE by `ask`, or → KEPT by `keep`. A document that came in signed asks nobody, and is judged."""

    takes = State.BOUND

    def __init__(self, ask: Step[Any, Any], keep: Step[Any, Any], judge: Callable[[Document], FileVerdict]) -> None:
        self._ask = ask
        self._keep = keep
        self._judge = judge

    def look(self, tx: Transaction, document: Document) -> _Taken:
        """Choose the branch."""
        step = self._ask if needed(tx, document) else self._keep
        return _Taken(step, step.look(tx, document), document if document.nature is Nature.SIGNED else None)

    def work(self, job: _Taken) -> _Taken:
        """The branch's work."""
        verdict = self._judge(job.came_signed) if job.came_signed else None
        return _Taken(job.step, job.step.work(job.value), job.came_signed, verdict)

    def write(self, tx: Transaction, document: Document, result: _Taken) -> None:
        """The branch's end. What was found about signatures that came with the file stays with the document."""
        if result.verdict and document.current:
            found = [
                {"field": s.field, "signer": s.signer, "level": s.level, "verdict": s.verdict} for s in result.verdict.signatures
            ]
            report = {"verdict": result.verdict.verdict, "signatures": found}
            tx.documents.add_version(document.id, "verified", document.current, report)
            tx.audit.add("signing", "verify", document.id, verdict=result.verdict.verdict)
        result.step.write(tx, document, result.value)
