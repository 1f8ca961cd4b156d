"""The story of a document: its states, the moves between them, and what a document is.

Rules
1. A move not listed in `MOVES` does not happen.
2. Every state is in exactly one of: has a step (the belt works), waits for a person, the end.
3. Findable is a property: true from READ on, until the story ends in REJECTED or WITHDRAWN.
4. A signature goes back to AWAITING_SIGNATURE by a recall, and from NEEDS_REVIEW when what was refused is asked again; one that
   makes a kept document void is proven and kept with it.
5. A document whose pages a person arranges anew goes back to PAGED, or to READ where every page is read already; one whose
   pages all went to other documents is WITHDRAWN. What was signed or kept stays among its versions.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import Message


class State(enum.StrEnum):
    """Where a document stands on the belt."""

    RECEIVED = "RECEIVED"
    PAGED = "PAGED"
    READ = "READ"
    NEEDS_REVIEW = "NEEDS_REVIEW"
    FILED = "FILED"
    BOUND = "BOUND"
    AWAITING_SIGNATURE = "AWAITING_SIGNATURE"
    SIGNED = "SIGNED"
    PROVEN = "PROVEN"
    KEPT = "KEPT"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


ARRANGEABLE = frozenset(State) - {State.RECEIVED, State.REJECTED, State.WITHDRAWN}
"""States in which there are pages, and a story that goes on."""
_BY_ARRANGING = frozenset({State.PAGED, State.READ, State.WITHDRAWN})
_ON_THE_WAY: dict[State, frozenset[State]] = {
    State.RECEIVED: frozenset({State.PAGED, State.REJECTED}),
    State.PAGED: frozenset({State.READ, State.REJECTED}),
    State.READ: frozenset({State.FILED, State.NEEDS_REVIEW}),
    State.NEEDS_REVIEW: frozenset({State.FILED, State.REJECTED, State.AWAITING_SIGNATURE}),
    State.FILED: frozenset({State.BOUND, State.NEEDS_REVIEW}),
    State.BOUND: frozenset({State.AWAITING_SIGNATURE, State.KEPT, State.NEEDS_REVIEW}),
    State.AWAITING_SIGNATURE: frozenset({State.SIGNED, State.NEEDS_REVIEW}),
    State.SIGNED: frozenset({State.PROVEN, State.AWAITING_SIGNATURE}),
    State.PROVEN: frozenset({State.KEPT}),
    State.KEPT: frozenset({State.SIGNED}),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
MOVES = {start: ends | (_BY_ARRANGING if start in ARRANGEABLE else frozenset()) for start, ends in _ON_THE_WAY.items()}

WITH_A_STEP = frozenset({State.RECEIVED, State.PAGED, State.READ, State.FILED, State.BOUND, State.SIGNED, State.PROVEN})
WAITS_FOR_A_PERSON = frozenset({State.NEEDS_REVIEW, State.AWAITING_SIGNATURE})
THE_END = frozenset({State.KEPT, State.REJECTED, State.WITHDRAWN})
FINDABLE = frozenset(State) - {State.RECEIVED, State.PAGED, State.REJECTED, State.WITHDRAWN}
FILED_OR_LATER = FINDABLE - {State.READ, State.NEEDS_REVIEW}


def may_move(start: State, end: State) -> bool:
    """Whether rule 1 allows the move."""
    return end in MOVES[start]


class Nature(enum.StrEnum):
    """What kind of file came in: it decides whether pages are recognised and whether the file may be rebuilt."""

    SCAN = "scan"
    """Pictures only: recognised, bound anew."""
    TEXT = "text"
    """Born digital (or mixed): its own text is used where it has any, converted to PDF/A without rasterising."""
    SIGNED = "signed"
    """Carries signatures already: kept byte for byte, indexed and verified, never rebuilt."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from and how it may be treated. `folder` is the watched folder's name, or `upload`, `cli`."""

    name: str
    folder: str
    scanner: str | None = None
    department: str | None = None
    kind_hint: str | None = None
    operator: str | None = None

    @property
    def actor(self) -> str:
        """Who brought it, for the history: the operator, else the watched folder."""
        return self.operator or f"folder:{self.folder}"


@dataclass(frozen=True, slots=True)
class Document:
    """One document as the belt sees it.

    `original` is the SHA-256 (hex) of the file as it came, `bound` that of the PDF/A (unsigned), `current` that of the newest
    bytes to show, sign or export. `reasons` say why a person is asked or why it was refused. `urgent`: a person waits for it.
    `problem` is set when a step has given up: the belt leaves the document alone until a person says to go on.
    """

    id: str
    state: State
    version: int
    origin: Origin
    original: str
    bytes: int
    received_at: datetime
    nature: Nature | None = None
    pages: int | None = None
    pages_read: int = 0
    kind_code: str | None = None
    title: str | None = None
    patient_id: str | None = None
    bound: str | None = None
    current: str | None = None
    urgent: bool = False
    reasons: tuple[Message, ...] = ()
    problem: Message | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    batch_id: str | None = None
    updated_at: datetime | None = None
    departments: tuple[str, ...] = field(default=())
    """Departments of the patient's stays: who among the clinicians may see it."""

    @property
    def findable(self) -> bool:
        """Whether a search may return it (design: a property, not a state)."""
        return self.state in FINDABLE

    @property
    def waits_for_a_person(self) -> bool:
        """Whether nothing happens until a person acts."""
        return self.state in WAITS_FOR_A_PERSON or self.problem is not None
