"""Entries: what an index holds of a document. One for each page, and one for the document with the words of all its pages.

The document's entry answers questions whose words stand on different pages. Every entry carries the same values to filter by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from domain.search import IndexedPage
from search.analysis import folded_words, toned_words

FORM = "1"
"""Raised whenever the entries change: an index of another form counts as none and is filled anew."""
LEVEL, PAGE_LEVEL, DOCUMENT_LEVEL = "level", "page", "document"
DOCUMENT, STATE, DEPARTMENT, KIND, YEAR, PATIENT = "document", "state", "department", "kind", "year", "patient"
NAME, TITLE = "name", "title"
VALUES = (LEVEL, DOCUMENT, STATE, DEPARTMENT, KIND, YEAR, PATIENT, NAME, TITLE)
"""Fields compared as a whole."""
FOLDED, TONED, HEAD, NAME_WORDS, TITLE_WORDS = "folded", "toned", "head", "name_words", "title_words"
WORDS = (FOLDED, TONED, HEAD, NAME_WORDS, TITLE_WORDS)
"""Fields of words. `folded` and `toned` hold head and page; `head` is what is known of the document: name, title, facts."""
PAGE, NEWNESS = "number", "newness"
NUMBERS = (PAGE, NEWNESS)
"""Fields to order by: the page, and the year (0: unknown)."""
FACETS = (KIND, DEPARTMENT, YEAR)
_GAP = "|"  # never part of a word: nothing follows "in a row" from the head into the page


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is unique in the index; the members' names are those of `VALUES`, `WORDS` (joined by spaces) and `NUMBERS`."""

    key: str
    document: str
    values: dict[str, tuple[str, ...]]
    words: dict[str, str]
    numbers: dict[str, int]


def entries(pages: Iterable[IndexedPage]) -> Iterator[Entry]:
    """The entries of many documents; the pages of a document come one after another."""
    for _, group in groupby(pages, key=lambda page: page.document):
        yield from _of_document(list(group))


def by_document(pages: Iterable[IndexedPage]) -> dict[str, list[IndexedPage]]:
    """The pages of a batch by document, whatever their order; a page given twice counts once, as given last."""
    found: dict[str, dict[int, IndexedPage]] = {}
    for page in pages:
        found.setdefault(page.document, {})[page.page] = page
    return {document: list(numbered.values()) for document, numbered in found.items()}


def _of_document(pages: list[IndexedPage]) -> Iterator[Entry]:
    vocabulary: set[str] = set()
    for page in pages:
        head, folded = folded_words(_head(page)), folded_words(page.text)
        vocabulary.update(folded)
        words = {
            FOLDED: [*head, _GAP, *folded],
            TONED: [*toned_words(_head(page)), _GAP, *toned_words(page.text)],
            HEAD: head,
        }
        yield _entry(page, PAGE_LEVEL, words)
    first = pages[0]
    known = {
        FOLDED: [*folded_words(_head(first)), _GAP, *sorted(vocabulary)],
        NAME_WORDS: folded_words(first.patient_name or ""),
        TITLE_WORDS: folded_words(first.title),
    }
    yield _entry(first, DOCUMENT_LEVEL, known)


def _entry(page: IndexedPage, level: str, words: dict[str, list[str]]) -> Entry:
    values: dict[str, tuple[str | None, ...]] = {
        LEVEL: (level,),
        DOCUMENT: (page.document,),
        STATE: (page.state,),
        DEPARTMENT: page.departments,
        KIND: (page.kind,),
        YEAR: (None if page.year is None else str(page.year),),
        PATIENT: (page.patient,),
        NAME: (page.patient_name,),
        TITLE: (page.title,),
    }
    return Entry(
        f"{page.document}:{page.page if level == PAGE_LEVEL else ''}",
        page.document,
        {field: tuple(value for value in held if value) for field, held in values.items()},
        {field: " ".join(held) for field, held in words.items()},
        {PAGE: page.page, NEWNESS: page.year or 0},
    )


def _head(page: IndexedPage) -> str:
    return " | ".join(part for part in (page.patient_name, page.title, page.kind, page.facts) if part)
