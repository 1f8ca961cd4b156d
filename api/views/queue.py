"""The signing queue of one person, a page at a time."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel

from api.desk import asked_of
from api.views.cards import Card, cards, cells
from api.views.orders import CELLS, Cloud, cloud
from domain.here import HERE
from domain.people import Person
from domain.signers import Hat, worn
from storage.clock import now
from storage.orders import JOB
from storage.overview import Glance, Overview
from storage.sign_queue import SOON, Groups, Narrow, Order, SignQueue, Summary
from storage.signing import OPEN, PREPARING, Device, Job, Progress, Signature
from storage.store import Transaction

AGENT_ALIVE = timedelta(seconds=90)
"""An agent that asked within this time is there."""
RECENT = timedelta(hours=12)
ENDED = ("signed", "received", "declined")
"""States in which nothing more is asked of the person; `received`: signed, its time stamp is still to come."""
PAGE = 50
"""Signatures on a page of the queue."""
SHOWN = 12
"""Of what was just signed."""


class Wanted(BaseModel):
    """What of the queue is asked for: the open signature, an order, what it is narrowed to, and from which place on."""

    item: str = ""
    by: Order = "due"
    patient: str = ""
    kind: str = ""
    ward: str = ""
    day: date | None = None
    start: int = 0

    @property
    def narrow(self) -> Narrow:
        """What it is narrowed to."""
        return Narrow(self.patient, self.kind, self.ward, self.day)

    @property
    def narrowed(self) -> bool:
        """Whether it is."""
        return self.narrow != Narrow()

    def query(self, **changes: object) -> str:
        """The same as an address has it, but for some members."""
        values = {**self.model_dump(), **changes}
        return urlencode({name: value for name, value in values.items() if value and (name, value) != ("by", "due")})


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
    def lateness(self) -> str:
        """`overdue`, `soon`, or empty."""
        due = self.signature.due_at
        return "" if due is None or due > now() + SOON else "overdue" if due <= now() else "soon"

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
class Batch:
    """The job under way: prepared first, then signed. `paused`: no agent is there that goes on with it."""

    job: Job
    progress: Progress
    paused: bool

    @property
    def preparing(self) -> bool:
        """Whether it is not at the desk yet."""
        return self.job.state == PREPARING

    @property
    def done(self) -> int:
        """Documents prepared, or signed."""
        return self.progress.total - self.progress.preparing if self.preparing else self.progress.done

    @property
    def cells(self) -> Sequence[str]:
        """One cell a document, long rows scaled down: done, being done, to do."""
        return cells(self.done, self.progress.total, now=0 if self.paused else 1, most=CELLS)

    @property
    def a_minute(self) -> int:
        """Documents a minute, as far as can be told."""
        return round(self._a_minute)

    @property
    def minutes_left(self) -> int:
        """Minutes that the rest will take at this speed, at least one; 0: it cannot be told."""
        left = self.progress.total - self.done
        return max(1, round(left / self._a_minute)) if self._a_minute and left else 0

    @property
    def _a_minute(self) -> float:
        took = (now() - self.job.created_at).total_seconds()
        prepared = 60 * self.done / took if took > 0 else 0.0
        return prepared if self.preparing else self.progress.a_minute


@dataclass(frozen=True, slots=True)
class Paper:
    """The document that is looked at, with its pages and, by their numbers, the sizes of those that were read (pixels)."""

    item: Item
    pages: Sequence[Glance]
    sizes: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Queue:
    """Everything on the screen: what waits, what was just signed, the job under way, and the agent."""

    wanted: Wanted
    items: Sequence[Item]
    summary: Summary
    found: Summary
    """As the summary, of what is wanted."""
    groups: Groups
    names: dict[str, str]
    """Patients among the groups, by id."""
    signed: Sequence[Item]
    signed_count: int
    open: Paper | None
    batch: Batch | None
    devices: Sequence[Device]
    online: bool
    most: int
    cloud: Cloud | None = None
    """How a person signs who does not use the agent."""

    @property
    def signed_cells(self) -> Sequence[str]:
        """One cell a document that was just signed."""
        return ["d"] * min(self.signed_count, CELLS)

    @property
    def following(self) -> int | None:
        """Where the next page starts."""
        after = self.wanted.start + PAGE
        return after if after < self.found.documents else None

    def group(self, item: Item) -> str:
        """What an item's group is called by, in the order that is asked for."""
        document, asked = item.card.document, item.signature.asked_at
        keys = {"patient": document.patient_id, "kind": document.kind_code, "ward": item.signature.department}
        return _day(asked) if self.wanted.by == "day" else keys.get(self.wanted.by) or ""


