"""The signing queue of one doctor."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.desk import asked_of
from api.views.cards import Card, cards
from domain.people import Person, Sight
from domain.signers import Hat, worn
from storage.clock import now
from storage.overview import Glance, Overview
from storage.signing import Device, Job, Signature
from storage.store import Transaction

AGENT_ALIVE = timedelta(seconds=90)
"""An agent that asked within this time is there."""
RECENT = timedelta(hours=12)
ENDED = ("signed", "received", "declined")
"""States in which nothing more is asked of the doctor; `received`: signed, its time stamp is still to come."""


@dataclass(frozen=True, slots=True)
class Item:
    """A signature asked for, with its document."""

    signature: Signature
    card: Card
    behalf: str = ""
    """In whose name this person would sign it, or signed it, if not in their own."""

    @property
    def recallable(self) -> bool:
        """Whether it may still be taken back."""
        return self.signature.recallable(self.card.document)

    @property
    def total(self) -> int:
        """Pages."""
        return self.card.document.pages or 0

    @property
    def left(self) -> int:
        """Pages not yet looked at."""
        return self.total - len(self.signature.seen)

    @property
    def check(self) -> str:
        """The matching code of a document sent to the agent: the agent shows the same, computed from the file it received."""
        half = self.signature.prepared or {}
        return base64.b64decode(half["digest"])[:4].hex(" ", 2) if "digest" in half else ""

    @property
    def ready(self) -> bool:
        """Whether it may be ticked."""
        return self.left <= 0 and self.signature.state == "waiting"


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything on the screen: what waits, what was just signed, the job under way, and the agent."""

    items: Sequence[Item]
    signed: Sequence[Item]
    open: Item | None
    pages: Sequence[Glance]
    job: Job | None
    devices: Sequence[Device]
    online: bool

    @property
    def progress(self) -> Sequence[str]:
        """One cell a document of the present job: done, being done, to do."""
        waiting = [one for one in self.items if one.signature.state == "prepared"]
        done = [one for one in self.signed if self.job and one.signature.job_id == self.job.id]
        return ["d"] * len(done) + ["n"] * bool(waiting) + [""] * (len(waiting) - 1)

    @property
    def page_count(self) -> int:
        """All pages that wait."""
        return sum(one.total for one in self.items)


def queue(tx: Transaction, person: Person, sight: Sight, item: str) -> Queue:
    """The queue; `item` names the signature whose document is open; empty: the first that waits."""
    jobs = tx.signing.jobs(person.id, ("pending", "claimed", "done", "stopped", "expired"))
    recent = [one for one in jobs if one.created_at > now() - RECENT]
    signed = [one for job in recent for one in tx.signing.in_job(job.id) if one.state in ENDED]
    items = _items(tx, person, asked_of(tx, person).listed(), sight)
    opened = next((one for one in items if item in ("", one.signature.id)), None)
    devices = tx.signing.devices_of(person.id)
    return Queue(
        items=items,
        signed=_items(tx, person, signed, sight),
        open=opened,
        pages=Overview(tx.connection).glances([opened.card.id]).get(opened.card.id, []) if opened else [],
        job=next((one for one in reversed(recent) if one.state in ("pending", "claimed")), None),
        devices=devices,
        online=any(one.seen_at and one.seen_at > now() - AGENT_ALIVE for one in devices),
    )


def unseen(tx: Transaction, signature: Signature) -> set[int]:
    """Numbers of the pages this doctor has not looked at."""
    return {page.number for page in tx.pages.of(signature.document_id)} - set(signature.seen)


def _items(tx: Transaction, person: Person, asked: Sequence[Signature], sight: Sight) -> list[Item]:
    ids = {one.document_id for one in asked}
    found = {card.id: card for card in cards(tx, tx.documents.listed(ids=ids, sight=sight))} if ids else {}
    hats, names = tx.signers.hats(person), {one.id: one.name for one in tx.people.listed()}
    return [
        Item(one, card, names.get(_behalf(one, card, person, hats), "")) for one in asked if (card := found.get(one.document_id))
    ]


def _behalf(signature: Signature, card: Card, person: Person, hats: Sequence[Hat]) -> str:
    """The id of whose name it is, empty for their own."""
    if signature.state != "waiting":
        return signature.behalf_id or ""
    departments = signature.in_departments(card.document.departments)
    hat = worn(hats, signature.signer_id, signature.capacity, departments)
    return hat.person_id if hat and hat.person_id != person.id else ""
