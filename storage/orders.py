"""Who signs with which provider, and orders: signatures that a provider is asked for with one approval.

An order is `new` (one of the seal, whose halves are to be made), `ready` (its halves are made, and the provider may be asked),
`asks` (the person must type something first), `open` (the provider was asked, the person decides), `signed` (the values are
there, the files are to be finished), and in the end `done` or `ended` (with the reason). A person's orders come one after the
other. The work has a lease and counts its attempts, as every work has; `begun` says that a question was put whose answer is not
known. Secrets are never here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, true, update

from domain.documents import State
from domain.errors import Message
from domain.signers import Capacity
from storage import leases
from storage.clock import new_id, now
from storage.database import insert_new
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.signing import BEING_SIGNED, PREPARING, SENT, WAITING, Job, Signature, Signing, read_signature
from storage.tables import documents, orders, outbox, provider_ways, sign_jobs, signatures

TOPIC = "order"
SEAL = "seal"
"""The provider of the hospital's seal; its orders are nobody's, or of the person who pressed the button."""
JOB = "ordered"
"""State of the job that holds a person's order: no agent takes it."""
NEW, ASKS, READY, OPEN, SIGNED, DONE, ENDED = "new", "asks", "ready", "open", "signed", "done", "ended"
UNDER_WAY = (NEW, ASKS, READY, OPEN, SIGNED)
Whose = Literal["worker", "dispatcher", "person"]
"""Whose turn it is: making files, and the seal, takes a worker; asking a provider, and looking for its answer, takes patience,
which is the dispatcher's; typing takes the person.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """With which provider a person signs: `account` as it knows them, `credential` if they have several there."""

    person_id: str
    provider: str
    account: str
    credential: str = ""
    login_state: str | None = None
    """What the browser must bring back from the provider's login page."""


@dataclass(frozen=True, slots=True)
class SignOrder:
    """An order. `person_id`: whose it is; None: the hospital's seal, put by itself. `asks`: what the person must do
    (`keys.Asks`). `kept`: the provider's transaction. `problem`: what it waits for, or why it ended.
    """

    id: str
    provider: str
    account: str
    credential: str
    person_id: str | None
    state: str
    asks: tuple[str, ...]
    begun: bool
    kept: dict[str, Any] | None
    problem: Message | None
    created_at: datetime
    attempts: int
    waits: int
    retry_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None

    @property
    def seals(self) -> bool:
        """Whether it is for the hospital's seal."""
        return self.provider == SEAL


@dataclass(frozen=True, slots=True)
class SealWait:
    """How many documents wait for the seal, those in an order of it among them, and what it waits for itself."""

    count: int
    problem: Message | None


