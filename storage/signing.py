"""Who must sign what, the doctors' devices, and the jobs that travel to them and back.

A signature stands back until its turn comes (`later`), waits (`waiting`), is sent (`preparing`, see `preparing.py`), goes out in
a job (`prepared`, with the storable first half), comes back (`received`), is `signed`, or is `refused`; a job that was not
finished in time gives its signatures back. A job is claimed once, by one device. When a signed version is replaced, its
signatures stay on record as of that version and count no longer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from domain.documents import Document, State
from domain.signatures import SigningRule
from domain.signers import VOID
from storage.clock import new_id, now
from storage.tables import devices, nonces, pairing_codes, sign_jobs, signatures, signing_rules

CODE_LASTS = timedelta(minutes=5)
JOB_LASTS = timedelta(minutes=15)
WAITING, LATER, REFUSED = "waiting", "later", "refused"
PREPARING = "preparing"
SENT = (PREPARING, "prepared")
"""In a job, and not yet signed."""
BEING_SIGNED = (*SENT, "received")
OPEN = (PREPARING, "pending", "claimed")
"""States of a job of the desk that is not over."""
NONCE_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature a document needs or had. `signer_id` None: anybody with that capacity in `department`, or, where that is
    empty, in any of the patient's. `seen`: numbers of the pages looked at.
    """

    id: str
    document_id: str
    field: str
    capacity: str
    signer_id: str | None
    state: str
    job_id: str | None
    prepared: dict[str, Any] | None
    seen: tuple[int, ...]
    signed_at: datetime | None
    problem: dict[str, str] | None
    replaced: str | None = None
    """SHA-256 of the signed bytes it belongs to, once a newer version replaced them."""
    department: str = ""
    step: int = 1
    days: int | None = None
    asked_at: datetime | None = None
    """Since when it is its turn."""
    due_at: datetime | None = None
    signed_by: str | None = None
    """Who signed it, or whose value waits for its time stamp."""
    behalf_id: str | None = None
    """In whose name it is signed, if not in the signer's own."""
    reason: str | None = None
    """Why the document is made void; only of that signature."""
    place: int = 0
    """In its job."""
    attempts: int = 0
    """How often it was begun to prepare it for its job."""

    def in_departments(self, patients: Iterable[str]) -> frozenset[str]:
        """The department it is asked in, or, where that is not known, those of the patient."""
        return frozenset([self.department] if self.department else patients)

    def recallable(self, document: Document) -> bool:
        """Whether it is the newest signature of its document, which is not proven yet."""
        newest = self.signed_as is not None and self.signed_as == document.current
        return newest and self.field != VOID and document.state in (State.AWAITING_SIGNATURE, State.SIGNED)

    @property
    def begun(self) -> bool:
        """Whether somebody has done more than being asked."""
        return self.state not in (WAITING, LATER, REFUSED)

    @property
    def signed_as(self) -> str | None:
        """SHA-256 of the bytes that it made, once it is signed."""
        return (self.prepared or {}).get("signed") if self.state == "signed" else None


