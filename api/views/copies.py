"""Sao y: whose kept papers a person finds to copy, what is being made, and the register. Names and titles, no pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from api.views.cards import Card, cards
from api.views.story import Dated, papers
from domain.copies import TOLD_FOR, CertifiedCopy, CopyOrder
from domain.documents import Document
from domain.patients import Patient
from domain.people import Sight
from storage.clock import now
from storage.copies import CertifiedCopies
from storage.store import Transaction

PEOPLE = 12
LOOKED_AT = 200
ENTRIES = 60


@dataclass(frozen=True, slots=True)
class Whose:
    """Somebody with their kept papers, the newest first."""

    patient: Patient
    papers: Sequence[Dated]


@dataclass(frozen=True, slots=True)
class Copied:
    """Copies of one document, or of all within rights: what is being made, what could not be made lately, what was issued."""

    asked: Sequence[CopyOrder]
    ended: Sequence[CopyOrder]
    issued: Sequence[CertifiedCopy]
    cards: dict[str, Card]
    names: dict[str, str]


def find(tx: Transaction, text: str, sight: Sight) -> list[Whose]:
    """By part of a name, a number of the person or of a stay, or a document's code: people with papers within rights."""
    wanted = text.strip()
    if not wanted:
        return []
    one = tx.documents.listed(ids=[wanted.lower()], sight=sight)
    coded = [tx.patients.get(document.patient_id) for document in one if document.patient_id]
    meant = [*(who for who in coded if who), *tx.patients.with_number(wanted), *tx.patients.search(wanted, LOOKED_AT)]
    groups = (Whose(who, papers(tx, who.id, sight)) for who in {who.id: who for who in meant}.values())
    return list(islice((group for group in groups if group.papers), PEOPLE))


def copies_of(tx: Transaction, document: Document) -> Copied:
    """Copies of one document, newest first; the caller has checked the rights."""
    register = CertifiedCopies(tx.connection)
    asked, issued = register.asked(document_id=document.id), register.of(document.id)
    ended = register.ended(now() - TOLD_FOR, document_id=document.id)
    return Copied(asked, ended, issued[::-1], _cards(tx, [document.id]), _names(tx))


def room(tx: Transaction, sight: Sight) -> Copied:
    """All within rights."""
    register = CertifiedCopies(tx.connection)
    asked, ended = register.asked(sight), register.ended(now() - TOLD_FOR, sight)
    issued = register.newest(sight, ENTRIES)
    ids = [one.document_id for one in (*asked, *ended)] + [one.document_id for one in issued]
    return Copied(asked, ended, issued, _cards(tx, ids), _names(tx))


def _cards(tx: Transaction, ids: Iterable[str]) -> dict[str, Card]:
    wanted = list(dict.fromkeys(ids))
    return {card.id: card for card in cards(tx, tx.documents.listed(ids=wanted))} if wanted else {}


def _names(tx: Transaction) -> dict[str, str]:
    return {person.login: person.name for person in tx.people.listed()}