def queue(tx: Transaction, person: Person, wanted: Wanted, most: int, *, whole: bool = True) -> Queue:
    """The queue; without an item named, the first on the page is open. Unless it is the `whole` screen, it is not said what there
    is to narrow by.
    """
    hats, asked = tx.signers.hats(person), asked_of(tx, person)
    jobs = [one for one in tx.signing.jobs(person.id, _EVER) if one.created_at > now() - RECENT]
    devices = tx.signing.devices_of(person.id)
    online = any(one.seen_at and one.seen_at > now() - AGENT_ALIVE for one in devices)
    ended, count = tx.signing.ended([one.id for one in jobs], ENDED, SHOWN)
    about = _About(tx, person, hats)
    items = about.items(asked.page(wanted.narrow, wanted.by, wanted.start, PAGE))
    groups, summary = asked.groups(wanted.narrow) if whole else Groups({}, {}, {}, {}), asked.summary()
    opened = _opened(asked, about, items, wanted.item)
    return Queue(
        wanted=wanted,
        items=items,
        summary=summary,
        found=asked.summary(wanted.narrow) if wanted.narrowed else summary,
        groups=groups,
        names={name: one.name for name, one in tx.patients.many(set(groups.patients)).items()},
        signed=about.items(ended),
        signed_count=count,
        open=_paper(tx, opened) if opened else None,
        batch=_batch(tx, next((one for one in reversed(jobs) if one.state in OPEN), None), online=online),
        devices=devices,
        online=online,
        most=most,
        cloud=cloud(tx, person),
    )


def paper(tx: Transaction, person: Person, signature_id: str) -> Paper | None:
    """A document of the queue; None for one that this person is not asked to sign."""
    found = asked_of(tx, person).find(signature_id)
    return _paper(tx, _About(tx, person, tx.signers.hats(person)).items([found])[0]) if found else None


def _paper(tx: Transaction, item: Item) -> Paper:
    seen = Overview(tx.connection)
    return Paper(item, seen.glances([item.card.id]).get(item.card.id, []), seen.sizes(item.card.id))


_EVER = (*OPEN, JOB, "done", "stopped", "expired")


def _opened(asked: SignQueue, about: _About, items: Sequence[Item], name: str) -> Item | None:
    here = next((one for one in items if name in ("", one.signature.id)), None)
    found = asked.find(name) if name and here is None else None
    return about.items([found])[0] if found else here


def _batch(tx: Transaction, job: Job | None, *, online: bool) -> Batch | None:
    if job is None:
        return None
    progress = tx.signing.progress(job.id)
    return Batch(job, progress, paused=not online and job.state == "claimed")


@dataclass(frozen=True, slots=True)
class _About:
    """What is said beside signatures of one person's queue."""

    tx: Transaction
    person: Person
    hats: Sequence[Hat]

    def items(self, signatures: Sequence[Signature]) -> list[Item]:
        """With their documents. The queue has checked the rights."""
        ids = {one.document_id for one in signatures}
        found = {card.id: card for card in cards(self.tx, self.tx.documents.listed(ids=ids))} if ids else {}
        names = {one.id: one.name for one in self.tx.people.listed()}
        return [Item(one, found[one.document_id], names.get(self._behalf(one, found[one.document_id]), "")) for one in signatures]

    def _behalf(self, signature: Signature, card: Card) -> str:
        """The id of whose name it is, empty for their own."""
        if signature.state != "waiting":
            return signature.behalf_id or ""
        departments = signature.in_departments(card.document.departments)
        hat = worn(self.hats, signature.signer_id, signature.capacity, departments)
        return hat.person_id if hat and hat.person_id != self.person.id else ""


def _day(moment: datetime | None) -> str:
    return moment.astimezone(HERE).date().isoformat() if moment else ""
