"""The work on certified copies: making one that was asked for, and renewing the proof in one that was issued.

It has a lease and counts its attempts before it begins, as steps do. What a copy waits for, why it ended or why its proof is not
renewed stands in its row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from domain.copies import CertifiedCopy, CopyOrder, CopyStage
from domain.errors import Message
from storage import leases
from storage.clock import now
from storage.copies import TOPIC, CertifiedCopies, order_of
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.signer_tables import certified_copies as copies
from storage.tables import outbox

RENEW = "renew_copy"
FREED: dict[str, Any] = {"lease_owner": None, "lease_until": None}


class CopyWork:
    """Inside a transaction: `CopyWork(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- making

    def claim(self, copy_id: str, owner: str) -> CopyOrder | None:
        """Take the work of making a copy, its attempt counted; None if there is nothing to make, or somebody is at it."""
        Outbox(self._connection).claimed(TOPIC, copy_id)
        return self._order(copy_id) if self._taken(copy_id, owner, CopyStage.ASKED) else None

    def issue(self, copy_id: str, source: str, sha256: str, signed_at: datetime, ends_at: datetime) -> CertifiedCopy:
        """It is in the register from now on, under the next number."""
        number = (self._connection.scalar(select(func.max(copies.c.number))) or 0) + 1
        values = {
            "stage": CopyStage.ISSUED, "number": number, "source": source, "sha256": sha256, "current": sha256,
            "signed_at": signed_at, "ends_at": ends_at,
        }  # fmt: skip
        self._over(copy_id, values)
        issued = CertifiedCopies(self._connection).get(copy_id)
        if issued is None:
            raise LookupError(copy_id)
        return issued

    def end(self, copy_id: str, why: Message | None) -> bool:
        """Nothing comes of it, with the reason; None: nobody wants it any more, also if it could not be made. False if it was
        issued or ended thus meanwhile.
        """
        failed = and_(copies.c.stage == CopyStage.ENDED, copies.c.problem.is_not(None))
        open_ = copies.c.stage == CopyStage.ASKED if why else or_(copies.c.stage == CopyStage.ASKED, failed)
        values = {**FREED, "stage": CopyStage.ENDED, "problem": asdict(why) if why else None}
        return self._connection.execute(update(copies).where(copies.c.id == copy_id, open_).values(values)).rowcount == 1

    def again(self, copy_id: str) -> bool:
        """A person need not wait any longer, or asks once more for what could not be made or renewed; False if nothing is in the
        way of it, or nobody wants it any more.
        """
        hindered = and_(copies.c.id == copy_id, copies.c.problem.is_not(None))
        before = self._connection.scalar(select(copies.c.stage).where(hindered))
        if before is None:
            return False
        stage = {CopyStage.ENDED: CopyStage.ASKED, CopyStage.STUCK: CopyStage.ISSUED}.get(before, before)
        fresh = {"stage": stage, "problem": None, "attempts": 0, "waits": 0}
        self._connection.execute(update(copies).where(copies.c.id == copy_id).values(fresh))
        self._ask(copy_id, stage, urgent=True)
        return True

    # ---- renewing

    def note(self, copy_id: str, ends_at: datetime) -> None:
        """When the proof ends."""
        self._connection.execute(update(copies).where(copies.c.id == copy_id).values(ends_at=ends_at))

    def ask(self, before: datetime, limit: int) -> int:
        """Ask for the renewal of what ends `before` then, the soonest first; returns of how many."""
        asked = select(outbox.c.document_id).where(outbox.c.topic == RENEW)
        due = and_(copies.c.stage == CopyStage.ISSUED, copies.c.ends_at <= before, leases.free(copies.c.lease_until))
        query = select(copies.c.id).where(due, copies.c.id.not_in(asked)).order_by(copies.c.ends_at).limit(limit)
        found = list(self._connection.scalars(query))
        for copy_id in found:
            Outbox(self._connection).add(RENEW, copy_id)
        return len(found)

    def claim_renewal(self, copy_id: str, owner: str) -> tuple[CertifiedCopy, int, int] | None:
        """Take the renewal of a copy; with the attempts, this one counted, and the waits for absent parts."""
        Outbox(self._connection).claimed(RENEW, copy_id)
        copy = CertifiedCopies(self._connection).get(copy_id) if self._taken(copy_id, owner, CopyStage.ISSUED) else None
        if copy is None:
            return None
        row = self._connection.execute(select(copies.c.attempts, copies.c.waits).where(copies.c.id == copy_id)).one()
        return copy, row.attempts, row.waits

    def renewed(self, copy_id: str, sha256: str, ends_at: datetime) -> None:
        """These bytes are the copy's newest."""
        self._over(copy_id, {"current": sha256, "ends_at": ends_at})

    def stick(self, copy_id: str, why: Message) -> bool:
        """The proof cannot be renewed: a person must see to it. Returns whether that is news."""
        return self._over(copy_id, {"stage": CopyStage.STUCK, "problem": asdict(why)}, copies.c.stage == CopyStage.ISSUED)

    # ---- both

    def holds(self, copy_id: str, owner: str) -> bool:
        """Whether this worker still has the work."""
        mine = select(copies.c.id).where(copies.c.id == copy_id, copies.c.lease_owner == owner)
        return self._connection.scalar(mine) is not None

    def hold(self, copy_id: str, owner: str) -> None:
        """Hold the lease longer."""
        mine = and_(copies.c.id == copy_id, copies.c.lease_owner == owner)
        self._connection.execute(update(copies).where(mine).values(lease_until=now() + LEASE))

    def rest(self, copy_id: str, until: datetime, waiting: Message | None) -> None:
        """Give the work back until later; `waiting`: for what, and the attempt then does not count."""
        values: dict[str, Any] = {**FREED, "problem": asdict(waiting) if waiting else None}
        if waiting:
            values |= {"attempts": copies.c.attempts - 1, "waits": copies.c.waits + 1}
        self._connection.execute(update(copies).where(copies.c.id == copy_id).values(values))
        stage = self._connection.scalar(select(copies.c.stage).where(copies.c.id == copy_id))
        self._ask(copy_id, stage, urgent=stage == CopyStage.ASKED, due_at=until)

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, copies.c.lease_owner)

    def take_back(self, dead: Iterable[str]) -> int:
        """Ask anew for what workers that died, or whose lease ran out, have left; returns how much. Attempts stay."""
        gone = or_(leases.ran_out(copies.c.lease_until), copies.c.lease_owner.in_(list(dead)))
        query = select(copies.c.id, copies.c.stage).where(copies.c.lease_owner.is_not(None), gone)
        found = self._connection.execute(query).all()
        for copy_id, stage in found:
            self._connection.execute(update(copies).where(copies.c.id == copy_id).values(FREED))
            self._ask(copy_id, stage, urgent=stage == CopyStage.ASKED)
        return len(found)

    def _taken(self, copy_id: str, owner: str, stage: CopyStage) -> bool:
        open_ = and_(copies.c.id == copy_id, copies.c.stage == stage, leases.free(copies.c.lease_until))
        values = {"lease_owner": owner, "lease_until": now() + LEASE, "attempts": copies.c.attempts + 1}
        return self._connection.execute(update(copies).where(open_).values(values)).rowcount == 1

    def _ask(self, copy_id: str, stage: CopyStage | None, *, urgent: bool, due_at: datetime | None = None) -> None:
        """A worker is asked to make what was asked for, or to renew what was issued."""
        topic = TOPIC if stage == CopyStage.ASKED else RENEW
        Outbox(self._connection).add(topic, copy_id, urgent=urgent, due_at=due_at)

    def _order(self, copy_id: str) -> CopyOrder:
        return order_of(self._connection.execute(select(copies).where(copies.c.id == copy_id)).one()._mapping)

    def _over(self, copy_id: str, values: dict[str, Any], *still: ColumnElement[bool]) -> bool:
        """The work is done; returns whether the copy was there, `still` as it was."""
        done = {**FREED, "problem": None, "attempts": 0, "waits": 0, **values}
        return self._connection.execute(update(copies).where(copies.c.id == copy_id, *still).values(done)).rowcount == 1
