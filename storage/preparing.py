"""Jobs that a worker prepares for signing, one document after the other, before they go to the desk.

A job in state `preparing` holds its signatures in state `preparing`; each becomes `prepared`, or waits again with the reason. The
work has a lease, and counts the attempts of each signature before they begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from domain.errors import Message
from storage import leases
from storage.clock import now
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.signing import JOB_LASTS, PREPARING, WAITING, Job, Signature, Signing, read_signature
from storage.tables import sign_jobs, signatures

TOPIC = "prepare"


class Preparing:
    """Inside a transaction: `Preparing(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, person_id: str, signature_ids: Sequence[str]) -> Job | None:
        """A new job of these signatures, in this order; a worker is asked for. None if one of them waits no longer: then nothing
        of it may be committed.
        """
        job = Signing(self._connection).open_job(person_id, PREPARING)
        for place, signature_id in enumerate(signature_ids):
            values = {"state": PREPARING, "job_id": job.id, "problem": None, "place": place, "attempts": 0}
            waits = and_(signatures.c.id == signature_id, signatures.c.state == WAITING)
            if self._connection.execute(update(signatures).where(waits).values(values)).rowcount != 1:
                return None
        self._ask(job.id)
        return job

    def claim(self, job_id: str, owner: str) -> Job | None:
        """Take the work of preparing a job; None if there is nothing to prepare, or somebody is at it."""
        Outbox(self._connection).claimed(TOPIC, job_id)
        open_ = and_(sign_jobs.c.id == job_id, sign_jobs.c.state == PREPARING, leases.free(sign_jobs.c.lease_until))
        values = {"lease_owner": owner, "lease_until": now() + LEASE, "waiting": None}
        if self._connection.execute(update(sign_jobs).where(open_).values(values)).rowcount != 1:
            return None
        return Signing(self._connection).job(job_id)

    def holds(self, job_id: str, owner: str) -> bool:
        """Whether this worker still has the job, which is still to be prepared."""
        found = self._connection.scalar(select(sign_jobs.c.id).where(_mine(job_id, owner)))
        return found is not None

    def hold(self, job_id: str, owner: str) -> None:
        """Hold the lease longer."""
        self._connection.execute(update(sign_jobs).where(_mine(job_id, owner)).values(lease_until=now() + LEASE))

    def next(self, job_id: str) -> Signature | None:
        """The next signature to prepare, its attempt counted; None: all are done."""
        one = and_(signatures.c.job_id == job_id, signatures.c.state == PREPARING)
        query = select(signatures).where(one).order_by(signatures.c.place, signatures.c.id).limit(1)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        attempts = row.attempts + 1
        self._connection.execute(update(signatures).where(signatures.c.id == row.id).values(attempts=attempts))
        return read_signature(row, attempts=attempts)

    def offer(self, job_id: str) -> None:
        """All is prepared: the job waits for its person, as long as any job does."""
        values = {"state": "pending", "expires_at": now() + JOB_LASTS, "lease_owner": None, "lease_until": None}
        self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job_id).values(values))

    def rest(self, job_id: str, until: datetime, waiting: Message) -> None:
        """Give the work back until later, since a part is away; the attempt under way does not count."""
        values = {"lease_owner": None, "lease_until": None, "waits": sign_jobs.c.waits + 1, "waiting": asdict(waiting)}
        self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job_id).values(values))
        begun = and_(signatures.c.job_id == job_id, signatures.c.state == PREPARING, signatures.c.attempts > 0)
        self._connection.execute(update(signatures).where(begun).values(attempts=signatures.c.attempts - 1))
        self._ask(job_id, until)

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, sign_jobs.c.lease_owner)

    def take_back(self, dead: Iterable[str]) -> int:
        """Ask anew for what workers that died, or whose lease ran out, have left; returns how many jobs. Attempts stay."""
        gone = or_(leases.ran_out(sign_jobs.c.lease_until), sign_jobs.c.lease_owner.in_(list(dead)))
        query = select(sign_jobs.c.id).where(sign_jobs.c.state == PREPARING, sign_jobs.c.lease_owner.is_not(None), gone)
        found = list(self._connection.scalars(query))
        for job_id in found:
            free = {"lease_owner": None, "lease_until": None}
            self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job_id).values(free))
            self._ask(job_id)
        return len(found)

    def _ask(self, job_id: str, due_at: datetime | None = None) -> None:
        Outbox(self._connection).add(TOPIC, job_id, urgent=True, due_at=due_at)


def _mine(job_id: str, owner: str) -> ColumnElement[bool]:
    return and_(sign_jobs.c.id == job_id, sign_jobs.c.lease_owner == owner, sign_jobs.c.state == PREPARING)
