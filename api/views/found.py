"""Answers of a search as Tìm shows them: by document, with strips of the page where the words stand."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from api.services import Services
from api.views.cards import Card, cards
from api.views.places import Strip, strips
from api.views.story import Dated, Episode, dated, episodes, namesakes, visible
from domain.pages import PageReading
from domain.patients import Patient
from domain.search import Answer, Query
from storage.store import Transaction

PAGES = 80
DOCUMENTS = 24


@dataclass(frozen=True, slots=True)
class Result:
    """A document that answers: the first answering page with its strips, and the numbers of the others."""

    paper: Dated
    page: int
    strips: Sequence[Strip]
    snippet: str
    more: Sequence[int]

    @property
    def card(self) -> Card:
        """The document."""
        return self.paper.card


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    title: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """The patient all answers are about."""

    patient: Patient
    namesakes: Sequence[Patient]
    episodes: Sequence[Episode]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything on the screen. `total`: pages that answer, within rights; `seconds` it took."""

    query: Query
    order: str
    total: int = 0
    seconds: float = 0.0
    results: Sequence[Result] = ()
    facets: dict[str, list[Choice]] = field(default_factory=dict)
    whose: Whose | None = None
    people: Sequence[tuple[Patient, int]] = ()
    """Whose papers answer, with how many, when it is not one person's alone."""
    suggestions: Sequence[str] = ()


def find(tx: Transaction, services: Services, query: Query, order: str = "newest") -> Found:
    """Ask the index, then gather what is shown. Documents that left the asker's sight meanwhile are dropped."""
    begun = time.perf_counter()
    answer = services.index.search(replace(query, limit=PAGES))
    seconds = time.perf_counter() - begun
    by_document: dict[str, list[int]] = {}
    for page in answer.pages:
        by_document.setdefault(page.document, []).append(page.page)
    known = {one.id: one for one in tx.documents.listed(ids=by_document, sight=query.sight)} if by_document else {}
    listed = [known[name] for name in by_document if name in known]
    papers = [dated(card, tx.documents.facts(card.id)) for card in cards(tx, listed)]
    if order == "newest":
        papers.sort(key=lambda one: one.day, reverse=True)
    results = [_result(tx, services, query, paper, by_document[paper.card.id]) for paper in papers[:DOCUMENTS]]
    facets, whose = _facets(answer, query, services), _whose(tx, query, papers, whole=answer.total <= PAGES)
    suggestions = () if results else _suggestions(services, query)
    return Found(query, order, answer.total, seconds, results, facets, whose, _people(papers), suggestions)


def _result(tx: Transaction, services: Services, query: Query, paper: Dated, pages: list[int]) -> Result:
    reading = tx.pages.page_reading(paper.card.id, pages[0])
    cuts, snippet = _located(services, reading, query.text) if reading else ([], "")
    return Result(paper, pages[0], cuts, snippet, sorted(pages[1:]))


def _located(services: Services, reading: PageReading, text: str) -> tuple[list[Strip], str]:
    found = services.locate_hits(reading, text)
    return strips(found.boxes, reading), found.snippet


def _facets(answer: Answer, query: Query, services: Services) -> dict[str, list[Choice]]:
    titles = {kind.code: kind.title for kind in services.kinds()}
    chosen = {"kind": query.kinds, "department": query.departments, "year": {str(year) for year in query.years}}
    facets = {}
    for name, values in answer.facets.items():
        picked = chosen.get(name, frozenset())
        choices = [Choice(value, titles.get(value, value), count, value in picked) for value, count in values.items()]
        facets[name] = sorted(choices, key=_by_year if name == "year" else _by_count)
    return facets


def _by_year(one: Choice) -> tuple[int, str]:
    return 0, one.value


def _by_count(one: Choice) -> tuple[int, str]:
    return -one.count, one.title


def _whose(tx: Transaction, query: Query, papers: Sequence[Dated], *, whole: bool) -> Whose | None:
    """One person's header stands above the results only when every answer was seen to be theirs."""
    ids = {paper.card.document.patient_id for paper in papers} if whole else {None}
    only = query.patient or (next(iter(ids)) if len(ids) == 1 else None)
    patient = visible(tx, only, query.sight) if only else None
    if patient is None:
        return None
    return Whose(patient, namesakes(tx, patient, query.sight), episodes(tx, patient, query.sight))


def _people(papers: Sequence[Dated]) -> list[tuple[Patient, int]]:
    found = {paper.card.patient.id: paper.card.patient for paper in papers if paper.card.patient}
    counted = Counter(paper.card.document.patient_id for paper in papers)
    return [(patient, counted[name]) for name, patient in found.items()] if len(found) > 1 else []


def _suggestions(services: Services, query: Query) -> Sequence[str]:
    last = query.text.split()[-1:] or [""]
    return services.index.suggest(last[0], query.sight, 6) if len(last[0]) > 1 else ()
