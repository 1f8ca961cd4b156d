"""What is asked of the index, what is kept in it, and what it answers. A page is the unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.documents import State
from domain.people import Sight


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """One page as the index holds it: one entry a page, all entries of a document replaced together."""

    document: str
    page: int
    state: State
    title: str
    kind: str | None
    patient: str | None
    patient_name: str | None
    departments: tuple[str, ...]
    year: int | None
    text: str
    facts: str = ""
    """Names and identifiers found or corrected, so that what a person confirmed is found even where the reader erred."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question with the asker's rights inside. Facet values narrow the answer."""

    text: str
    sight: Sight
    kinds: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    patient: str | None = None
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that answers, best first."""

    document: str
    page: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Pages, the total number, and counts by facet (`kind`, `department`, `year`), all within the asker's rights."""

    total: int
    pages: tuple[FoundPage, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
