"""Until when the proof in each proven document lasts, and the work of renewing it.

A row belongs to certain bytes of its document: where those are no longer its newest it counts no more. The work has a lease and
counts its attempts before it begins, as steps do; what went wrong for good is the document's problem, as a step's is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, or_, select, update

from domain.documents import State
from domain.lasting import ChainCount, Ends, Outlook
from storage import leases
from storage.clock import now
from storage.documents import Documents
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.tables import documents, lasting, outbox, versions

TOPIC = "renew"
PROVEN_KINDS = ("proven", "renewed")
PROVEN_STATES = (State.PROVEN, State.KEPT)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A claimed renewal: of which bytes, how their proof ends, the attempts including this one, the waits for absent parts."""

    document_id: str
    sha256: str
    ends: Ends
    attempts: int
    waits: int


class Lasting:
    """Inside a transaction: `Lasting(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, document_id: str, sha256: str, ends: Ends) -> None:
        """These bytes are the document's newest, and their proof ends thus; what was being done about the ones before is over."""
        self._connection.execute(delete(lasting).where(lasting.c.document_id == document_id))
        row = {
            "document_id": document_id, "sha256": sha256, "ends_at": ends.at, "what": ends.what, "dates_at": ends.dates,
            "authority": ends.authority, "chain": ends.chain, "attempts": 0, "waits": 0,
        }  # fmt: skip
        self._connection.execute(insert(lasting).values(row))

    def unknown(self, limit: int) -> list[tuple[str, str]]:
        """Proven documents of ours of whose newest bytes nothing is noted yet: ids, and names of the bytes."""
        same = and_(lasting.c.document_id == documents.c.id, lasting.c.sha256 == documents.c.current)
        query = (
            select(documents.c.id, documents.c.current)
            .join(versions, and_(versions.c.document_id == documents.c.id, versions.c.sha256 == documents.c.current))
            .join(lasting, same, isouter=True)
            .where(documents.c.state.in_(PROVEN_STATES), versions.c.kind.in_(PROVEN_KINDS), lasting.c.document_id.is_(None))
            .where(documents.c.problem.is_(None))
            .order_by(documents.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).tuples())

    def ask(self, before: datetime, moment: datetime, limit: int) -> int:
        """Ask for the renewal of what ends `before` then, the soonest first; returns of how many. What rests or is asked for
        already is left out, and what has a problem.
        """
        asked = select(outbox.c.document_id).where(outbox.c.topic == TOPIC)
        rested = or_(lasting.c.retry_at.is_(None), lasting.c.retry_at <= moment)
        query = (
            select(lasting.c.document_id)
            .join(documents, documents.c.id == lasting.c.document_id)
            .where(_counts(), lasting.c.ends_at <= before, rested, _free(), documents.c.problem.is_(None))
            .where(lasting.c.document_id.not_in(asked))
            .order_by(lasting.c.ends_at, lasting.c.document_id)
            .limit(limit)
        )
        found = list(self._connection.scalars(query))
        for document_id in found:
            Outbox(self._connection).add(TOPIC, document_id)
        return len(found)

    def claim(self, document_id: str, owner: str, before: datetime) -> Renewal | None:
        """Take the renewal of a document and count the attempt; None if there is nothing to renew, or somebody is at it."""
        Outbox(self._connection).claimed(TOPIC, document_id)
        standing = select(documents.c.id).where(documents.c.id == document_id, _counts(), documents.c.problem.is_(None))
        query = update(lasting).where(
            lasting.c.document_id == document_id, lasting.c.ends_at <= before, _free(), standing.exists()
        )  # fmt: skip
        values = {"lease_owner": owner, "lease_until": now() + LEASE, "attempts": lasting.c.attempts + 1}
        if self._connection.execute(query.values(values)).rowcount != 1:
            return None
        row = self._connection.execute(select(lasting).where(lasting.c.document_id == document_id)).one()
        ends = Ends(row.ends_at, row.what, row.dates_at, row.authority, row.chain)
        return Renewal(document_id, row.sha256, ends, row.attempts, row.waits)

    def holds(self, document_id: str, owner: str) -> bool:
        """Whether this worker still has the renewal."""
        mine = select(lasting.c.document_id).where(lasting.c.document_id == document_id, lasting.c.lease_owner == owner)
        return self._connection.scalar(mine) is not None

    def hold(self, document_id: str, owner: str) -> None:
        """Hold the lease longer."""
        mine = and_(lasting.c.document_id == document_id, lasting.c.lease_owner == owner)
        self._connection.execute(update(lasting).where(mine).values(lease_until=now() + LEASE))

    def rest(self, document_id: str, until: datetime | None, waiting: str | None) -> None:
        """Give the work back until later; `waiting`: for which absent part (code), and the attempt then does not count."""
        values: dict[str, Any] = {"lease_owner": None, "lease_until": None, "retry_at": until, "waiting": waiting}
        if waiting:
            values |= {"attempts": lasting.c.attempts - 1, "waits": lasting.c.waits + 1}
        self._connection.execute(update(lasting).where(lasting.c.document_id == document_id).values(values))

    def again(self, document_id: str) -> None:
        """Forget what was tried, and by whom."""
        fresh = {"attempts": 0, "waits": 0, "retry_at": None, "waiting": None, "lease_owner": None, "lease_until": None}
        self._connection.execute(update(lasting).where(lasting.c.document_id == document_id).values(fresh))

    def troubled(self) -> list[str]:
        """Documents whose proof could not be renewed: a person must see to them."""
        query = select(documents.c.id).join(lasting, lasting.c.document_id == documents.c.id)
        return list(self._connection.scalars(query.where(_counts(), documents.c.problem.is_not(None)).order_by(documents.c.id)))

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, lasting.c.lease_owner)

    def take_back(self, dead: Iterable[str]) -> int:
        """Take leases from workers that have died, or that ran out; returns how many. The attempt stays counted."""
        gone = and_(lasting.c.lease_owner.is_not(None), or_(_free(), lasting.c.lease_owner.in_(list(dead))))
        return self._connection.execute(update(lasting).where(gone).values(lease_owner=None, lease_until=None)).rowcount

    def outlook(self, before: datetime) -> Outlook:
        """What ends when; `before`: what ends by then is due."""
        number, since = self._unproven()
        return Outlook(tuple(self._chains(before)), number, since, tuple(self.troubled()))

    def try_again(self, actor: str) -> int:
        """A person asks to renew once more what could not be renewed; returns how many documents that are."""
        troubled = self.troubled()
        for document_id in troubled:
            papers = Documents(self._connection)
            papers.try_again(papers.get(document_id), actor)
        return len(troubled)

    def _chains(self, before: datetime) -> list[ChainCount]:
        key, count = (lasting.c.chain, lasting.c.authority), func.count()
        due = func.sum(case((lasting.c.ends_at <= before, 1), else_=0))
        problems = func.sum(case((documents.c.problem.is_not(None), 1), else_=0))
        query = select(*key, func.min(lasting.c.what), func.min(lasting.c.ends_at), count, due, problems)
        query = query.join(documents, documents.c.id == lasting.c.document_id).where(_counts()).group_by(*key)
        waiting = self._waiting()
        rows = self._connection.execute(query.order_by(func.min(lasting.c.ends_at)))
        return [
            ChainCount(authority, chain, number, ends_at, what, soon, waiting.get(chain, {}), stopped)
            for chain, authority, what, ends_at, number, soon, stopped in rows
        ]

    def _waiting(self) -> dict[str, dict[str, int]]:
        """How many wait for what, by chain."""
        query = select(lasting.c.chain, lasting.c.waiting, func.count())
        query = query.join(documents, documents.c.id == lasting.c.document_id).where(_counts(), lasting.c.waiting.is_not(None))
        found: dict[str, dict[str, int]] = {}
        for chain, code, number in self._connection.execute(query.group_by(lasting.c.chain, lasting.c.waiting)):
            found.setdefault(chain, {})[code] = number
        return found

    def _unproven(self) -> tuple[int, datetime | None]:
        query = select(func.count(), func.min(documents.c.updated_at)).where(documents.c.state == State.SIGNED)
        number, since = self._connection.execute(query).one()
        return int(number), since


def _counts() -> ColumnElement[bool]:
    return and_(lasting.c.sha256 == documents.c.current, documents.c.state.in_(PROVEN_STATES))


def _free() -> ColumnElement[bool]:
    return leases.free(lasting.c.lease_until)