@dataclass(frozen=True, slots=True)
class Device:
    """A paired agent. `public_key`: base64 DER (P-256)."""

    id: str
    person_id: str
    name: str
    public_key: str
    paired_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Job:
    """A batch for one person's agent: state `preparing`, `pending`, `claimed`, `ordered` (with a provider), `done`, `stopped`,
    `expired`, or `refused` (nothing of it could be prepared). `waiting`: for what the preparing waits (code, vi, en), `waits`
    times until now.
    """

    id: str
    person_id: str
    device_id: str | None
    state: str
    created_at: datetime
    expires_at: datetime
    waits: int = 0
    waiting: dict[str, str] | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: signatures in it, those made, how many a minute were made lately (0: it cannot be told), and those that
    are still to be prepared.
    """

    total: int
    done: int
    a_minute: float = 0.0
    preparing: int = 0


class Signing:
    """Signing inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- rules and signatures

    def rules(self) -> list[SigningRule]:
        """All rules."""
        order = signing_rules.c.kind_code, signing_rules.c.department, signing_rules.c.step, signing_rules.c.field
        return [SigningRule(**row._mapping) for row in self._connection.execute(select(signing_rules).order_by(*order))]

    def set_rules(self, rules: Iterable[SigningRule]) -> None:
        """Replace all rules."""
        self._connection.execute(delete(signing_rules))
        rows = [asdict(rule) for rule in rules]
        if rows:
            self._connection.execute(insert(signing_rules), rows)

    def ask(self, document_id: str, rules: Iterable[SigningRule]) -> None:
        """Ask for the signatures the rules name (`domain.signers.asked`); those asked for before stay."""
        there = {signature.field for signature in self.of(document_id)}
        for rule in rules:
            if rule.field not in there:
                row: dict[str, Any] = {
                    "id": new_id(), "document_id": document_id, "field": rule.field, "capacity": rule.capacity, "state": LATER,
                    "seen": [], "signer_id": rule.signer_id, "department": rule.department, "step": rule.step, "days": rule.days,
                }  # fmt: skip
                self._connection.execute(insert(signatures).values(row))
        self.take_turns(document_id)

    def ask_void(self, document_id: str, rule: SigningRule, signer_id: str, reason: str) -> None:
        """Ask somebody for the signature that makes a document void."""
        row = {
            "id": new_id(), "document_id": document_id, "field": rule.field, "capacity": rule.capacity, "state": WAITING,
            "seen": [], "signer_id": signer_id, "department": rule.department, "step": rule.step, "days": rule.days,
            "asked_at": now(), "due_at": now() + timedelta(days=rule.days) if rule.days else None, "reason": reason,
        }  # fmt: skip
        self._connection.execute(insert(signatures).values(row))

    def voided(self, document_ids: Iterable[str]) -> dict[str, Signature]:
        """Which of these documents are void, by what signature."""
        made = and_(signatures.c.field == VOID, signatures.c.state == "signed", signatures.c.replaced.is_(None))
        found = self._many(and_(signatures.c.document_id.in_(list(document_ids)), made))
        return {one.document_id: one for one in found}

    def hold(self, document_id: str) -> None:
        """It is nobody's turn until somebody has decided what becomes of the document."""
        waits = and_(signatures.c.document_id == document_id, signatures.c.state == WAITING)
        self._connection.execute(update(signatures).where(waits).values(state=LATER, asked_at=None, due_at=None))

    def take_turns(self, document_id: str) -> None:
        """It is the turn of the first step in which anything is not signed; what comes later stands back."""
        unsigned = [one for one in self.of(document_id) if one.state != "signed"]
        turn = min((one.step for one in unsigned), default=0)
        for one in unsigned:
            if one.state == LATER and one.step == turn:
                due = now() + timedelta(days=one.days) if one.days else None
                self.set(one.id, state=WAITING, asked_at=now(), due_at=due)
            elif one.state == WAITING and one.step > turn:
                self.set(one.id, state=LATER, asked_at=None, due_at=None)

    def forget(self, document_id: str) -> None:
        """Ask no longer: the document is taken back before anybody signed. Signatures already made stay."""
        waiting = and_(signatures.c.document_id == document_id, signatures.c.state.in_((WAITING, LATER)))
        self._connection.execute(delete(signatures).where(waiting))

    def of(self, document_id: str) -> list[Signature]:
        """The signatures a document needs or has, as it is now."""
        return self._many(and_(signatures.c.document_id == document_id, signatures.c.replaced.is_(None)))

    def earlier(self, document_id: str) -> list[Signature]:
        """The signatures of versions that were replaced."""
        return self._many(and_(signatures.c.document_id == document_id, signatures.c.replaced.is_not(None)))

    def replace(self, document_id: str, sha256: str) -> None:
        """The signed bytes `sha256` are replaced: what still waited is asked no longer, what was signed stays as of them."""
        self.forget(document_id)
        own = and_(signatures.c.document_id == document_id, signatures.c.replaced.is_(None))
        self._connection.execute(update(signatures).where(own).values(replaced=sha256))

    def get(self, signature_id: str) -> Signature | None:
        """One signature."""
        return next(iter(self._many(signatures.c.id == signature_id)), None)

    def in_job(self, job_id: str) -> list[Signature]:
        """The signatures of a job, in the order in which they were sent."""
        return sorted(self._many(signatures.c.job_id == job_id), key=lambda one: one.place)

    def ended(self, job_ids: Sequence[str], states: Sequence[str], limit: int) -> tuple[list[Signature], int]:
        """The newest signatures of jobs that are in certain states, and how many there are."""
        where = and_(signatures.c.job_id.in_(job_ids), signatures.c.state.in_(states))
        newest = select(signatures).where(where).order_by(signatures.c.signed_at.desc().nulls_first(), signatures.c.id)
        rows = self._connection.execute(newest.limit(limit))
        count = self._connection.scalar(select(func.count()).select_from(signatures).where(where)) or 0
        return [read_signature(row) for row in rows], count

    def progress(self, job_id: str) -> Progress:
        """How far a job is."""
        made = signatures.c.state.in_(("signed", "received"))
        counts = func.count(), func.count().filter(made), func.count().filter(signatures.c.state == PREPARING)
        query = select(*counts, func.min(signatures.c.signed_at), func.max(signatures.c.signed_at))
        total, done, preparing, first, last = self._connection.execute(query.where(signatures.c.job_id == job_id)).one()
        took = (last - first).total_seconds() if first and last else 0.0
        return Progress(total, done, 60 * (done - 1) / took if took and done > 1 else 0.0, preparing)

    def received(self) -> list[Signature]:
        """Signatures whose value is there and that wait for a time stamp."""
        return self._many(signatures.c.state == "received")

    def set(self, signature_id: str, **values: Any) -> None:
        """Change columns of a signature."""
        self._connection.execute(update(signatures).where(signatures.c.id == signature_id).values(values))

    # ---- devices

    def offer_code(self, person_id: str, code: str) -> None:
        """A pairing code for a person; only its hash is kept."""
        row = {"code_hash": _hash(code), "person_id": person_id, "expires_at": now() + CODE_LASTS}
        self._connection.execute(delete(pairing_codes).where(pairing_codes.c.person_id == person_id))
        self._connection.execute(insert(pairing_codes).values(row))

    def take_code(self, code: str) -> str | None:
        """The person a code was made for, once; None if it is unknown, used or too old."""
        same = pairing_codes.c.code_hash == _hash(code)
        row = self._connection.execute(select(pairing_codes).where(same)).first()
        if row is None or self._connection.execute(delete(pairing_codes).where(same)).rowcount != 1:
            return None
        return str(row.person_id) if row.expires_at > now() else None

    def pair(self, person_id: str, name: str, public_key: str) -> Device:
        """Remember a device."""
        device_id = new_id()
        row = {"id": device_id, "person_id": person_id, "name": name, "public_key": public_key, "paired_at": now()}
        self._connection.execute(insert(devices).values(row))
        return Device(device_id, person_id, name, public_key, now(), None, None)

    def device(self, device_id: str) -> Device | None:
        """A device that was not revoked."""
        query = select(devices).where(devices.c.id == device_id, devices.c.revoked_at.is_(None))
        row = self._connection.execute(query).first()
        return Device(**row._mapping) if row else None

    def devices_of(self, person_id: str) -> list[Device]:
        """The devices a person uses."""
        query = select(devices).where(devices.c.person_id == person_id, devices.c.revoked_at.is_(None))
        return [Device(**row._mapping) for row in self._connection.execute(query.order_by(devices.c.paired_at))]

    def revoke(self, device_id: str) -> None:
        """Never trust this device again."""
        self._connection.execute(update(devices).where(devices.c.id == device_id).values(revoked_at=now()))

    def saw(self, device_id: str, nonce: str) -> bool:
        """Remember a request's nonce; False if it was used before (a replay)."""
        moment = now()
        self._connection.execute(delete(nonces).where(nonces.c.at < moment - NONCE_LASTS))
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(nonces).values(device_id=device_id, nonce=nonce, at=moment))
        except IntegrityError:
            return False
        self._connection.execute(update(devices).where(devices.c.id == device_id).values(seen_at=moment))
        return True

    # ---- jobs

    def open_job(self, person_id: str, state: str = "pending") -> Job:
        """A new job for a person's agent."""
        moment = now()
        job = Job(new_id(), person_id, None, state, moment, moment + JOB_LASTS)
        row = {
            "id": job.id, "person_id": person_id, "state": job.state, "created_at": moment, "expires_at": job.expires_at,
        }  # fmt: skip
        self._connection.execute(insert(sign_jobs).values(row))
        return job

    def job(self, job_id: str) -> Job | None:
        """One job."""
        row = self._connection.execute(select(sign_jobs).where(sign_jobs.c.id == job_id)).first()
        return Job(**row._mapping) if row else None

    def jobs(self, person_id: str, states: Iterable[str] = OPEN) -> list[Job]:
        """A person's jobs in certain states, oldest first."""
        query = select(sign_jobs).where(sign_jobs.c.person_id == person_id, sign_jobs.c.state.in_(list(states)))
        return [Job(**row._mapping) for row in self._connection.execute(query.order_by(sign_jobs.c.created_at))]

    def claim_job(self, job_id: str, device_id: str) -> bool:
        """Give a pending job to a device; False if another was faster or it expired."""
        free = and_(sign_jobs.c.id == job_id, sign_jobs.c.state == "pending", sign_jobs.c.expires_at > now())
        values = {"state": "claimed", "device_id": device_id}
        return self._connection.execute(update(sign_jobs).where(free).values(values)).rowcount == 1

    def prolong_job(self, job_id: str) -> None:
        """It is worked at, or was taken up again: it lasts as long as a new one from now on."""
        self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job_id).values(expires_at=now() + JOB_LASTS))

    def end_job(self, job_id: str, state: str) -> None:
        """Finish a job; what was not signed waits again."""
        self._connection.execute(update(sign_jobs).where(sign_jobs.c.id == job_id).values(state=state))
        back = and_(signatures.c.job_id == job_id, signatures.c.state.in_(SENT))
        self._connection.execute(update(signatures).where(back).values(state="waiting", job_id=None, prepared=None))

    def expire_jobs(self) -> list[Job]:
        """End jobs whose time has passed; returns them."""
        old = and_(sign_jobs.c.state.in_(["pending", "claimed"]), sign_jobs.c.expires_at < now())
        ended = [Job(**row._mapping) for row in self._connection.execute(select(sign_jobs).where(old))]
        for job in ended:
            self.end_job(job.id, "expired")
        return ended

    def _many(self, condition: Any) -> list[Signature]:
        query = select(signatures).where(condition).order_by(signatures.c.id)
        return [read_signature(row) for row in self._connection.execute(query)]


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


def read_signature(row: Row[Any], **changes: Any) -> Signature:
    """A row of the table as a value, but for changes."""
    values = {**row._mapping, **changes}
    return Signature(**{**values, "seen": tuple(values["seen"])})