class Orders:
    """Inside a transaction: `Orders(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- who signs with what

    def way(self, person_id: str) -> Way | None:
        """With what a person signs; None: with the desk agent."""
        return next(iter(self._ways(provider_ways.c.person_id == person_id)), None)

    def ways(self) -> dict[str, Way]:
        """All that are set, by person."""
        return {one.person_id: one for one in self._ways()}

    def set_way(self, way: Way) -> None:
        """From now on they sign so."""
        values = asdict(way)
        query = insert_new(self._connection, provider_ways).values(values)
        self._connection.execute(query.on_conflict_do_update(index_elements=["person_id"], set_=values))

    def drop_way(self, person_id: str) -> None:
        """From now on they sign with the desk agent."""
        self._connection.execute(delete(provider_ways).where(provider_ways.c.person_id == person_id))

    # ---- orders

    def open(self, job: Job, way: Way) -> SignOrder:
        """A person's job whose halves are made is ordered as this way says, under its own id."""
        self._insert(job.id, way, job.person_id, READY)
        self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job.id).values(state=JOB))
        return self.get(job.id)

    def part(self, order: SignOrder, taken: Sequence[str]) -> SignOrder:
        """Another order, after this one, for some of its signatures."""
        job = Signing(self._connection).open_job(str(order.person_id), JOB)
        for signature_id in taken:
            Signing(self._connection).set(signature_id, job_id=job.id)
        return self.open(job, Way(str(order.person_id), order.provider, order.account, order.credential))

    def open_seal(self, taken: Iterable[str], person_id: str | None = None) -> SignOrder:
        """A new order of the hospital's seal for signatures that wait; `person_id`: who pressed the button."""
        order_id = new_id()
        self._insert(order_id, Way("", SEAL, ""), person_id, NEW)
        for signature_id in taken:
            Signing(self._connection).set(signature_id, state=PREPARING, job_id=order_id, prepared=None, problem=None)
        return self.get(order_id)

    def get(self, order_id: str) -> SignOrder:
        """One order."""
        return self._many(orders.c.id == order_id)[0]

    def of(self, person_id: str) -> list[SignOrder]:
        """What a person's orders under way are, oldest first."""
        mine = and_(orders.c.person_id == person_id, orders.c.provider != SEAL, orders.c.state.in_(UNDER_WAY))
        return self._many(mine)

    def last(self, person_id: str) -> SignOrder | None:
        """The newest of a person's orders, however it stands."""
        mine = and_(orders.c.person_id == person_id, orders.c.provider != SEAL)
        newest = select(func.max(orders.c.id)).where(mine).scalar_subquery()
        return next(iter(self._many(orders.c.id == newest)), None)

    def sealing(self) -> list[SignOrder]:
        """The orders of the seal that are under way."""
        return self._many(and_(orders.c.provider == SEAL, orders.c.state.in_(UNDER_WAY)))

    def items(self, order_id: str, states: Sequence[str] = SENT) -> list[Signature]:
        """What of an order is still to be signed."""
        there = and_(signatures.c.job_id == order_id, signatures.c.state.in_(states))
        rows = self._connection.execute(select(signatures).where(there).order_by(signatures.c.id))
        return [read_signature(row) for row in rows]

    def forgotten(self) -> list[SignOrder]:
        """Orders for which the person should have typed something by now."""
        return self._many(and_(orders.c.state == ASKS, orders.c.retry_at < now(), _free()))

    def due(self, whose: Whose, limit: int) -> list[str]:
        """Orders that may be worked at, of a person only the oldest."""
        earlier = orders.alias()
        before = select(earlier.c.id).where(
            earlier.c.person_id == orders.c.person_id, earlier.c.provider != SEAL, orders.c.provider != SEAL,
            earlier.c.state.in_(UNDER_WAY), earlier.c.id < orders.c.id,
        )  # fmt: skip
        query = select(orders.c.id).where(_turn(whose), _rested(), _free(), ~before.exists())
        return list(self._connection.scalars(query.order_by(orders.c.id).limit(limit)))

    def ask(self, limit: int) -> int:
        """Ask workers for what is due for them and not asked for already; returns how much."""
        asked = set(self._connection.scalars(select(outbox.c.document_id).where(outbox.c.topic == TOPIC)))
        found = [one for one in self.due("worker", limit + len(asked)) if one not in asked][:limit]
        for order_id in found:
            Outbox(self._connection).add(TOPIC, order_id, urgent=True)
        return len(found)

    def claim(self, order_id: str, whose: Whose, owner: str) -> SignOrder | None:
        """Take an order and count the attempt; None if it is somebody else's turn, or rests, or somebody is at it."""
        Outbox(self._connection).claimed(TOPIC, order_id)
        rested = _rested() if whose != "person" else true()
        free = and_(orders.c.id == order_id, _turn(whose), rested, _free())
        values = {"lease_owner": owner, "lease_until": now() + LEASE, "attempts": orders.c.attempts + 1}
        claimed = self._connection.execute(update(orders).where(free).values(values)).rowcount == 1
        return self.get(order_id) if claimed else None

    def count(self, order_id: str, attempts: int) -> None:
        """So many attempts were made at it already, as part of another."""
        self._connection.execute(update(orders).where(orders.c.id == order_id).values(attempts=attempts))

    def hold(self, order_id: str, owner: str) -> None:
        """Hold the lease longer."""
        self._connection.execute(update(orders).where(_mine(order_id, owner)).values(lease_until=now() + LEASE))

    def holds(self, order_id: str, owner: str) -> bool:
        """Whether it is still this worker's, and under way."""
        return self._connection.scalar(select(orders.c.id).where(_mine(order_id, owner))) is not None

    def note(self, order_id: str, owner: str, **values: Any) -> bool:
        """Write down what became of it, and go on holding it; False, and nothing written, if somebody has ended it meanwhile."""
        return self._connection.execute(update(orders).where(_mine(order_id, owner)).values(values)).rowcount == 1

    def put(self, order_id: str, state: str, **values: Any) -> None:
        """It goes on to another state, whoever held it: attempts and waits begin anew."""
        fresh = {"attempts": 0, "waits": 0, "retry_at": None, "problem": None, "lease_owner": None, "lease_until": None}
        query = update(orders).where(orders.c.id == order_id, orders.c.state.in_(UNDER_WAY))
        self._connection.execute(query.values({**fresh, **values, "state": state}))

    def rest(self, order_id: str, until: datetime, problem: Message | None, *, counts: bool) -> None:
        """Give it back until later; `counts`: the attempt was a failure, and no wait for an absent part."""
        values: dict[str, Any] = {
            "lease_owner": None, "lease_until": None, "retry_at": until, "problem": asdict(problem) if problem else None,
        }  # fmt: skip
        if not counts:
            values |= {"attempts": 0, "waits": orders.c.waits + 1}
        under_way = and_(orders.c.id == order_id, orders.c.state.in_(UNDER_WAY))
        self._connection.execute(update(orders).where(under_way).values(values))

    def again_now(self, provider: str) -> int:
        """Who waits for a provider need wait no longer; returns how many orders that are."""
        resting = and_(orders.c.provider == provider, orders.c.state.in_(UNDER_WAY), orders.c.retry_at.is_not(None))
        return self._connection.execute(update(orders).where(resting).values(retry_at=None)).rowcount

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, orders.c.lease_owner)

    def take_back(self, dead: Iterable[str]) -> int:
        """Take leases from processes that have died, or that ran out; returns how many. The attempt stays counted."""
        gone = and_(orders.c.lease_owner.is_not(None), or_(_free(), orders.c.lease_owner.in_(list(dead))))
        return self._connection.execute(update(orders).where(gone).values(lease_owner=None, lease_until=None)).rowcount

    # ---- the seal's queue

    def to_seal(self, limit: int | None = None, among: Sequence[str] | None = None) -> list[Signature]:
        """Signatures that wait for the hospital's seal, the oldest first, `among` some: whose turn it is, with nothing wrong."""
        query = select(signatures).join(documents, documents.c.id == signatures.c.document_id).where(_seals())
        if among is not None:
            query = query.where(signatures.c.id.in_(among))
        rows = self._connection.execute(query.order_by(signatures.c.asked_at, signatures.c.id).limit(limit))
        return [read_signature(row) for row in rows]

    def seal_wait(self) -> SealWait:
        """What waits for the seal now."""
        query = select(func.count()).select_from(signatures).join(documents, documents.c.id == signatures.c.document_id)
        waiting = self._connection.scalar(query.where(_seals())) or 0
        sealing = self.sealing()
        ordered = and_(signatures.c.job_id.in_([one.id for one in sealing]), signatures.c.state.in_(SENT))
        under_way = self._connection.scalar(select(func.count()).select_from(signatures).where(ordered)) or 0
        return SealWait(waiting + under_way, next((one.problem for one in sealing if one.problem), None))

    def count_sealed(self, since: datetime) -> int:
        """How many documents were sealed since then."""
        made = and_(signatures.c.capacity == Capacity.SEAL, signatures.c.state == "signed", signatures.c.signed_at >= since)
        return self._connection.scalar(select(func.count()).select_from(signatures).where(made)) or 0

    def sealed(self, limit: int) -> list[Signature]:
        """What was sealed last."""
        made = and_(signatures.c.capacity == Capacity.SEAL, signatures.c.state == "signed", signatures.c.replaced.is_(None))
        rows = self._connection.execute(select(signatures).where(made).order_by(signatures.c.signed_at.desc()).limit(limit))
        return [read_signature(row) for row in rows]

    def _insert(self, order_id: str, way: Way, person_id: str | None, state: str) -> None:
        row: dict[str, Any] = {
            "id": order_id, "provider": way.provider, "account": way.account, "credential": way.credential,
            "person_id": person_id, "state": state, "asks": [], "begun": False, "created_at": now(), "attempts": 0, "waits": 0,
        }  # fmt: skip
        self._connection.execute(insert(orders).values(row))

    def _ways(self, *conditions: ColumnElement[bool]) -> list[Way]:
        return [Way(**row._mapping) for row in self._connection.execute(select(provider_ways).where(*conditions))]

    def _many(self, condition: ColumnElement[bool]) -> list[SignOrder]:
        rows = self._connection.execute(select(orders).where(condition).order_by(orders.c.id))
        return [_order(dict(row._mapping)) for row in rows]


