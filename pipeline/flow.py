"""The order of the belt: which step takes a document on from which state. The only file that knows it.

state       step                          next
RECEIVED    ingest: cut into pages        PAGED
PAGED       ocr: read (page by page)      READ
READ        filing: what, and whose       FILED or NEEDS_REVIEW
FILED       pdfa: bind                    BOUND
BOUND       signing: ask for signatures   AWAITING_SIGNATURE where a rule names the kind; otherwise custody keeps it: KEPT
SIGNED      signing: prove for decades    PROVEN
PROVEN      custody: keep                 KEPT
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.documents import WITH_A_STEP, State
from storage.step import PageStep, Step


class Flow:
    """The table, filled with steps that hold their tools."""

    def __init__(self, page_step: PageStep[Any, Any], steps: Iterable[Step[Any, Any]]) -> None:
        self.page_step = page_step
        self._steps = {step.takes: step for step in steps}
        missing = WITH_A_STEP - set(self._steps)
        if missing:
            raise ValueError(f"states without a step: {sorted(missing)}")

    def step(self, state: State) -> Step[Any, Any]:
        """The step that takes documents on from `state`."""
        return self._steps[state]
