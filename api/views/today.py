"""The day as Hôm nay shows it, within the rights of who looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.desk import asked_of
from api.views.batches import Row, rows
from api.views.cards import RUNNING, Card, cards, cells
from domain.documents import Document, State
from domain.people import Person, Role, Sight
from domain.signers import SIGNS, Capacity
from storage.audit import Entry
from storage.orders import Orders, SealWait
from storage.overview import Overview
from storage.proofs import ProofCounts, Proofs
from storage.sign_queue import by_department
from storage.store import Transaction

LANDED = 8
RUNS = 6
TROUBLES = 12
BATCHES = 20
PILE = 44

_BELT: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("accept", (State.RECEIVED,)),
    ("read", (State.PAGED, State.READ)),
    ("review", (State.NEEDS_REVIEW,)),
    ("bind", (State.FILED, State.BOUND)),
    ("sign", (State.AWAITING_SIGNATURE,)),
    ("seal", (State.SIGNED, State.PROVEN)),
)


@dataclass(frozen=True, slots=True)
class Station:
    """One stretch of the belt: its name and how many documents stand there."""

    name: str
    count: int

    @property
    def pile(self) -> int:
        """Sheets drawn."""
        return min(self.count, PILE)


@dataclass(frozen=True, slots=True)
class Run:
    """A document under way: its row of cells, and how many pages are read."""

    document: Document
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wait:
    """How many documents wait for somebody, since when the oldest does, how many are overdue or due soon. `who`: a department, or
    empty.
    """

    count: int
    since: datetime | None
    who: str = ""
    days: int = 0
    overdue: int = 0
    soon: int = 0


@dataclass(frozen=True, slots=True)
class Hour:
    """Pages read in one hour; `part` of the best hour (0..1)."""

    hour: int
    pages: int
    part: float
    now: bool


@dataclass(frozen=True, slots=True)
class Safety:
    """Originals kept; the audit log: the newest sealed moment and entries not yet sealed; documents that no judge of PDF/A has
    passed.
    """

    originals: int
    sealed_at: datetime | None
    unsealed: int
    proofs: ProofCounts


@dataclass(frozen=True, slots=True)
class Day:
    """Everything on the screen."""

    stations: Sequence[Station]
    findable: int
    kept: int
    landed: Sequence[Card]
    running: Sequence[Run]
    review: Wait | None
    sign: Wait | None
    short: Sequence[Row]
    others: Sequence[Wait]
    """What waits for others' signatures, by department: for archive staff all, for who heads departments those."""
    problems: Sequence[Card]
    refused: Sequence[Document]
    duplicates: Sequence[tuple[Entry, Document]]
    hours: Sequence[Hour]
    safety: Safety | None
    seal: SealWait | None = None
    """What waits for the hospital's seal, for archive staff and who keeps it; None: nothing."""


def day(tx: Transaction, person: Person, sight: Sight, now: datetime) -> Day:
    """The day of one person."""
    counts = tx.documents.counts(sight)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    archive = person.role is Role.ARCHIVE
    overview = Overview(tx.connection)
    return Day(
        stations=[Station(name, sum(counts.get(s, 0) for s in states)) for name, states in _BELT if sight.states & set(states)],
        findable=sum(number for state, number in counts.items() if state not in (State.RECEIVED, State.PAGED, State.REJECTED)),
        kept=overview.kept_since(midnight) if archive else counts.get(State.KEPT, 0),
        landed=cards(tx, _landed(tx, sight)),
        running=_running(tx, sight),
        review=_wait(tx, sight, State.NEEDS_REVIEW, now) if archive else None,
        sign=_to_sign(tx, person, now),
        short=[row for row in rows(tx, BATCHES) if (row.missing or 0) > 0] if archive else (),
        others=_others(tx, person, now),
        problems=cards(tx, tx.documents.listed(problem=True, sight=sight, limit=TROUBLES)) if archive else (),
        refused=_refused(tx, sight, midnight) if archive else (),
        duplicates=_duplicates(tx, sight, midnight) if archive else (),
        hours=_hours(overview.read_since(midnight), now) if archive else (),
        safety=_safety(tx, overview) if archive else None,
        seal=_to_seal(tx, person),
    )


def _landed(tx: Transaction, sight: Sight) -> list[Document]:
    shown = [state for state in State if state not in (State.REJECTED, State.WITHDRAWN)]
    return tx.documents.listed(states=shown, sight=sight, newest_first=True, limit=LANDED)


def _running(tx: Transaction, sight: Sight) -> list[Run]:
    found = tx.documents.listed(states=RUNNING, sight=sight, problem=False, limit=RUNS)
    return [Run(one, cells(one.pages_read, one.pages or 1, now=1 if one.state is State.PAGED else 0)) for one in found]


def _wait(tx: Transaction, sight: Sight, state: State, now: datetime) -> Wait:
    return _waits(tx.documents.listed(states=(state,), sight=sight), now)


def _to_sign(tx: Transaction, person: Person, now: datetime) -> Wait | None:
    if person.role not in SIGNS:
        return None
    found = asked_of(tx, person).summary()
    days = (now - found.since).days if found.since else 0
    return Wait(found.documents, found.since, days=days, overdue=found.overdue, soon=found.soon)


def _to_seal(tx: Transaction, person: Person) -> SealWait | None:
    asks = person.role is Role.ARCHIVE or tx.signers.holds(person.id, Capacity.SEAL)
    found = Orders(tx.connection).seal_wait() if asks else None
    return found if found and found.count else None


def _others(tx: Transaction, person: Person, now: datetime) -> list[Wait]:
    found = by_department(tx.connection)
    if person.role is not Role.ARCHIVE:
        headed = [one.departments for one in tx.signers.hats(person) if one.capacity is Capacity.HEAD]
        found = [one for one in found if any(names is None or one.department in names for names in headed)]
    return [
        Wait(one.documents, one.since, one.department, (now - one.since).days if one.since else 0, one.overdue) for one in found
    ]


def _waits(found: list[Document], now: datetime) -> Wait:
    since = min((one.updated_at or one.received_at for one in found), default=None)
    return Wait(len(found), since, days=(now - since).days if since else 0)


def _refused(tx: Transaction, sight: Sight, midnight: datetime) -> list[Document]:
    since = midnight - timedelta(days=2)
    found = tx.documents.listed(states=(State.REJECTED,), sight=sight, newest_first=True, limit=TROUBLES)
    return [one for one in found if one.received_at >= since]


def _duplicates(tx: Transaction, sight: Sight, midnight: datetime) -> list[tuple[Entry, Document]]:
    entries = [one for one in tx.audit.newest(TROUBLES, ("duplicate",)) if one.at >= midnight]
    seen = {one.id: one for one in tx.documents.listed(ids=[e.object for e in entries if e.object], sight=sight)}
    return [(entry, seen[entry.object]) for entry in entries if entry.object in seen]


def _hours(moments: list[datetime], now: datetime) -> list[Hour]:
    counted = Counter(moment.astimezone(now.tzinfo).hour for moment in moments)
    first = min([7, *counted])
    last = max([16, now.hour, *counted])
    best = max(counted.values(), default=1)
    return [Hour(hour, counted[hour], counted[hour] / best, hour == now.hour) for hour in range(first, last + 1)]


def _safety(tx: Transaction, overview: Overview) -> Safety:
    head = tx.audit.head()
    return Safety(overview.originals(), head.at if head else None, tx.audit.unsealed(), Proofs(tx.connection).counts())
