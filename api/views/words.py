"""The words of a page for those who correct them: which are doubtful, and what was corrected so far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.desk import Desk
from api.services import Offer, Words
from domain.corrections import WordCorrection
from domain.documents import Document
from domain.pages import PageReading, Word

SURE = 0.7
"""Confidence below which a person should look again, as with facts that are faint."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that stands; `holds`: its words are still there. `seen`: what a deed on its page must name."""

    deed: WordCorrection
    who: str
    holds: bool
    seen: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the side of a document says of its words: corrections that stand, page by page, and facts to look at again."""

    corrected: Sequence[Corrected]
    offers: Sequence[Offer]


def doubtful(word: Word) -> bool:
    """Whether nobody vouched for a word of which the reader was not sure."""
    return word.confidence < SURE and not (word.changed and word.changed.by)


def doubtful_on(page: PageReading) -> int:
    """How many words of a page are."""
    return sum(map(doubtful, page.words))


def told(desk: Desk, document: Document) -> Told:
    """Gather it; facts are offered only to those who may change them."""
    with desk.store.read() as tx:
        pages = sorted({deed.page for deed in tx.words.of(document.id)})
    found = [desk.services.words.words(document.id, page) for page in pages]
    names = names_of(desk, [deed for page in found for deed in page.deeds])
    corrected = [one for page in found for one in _corrected(page, names)]
    return Told(corrected, desk.services.review.offers(document.id) if "review" in desk.rooms else ())


def names_of(desk: Desk, deeds: Iterable[WordCorrection]) -> dict[str, str]:
    """What the people behind these deeds are called, by login."""
    logins = sorted({deed.by for deed in deeds})
    with desk.store.read() as tx:
        return {login: person.name for login in logins if (person := tx.people.by_login(login))}


def _corrected(page: Words, names: dict[str, str]) -> list[Corrected]:
    return [Corrected(one, names.get(one.by, one.by), one.number not in page.missed, page.seen) for one in page.standing]
