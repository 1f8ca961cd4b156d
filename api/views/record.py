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
from domain.documents import Document
from domain.findings import Facts
from domain.pages import PageReading
from domain.patients import Patient
from domain.people import Sight
from domain.proof import JUDGED, Proof, proof_of
from domain.signers import VOID
from storage.audit import Entry
from storage.overview import Overview
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
    """A page with the size of its upright picture, None if it was not read, and the places of the hits. Its words are asked for
    when somebody looks at them: of a long chart they would be most of the screen.
    """

    page: Page
    size: tuple[int, int] | None
    hits: Sequence[Place]

    @property
    def tall(self) -> float:
        """Height over width of the upright picture."""
        width, height = self.size or (self.page.width, self.page.height)
        return height / width


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
    why: str = ""
    """Why it was taken back or replaced."""


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
    signers: dict[str, str]
    void: Signature | None
    """The signature that made it void."""
    void_asked: Signature | None
    """The signature that will, once it is made."""

    @property
    def hits(self) -> int:
        """Places that answer the search one came from."""
        return sum(len(sheet.hits) for sheet in self.sheets)


def record(tx: Transaction, document: Document, sight: Sight, locate: Callable[[PageReading], Located] | None) -> Record:
    """Gather it. `locate` finds the words one searched for, None: one came another way."""
    sizes = Overview(tx.connection).sizes(document.id)
    hits = _hits(tx.pages.reading(document.id).pages, locate) if locate else {}
    card = cards(tx, [document])[0]
    entries = tx.audit.of(document.id, ENTRIES)
    people = tx.people.listed()
    names = {person.login: person.name for person in people}
    patient = card.patient
    asked = tx.signing.of(document.id)
    return Record(
        card=card,
        facts=tx.documents.facts(document.id),
        patient=patient,
        namesakes=namesakes(tx, patient, sight) if patient else [],
        sheets=[Sheet(page, sizes.get(page.number), hits.get(page.number, ())) for page in tx.pages.of(document.id)],
        papers=papers(tx, patient.id, sight) if patient else [],
        signatures=asked,
        history=[one for one in entries if one.act not in LOOKS],
        looks=_looks(entries, names),
        versions=[_kept(version) for version in tx.documents.versions(document.id)],
        names=names,
        signers={person.id: person.name for person in people},
        void=tx.signing.voided([document.id]).get(document.id),
        void_asked=next((one for one in asked if one.field == VOID and one.state != "signed"), None),
    )


def _hits(read: Sequence[PageReading], locate: Callable[[PageReading], Located]) -> dict[int, list[Place]]:
    return {one.number: [on_page(box, one) for box in joined(locate(one).boxes)] for one in read}


def _kept(version: dict[str, Any]) -> Kept:
    proof = proof_of(version["report"]) if version["kind"] in JUDGED else None
    why = str((version["report"] or {}).get("why") or "")
    return Kept(version["kind"], version["sha256"], version["at"], proof, why)


def _looks(entries: Sequence[Entry], names: dict[str, str]) -> list[Look]:
    newest: dict[str, Look] = {}
    for entry in entries:
        if entry.act in LOOKS and entry.actor not in newest:
            newest[entry.actor] = Look(names.get(entry.actor, entry.actor), entry.at, entry.act)
    return list(newest.values())
