"""One document as Hồ sơ shows it: its pages with hits, its history, its versions, who has looked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.services import Located
from api.views.cards import Card, cards
from api.views.places import Place, joined, on_page
from api.views.story import Dated, namesakes, papers
from api.views.words import doubtful_on
from domain.documents import Document
from domain.findings import Facts
from domain.pages import PageReading
from domain.patients import Patient
from domain.people import Sight
from domain.proof import JUDGED, Proof, proof_of
from storage.audit import Entry
from storage.pages import Page
from storage.signing import Signature
from storage.store import Transaction

LOOKS = (
    "view_page",
    "view_words",
    "view_document",
    "review_document",
    "saw_page_before_signing",
    "download_pdf",
    "download_sidecar",
    "print_page",
)
ENTRIES = 600


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with what was read on it and the places of the hits."""

    page: Page
    reading: PageReading | None
    hits: Sequence[Place]

    @property
    def tall(self) -> float:
        """Height over width of the upright picture."""
        if self.reading:
            return self.reading.height / self.reading.width
        return self.page.height / self.page.width

    @property
    def doubtful(self) -> int:
        """How many words a person should look at again."""
        return doubtful_on(self.reading) if self.reading else 0


@dataclass(frozen=True, slots=True)
class Look:
    """A person who looked at the document, when last, and the strongest act: looked, downloaded, signed."""

    who: str
    at: datetime
    act: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that came to be, and what a judge of PDF/A said of them; None: they are of no kind that is judged."""

    kind: str
    sha256: str
    at: datetime
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything on the screen."""

    card: Card
    facts: Facts
    patient: Patient | None
    namesakes: Sequence[Patient]
    sheets: Sequence[Sheet]
    papers: Sequence[Dated]
    signatures: Sequence[Signature]
    history: Sequence[Entry]
    looks: Sequence[Look]
    versions: Sequence[Kept]
    names: dict[str, str]

    @property
    def hits(self) -> int:
        """Places that answer the search one came from."""
        return sum(len(sheet.hits) for sheet in self.sheets)


def record(tx: Transaction, document: Document, sight: Sight, locate: Callable[[PageReading], Located] | None) -> Record:
    """Gather it. `locate` finds the words one searched for, None: one came another way."""
    readings = {one.number: one for one in tx.pages.reading(document.id).pages}
    card = cards(tx, [document])[0]
    entries = tx.audit.of(document.id, ENTRIES)
    names = {person.login: person.name for person in tx.people.listed()}
    patient = card.patient
    return Record(
        card=card,
        facts=tx.documents.facts(document.id),
        patient=patient,
        namesakes=namesakes(tx, patient, sight) if patient else [],
        sheets=[_sheet(page, readings.get(page.number), locate) for page in tx.pages.of(document.id)],
        papers=papers(tx, patient.id, sight) if patient else [],
        signatures=tx.signing.of(document.id),
        history=[one for one in entries if one.act not in LOOKS],
        looks=_looks(entries, names),
        versions=[_kept(version) for version in tx.documents.versions(document.id)],
        names=names,
    )


def _sheet(page: Page, reading: PageReading | None, locate: Callable[[PageReading], Located] | None) -> Sheet:
    boxes = locate(reading).boxes if locate and reading else ()
    return Sheet(page, reading, [on_page(box, reading) for box in joined(boxes)] if reading else [])


def _kept(version: dict[str, Any]) -> Kept:
    proof = proof_of(version["report"]) if version["kind"] in JUDGED else None
    return Kept(version["kind"], version["sha256"], version["at"], proof)


def _looks(entries: Sequence[Entry], names: dict[str, str]) -> list[Look]:
    newest: dict[str, Look] = {}
    for entry in entries:
        if entry.act in LOOKS and entry.actor not in newest:
            newest[entry.actor] = Look(names.get(entry.actor, entry.actor), entry.at, entry.act)
    return list(newest.values())