def _order(values: dict[str, Any]) -> SignOrder:
    problem = values["problem"]
    return SignOrder(**{**values, "asks": tuple(values["asks"]), "problem": Message(**problem) if problem else None})


def _seals() -> ColumnElement[bool]:
    others = signatures.alias()
    under_way = select(others.c.id).where(
        others.c.document_id == signatures.c.document_id, others.c.replaced.is_(None),
        others.c.state.in_(BEING_SIGNED),
    )  # fmt: skip
    return and_(
        signatures.c.capacity == Capacity.SEAL, signatures.c.state == WAITING, signatures.c.replaced.is_(None),
        documents.c.state == State.AWAITING_SIGNATURE, documents.c.problem.is_(None), ~under_way.exists(),
    )  # fmt: skip


def _turn(whose: Whose) -> ColumnElement[bool]:
    seal = orders.c.provider == SEAL
    match whose:
        case "worker":
            return or_(orders.c.state.in_((NEW, SIGNED)), and_(seal, orders.c.state == READY))
        case "dispatcher":
            return and_(~seal, orders.c.state.in_((READY, OPEN)))
        case "person":
            return and_(~seal, orders.c.state.in_((ASKS, OPEN)))


def _rested() -> ColumnElement[bool]:
    return or_(orders.c.retry_at.is_(None), orders.c.retry_at <= now())


def _free() -> ColumnElement[bool]:
    return leases.free(orders.c.lease_until)


def _mine(order_id: str, owner: str) -> ColumnElement[bool]:
    return and_(orders.c.id == order_id, orders.c.lease_owner == owner, orders.c.state.in_(UNDER_WAY))
