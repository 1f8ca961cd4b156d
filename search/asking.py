"""From a question to conditions, and from conditions to an answer: what both engines share.

A page answers when all words stand on it or in what is known of its document. If no page does, these are tried in turn, and the
first that finds something is the answer:
1. documents that hold all words, on whatever pages: their pages that hold some of them;
2. pages with all words, where a long word may be one letter off;
3. documents with all words, likewise.

Points, not statistics, order the answer: a page's place depends on that page alone, never on pages the asker may not see, and is
the same in every engine. Equal pages come newest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from domain.documents import State
from domain.people import Sight
from domain.search import Answer, Query
from search import entries
from search.analysis import Term, has_tones, terms
from search.conditions import AllOf, AnyOf, Begins, Condition, InARow, Near, Not, OneOf

_TONED_WORD, _WHOLE_WORD, _NEIGHBOURS, _ALL_IN_HEAD = 4, 1, 1, 2
_COVERING_DOCUMENTS = 1000
_SUGGESTIONS_WEIGHED = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """Pages to find. `must` and `within` hold for each; each of `bonuses` that holds adds its points to the first one."""

    must: Condition
    within: Condition
    bonuses: tuple[tuple[Condition, int], ...] = ()
    offset: int = 0
    limit: int = 0


class Engine(Protocol):
    """What a tool can do with conditions."""

    def pages(self, question: Question) -> Answer:
        """The entries that hold, by points, then newness, document (newest first) and page number; facets by value."""
        ...

    def tally(self, condition: Condition, field: str, limit: int) -> dict[str, int]:
        """The values of a field among the entries that hold, with the number of entries; the most frequent `limit`."""
        ...


def answer(engine: Engine, query: Query) -> Answer:
    """Ask until something is found."""
    asked = terms(query.text)
    if not asked and query.text.strip():
        return Answer(0, ())
    found = Answer(0, ())
    for question in _questions(engine, query, asked):
        found = engine.pages(question)
        if found.total:
            break
    return found


def suggestions(engine: Engine, prefix: str, sight: Sight, limit: int) -> list[str]:
    """Names and titles of visible documents that hold all words of `prefix`."""
    asked = terms(prefix)
    if not asked:
        return []
    weighed: dict[str, int] = {}
    for words, field in ((entries.NAME_WORDS, entries.NAME), (entries.TITLE_WORDS, entries.TITLE)):
        condition = AllOf((_level(entries.DOCUMENT_LEVEL), seen_by(sight), *(_stands(term, words) for term in asked)))
        for value, number in engine.tally(condition, field, _SUGGESTIONS_WEIGHED).items():
            weighed[value] = weighed.get(value, 0) + number
    return sorted(weighed, key=lambda value: (-weighed[value], value))[:limit]


def seen_by(sight: Sight) -> Condition:
    """The rights as a condition."""
    states = _one_of(entries.STATE, frozenset(sight.states))
    if sight.departments is not None:
        states = AllOf((states, _one_of(entries.DEPARTMENT, sight.departments)))
    elif sight.states == frozenset(State):
        return AllOf(())
    return AnyOf((states, _one_of(entries.DOCUMENT, sight.also)))


def visible_pages(sight: Sight) -> Condition:
    """All pages a person may find."""
    return AllOf((_level(entries.PAGE_LEVEL), seen_by(sight)))


def _questions(engine: Engine, query: Query, asked: tuple[Term, ...]) -> Iterator[Question]:
    bonuses = tuple(_bonuses(asked, toned=has_tones(query.text)))
    for near in (False, True) if any(term.may_err for term in asked) else (False,):
        everywhere = AllOf(tuple(_stands(term, entries.FOLDED, near=near) for term in asked))
        pages = AllOf((_level(entries.PAGE_LEVEL), _narrowed(query)))
        yield Question(everywhere, pages, bonuses, query.offset, query.limit)
        if len(asked) > 1:
            covering = AllOf((_level(entries.DOCUMENT_LEVEL), _narrowed(query), everywhere))
            documents = engine.tally(covering, entries.DOCUMENT, _COVERING_DOCUMENTS)
            within = AllOf((pages, OneOf(entries.DOCUMENT, tuple(documents))))
            yield Question(_some_on_page(asked, near=near), within, bonuses, query.offset, query.limit)


def _narrowed(query: Query) -> Condition:
    chosen = (
        (entries.KIND, query.kinds),
        (entries.DEPARTMENT, query.departments),
        (entries.YEAR, frozenset(map(str, query.years))),
        (entries.PATIENT, frozenset({query.patient}) if query.patient is not None else frozenset()),
    )
    return AllOf((seen_by(query.sight), *(_one_of(field, values) for field, values in chosen if values)))


def _stands(term: Term, field: str, *, near: bool = False) -> Condition:
    ways: list[Condition] = [OneOf(field, term.forms)]
    if term.parts:
        ways.append(InARow(field, term.parts))
    if term.begun:
        ways += [Begins(field, form) for form in term.forms]
    if near and term.may_err:
        ways.append(Near(field, term.word))
    return AnyOf(tuple(ways))


def _some_on_page(asked: tuple[Term, ...], *, near: bool) -> Condition:
    """Some word stands on the page itself: the head is the same on all pages of a document and says nothing about this one."""
    return AnyOf(
        tuple(AllOf((_stands(term, entries.FOLDED, near=near), Not(_stands(term, entries.HEAD, near=near)))) for term in asked)
    )


def _bonuses(asked: tuple[Term, ...], *, toned: bool) -> Iterator[tuple[Condition, int]]:
    for term in asked:
        yield OneOf(entries.FOLDED, (term.word,)), _WHOLE_WORD
        if toned:
            yield OneOf(entries.TONED, (term.toned,)), _TONED_WORD
    for one, next_one in pairwise(asked):
        yield InARow(entries.FOLDED, (one.word, next_one.word)), _NEIGHBOURS
    if asked:
        yield AllOf(tuple(_stands(term, entries.HEAD) for term in asked)), _ALL_IN_HEAD


def _level(level: str) -> Condition:
    return OneOf(entries.LEVEL, (level,))


def _one_of(field: str, values: frozenset[str]) -> Condition:
    return OneOf(field, tuple(sorted(values)))
