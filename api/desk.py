"""What a request works with: the person, their rights, the store, the language. Every look at a document goes through here."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from api import render, sessions
from api.errors import NotThere
from api.language import Translator
from api.services import Services
from domain.copies import TOLD_FOR
from domain.documents import Document
from domain.people import Person, Role, Sight, sight_of, sight_to_copy
from domain.signers import SIGNS
from storage.clock import now
from storage.copies import CertifiedCopies
from storage.people import Session
from storage.sign_queue import SignQueue
from storage.store import Store, Transaction
from storage.trust_bindings import Bindings

ROOMS: dict[str, tuple[Role, ...]] = {
    "today": (Role.ARCHIVE, Role.DOCTOR, Role.CLINICIAN),
    "batches": (Role.ARCHIVE,),
    "review": (Role.ARCHIVE,),
    "sign": (Role.ARCHIVE, Role.DOCTOR),
    "find": (Role.ARCHIVE, Role.DOCTOR, Role.CLINICIAN),
    "records": (Role.ARCHIVE, Role.DOCTOR, Role.CLINICIAN),
    "admin": (Role.ADMINISTRATOR, Role.AUDITOR),
    "signatures": tuple(Role),
    "copies": (Role.ARCHIVE, Role.DOCTOR, Role.CLINICIAN),
}
"""Which rooms of the rail a role enters, in the rail's order; `copies` only who keeps the seal."""
CORRECTS = (Role.ARCHIVE, Role.DOCTOR)
"""Who may correct words, on documents they may see. Once a document is kept, of these only doctors see it."""

ARRANGES = (Role.ARCHIVE,)
"""Who may put pages together, of what they may see; of what is kept, which they do not see, once they say why (`Desk.opened`)."""
OPENED = "open_kept"
"""The act by which a kept document is opened to arrange its pages: the entry in the audit log is itself the right."""
OPENED_TO_COPY = "open_to_copy"
"""The same, to have certified copies made of it: for whom and why."""
OPEN_FOR = timedelta(hours=1)


class Desk:
    """One request's working place."""

    def __init__(self, request: Request, session: Session, services: Services) -> None:
        self.request = request
        self.session = session
        self.services = services
        self.say = Translator(render.language_of(request))

    @property
    def person(self) -> Person:
        """Who asks."""
        return self.session.person

    @property
    def store(self) -> Store:
        """The memory."""
        return self.services.store

    @property
    def heard(self) -> int:
        """Number of the newest event when the request came: what a page shows is no older."""
        newest: int = self.request.state.heard
        return newest

    @property
    def rooms(self) -> list[str]:
        """The rooms this person enters."""
        mine = [room for room, roles in ROOMS.items() if self.person.role in roles]
        return [room for room in mine if room != "copies" or self.keeps_seal]

    @cached_property
    def keeps_seal(self) -> bool:
        """Whether this person keeps the hospital's seal, and so has certified copies made."""
        with self.store.read() as tx:
            return self.services.copies.keeps(tx, self.person)

    @property
    def corrects(self) -> bool:
        """Whether this person may correct words."""
        return self.person.role in CORRECTS

    @property
    def arranges(self) -> bool:
        """Whether this person may put pages together."""
        return self.person.role in ARRANGES

    def sight(self, tx: Transaction) -> Sight:
        """What this person may see, here and now."""
        return sight_in(tx, self.person)

    def opened(self, tx: Transaction) -> dict[str, str]:
        """Kept documents that this person opened lately to arrange their pages, by id, with the reason (`domain/reasons.py`)."""
        entries = tx.audit.by(self.person.login, OPENED, now() - OPEN_FOR) if self.arranges else []
        return {str(one.object): f"{one.details['reason']}: {one.details['why']}".rstrip(": ") for one in entries}

    def table(self, tx: Transaction) -> Sight:
        """What this person may see where pages are arranged: also what they opened for it."""
        sight = self.sight(tx)
        return replace(sight, also=sight.also | self.opened(tx).keys())

    def opened_to_copy(self, tx: Transaction) -> dict[str, tuple[str, str]]:
        """Kept documents that this person opened lately to have copies made, by id: for whom and why."""
        if not self.services.copies.keeps(tx, self.person):
            return {}
        entries = tx.audit.by(self.person.login, OPENED_TO_COPY, now() - OPEN_FOR)
        return {str(one.object): (one.details["recipient"], one.details["why"]) for one in entries}

    def document(self, tx: Transaction, document_id: str, *, opened: bool = False, to_copy: bool = False) -> Document:
        """A document within the person's rights, or opened to be arranged (`opened`) or copied. Raises NotThere, also for those
        outside.
        """
        found = tx.documents.find(document_id)
        if found is None:
            raise NotThere
        arranged, copied = opened and found.id in self.opened(tx), to_copy and found.id in self.opened_to_copy(tx)
        if not (arranged or copied or self.sees(tx, found)):
            raise NotThere
        return found

    def sees(self, tx: Transaction, document: Document) -> bool:
        """As `sight` allows it, without asking for all that waits for a signature."""
        return sight_of(self.person).allows(document) or asked_of(tx, self.person).of_document(document.id)

    def note(self, act: str, obj: str | None = None, **details: Any) -> None:
        """Write down a reading act of this person."""
        with self.store.write() as tx:
            tx.audit.add(self.person.login, act, obj, **details)

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """An HTML page or fragment."""
        return render.page(self.request, template, {"desk": self, "waiting": self._waiting, **context}, status)

    def _waiting(self) -> dict[str, int]:
        rooms = self.rooms
        with self.store.read() as tx:
            return waiting_for(tx, self.person, rooms)


def sight_in(tx: Transaction, person: Person) -> Sight:
    """The first rule, with what waits for this person's signature and is not seen anyway."""
    usual = sight_of(person)
    if person.role not in SIGNS:
        return usual
    units = None if usual.departments is None else sorted(usual.departments)
    return sight_of(person, frozenset(asked_of(tx, person).outside(sorted(usual.states), units)))


def asked_of(tx: Transaction, person: Person) -> SignQueue:
    """What this person is asked to sign now."""
    return SignQueue(tx.connection, person.id, tx.signers.hats(person))


def waiting_for(tx: Transaction, person: Person, rooms: Container[str]) -> dict[str, int]:
    """The counts on the rail: what waits for this person, by those rooms that they enter."""
    counts: dict[str, int] = {}
    if person.role is Role.ARCHIVE:
        counts["review"] = sum(number for state, number in tx.documents.counts().items() if state == "NEEDS_REVIEW")
    if person.role is Role.ADMINISTRATOR:
        counts["admin"] = Bindings(tx.connection).waiting()
    if person.role in SIGNS:
        counts["sign"] = asked_of(tx, person).documents()
    if "copies" in rooms:
        counts["copies"] = CertifiedCopies(tx.connection).troubled(now() - TOLD_FOR, sight_to_copy(person))
    return counts


def desk(request: Request, session: Annotated[Session, Depends(sessions.session)]) -> Desk:
    """The dependency."""
    return Desk(request, session, sessions.services(request))


AtDesk = Annotated[Desk, Depends(desk)]
