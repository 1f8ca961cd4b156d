"""What waits for whom to sign: read only, a page at a time, however much waits.

A person is asked for what one of their hats fits (`domain.signers.Hat`) and whose turn it is; what somebody else is just signing
is not among it. Days are those of Vietnam.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, String, and_, case, cast, func, literal_column, or_, select, true

from domain.here import HERE
from domain.signers import Hat
from storage.clock import now
from storage.signing import SENT, WAITING, Signature, read_signature
from storage.tables import departments, documents, patients, sign_jobs, signatures

SOON = timedelta(days=2)
"""What is due within this time is due soon."""
PATIENTS = 60
"""Patients among the groups: those with the most papers."""
Order = Literal["due", "patient", "kind", "ward", "day"]


@dataclass(frozen=True, slots=True)
class Narrow:
    """What of a queue is wanted; empty: all. `ward`: the department asked; `day`: since which day it waits."""

    patient: str = ""
    kind: str = ""
    ward: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How much waits: documents, their pages, how many are overdue and due soon, since when the oldest waits, and how many were
    sent and came back with a reason.
    """

    documents: int = 0
    pages: int = 0
    overdue: int = 0
    soon: int = 0
    since: datetime | None = None
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """How many signatures wait by kind, ward, day (ISO) and patient."""

    kinds: dict[str, int]
    wards: dict[str, int]
    days: dict[str, int]
    patients: dict[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many documents wait for signatures in a department (empty: not known)."""

    department: str
    documents: int
    overdue: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """Signatures that wait, by whom they are asked of."""

    field: str
    capacity: str
    department: str
    signer_id: str | None
    documents: int


class SignQueue:
    """One person's queue inside a transaction: `SignQueue(tx.connection, person.id, hats)`."""

    def __init__(self, connection: Connection, person_id: str, hats: Sequence[Hat]) -> None:
        self._connection = connection
        mine = select(sign_jobs.c.id).where(sign_jobs.c.person_id == person_id)
        sent = and_(signatures.c.state.in_(SENT), signatures.c.job_id.in_(mine))
        turn = or_(signatures.c.state == WAITING, sent)
        self._asked = and_(turn, signatures.c.replaced.is_(None), or_(*(_fits(hat) for hat in hats)) if hats else ~true())

    def documents(self) -> int:
        """How many documents wait for this person."""
        return self._connection.scalar(select(func.count(signatures.c.document_id.distinct())).where(self._asked)) or 0

    def summary(self, narrow: Narrow | None = None) -> Summary:
        """How much waits for this person."""
        query = (
            select(
                func.count(signatures.c.document_id.distinct()),
                func.coalesce(func.sum(documents.c.pages), 0),
                *_lateness(),
                func.min(signatures.c.asked_at),
                func.count().filter(_returned()),
            )
            .join(documents)
            .where(self._asked, *self._narrowed(narrow))
        )
        return Summary(*self._connection.execute(query).one())

    def page(self, narrow: Narrow, order: Order = "due", start: int = 0, limit: int = 50) -> list[Signature]:
        """A page of the queue: in groups if asked so, in each what came back first, then what is due, then what waits longest."""
        ids = select(signatures.c.id).join(documents).where(self._asked, *self._narrowed(narrow))
        if order == "patient":
            ids = ids.outerjoin(patients, patients.c.id == documents.c.patient_id)
        by = (*self._groups(order), ~_returned(), signatures.c.due_at.nulls_last(), signatures.c.asked_at, signatures.c.id)
        wanted = list(self._connection.scalars(ids.order_by(*by).offset(start).limit(limit)))
        rows = self._connection.execute(select(signatures).where(signatures.c.id.in_(wanted)))
        found = {row.id: read_signature(row) for row in rows}
        return [found[one] for one in wanted]

    def groups(self, narrow: Narrow) -> Groups:
        """What there is to narrow by."""
        where = self._asked, *self._narrowed(narrow)
        keys = documents.c.kind_code, signatures.c.department, self._day()
        query = select(*keys, func.count()).select_from(signatures).join(documents).where(*where).group_by(*keys)
        kinds: dict[str, int] = {}
        wards: dict[str, int] = {}
        days: dict[str, int] = {}
        for kind, ward, day, count in self._connection.execute(query):
            for found, value in ((kinds, kind), (wards, ward), (days, day)):
                if value:
                    found[value] = found.get(value, 0) + count
        whose, number = documents.c.patient_id, func.count()
        people = select(whose, number).select_from(signatures).join(documents).where(*where, whose.is_not(None)).group_by(whose)
        most = self._connection.execute(people.order_by(number.desc(), whose).limit(PATIENTS)).tuples().all()
        return Groups(kinds, wards, days, dict(most))

    def ready(self, narrow: Narrow, limit: int, among: Iterable[str] | None = None) -> list[str]:
        """Signatures whose every page was looked at, and that nobody is signing; what is due first."""
        seen = func.json_array_length(signatures.c.seen) >= func.coalesce(documents.c.pages, 0)
        query = select(signatures.c.id).join(documents).where(self._asked, signatures.c.state == WAITING, seen)
        if among is not None:
            query = query.where(signatures.c.id.in_(list(among)))
        query = query.where(*self._narrowed(narrow)).order_by(signatures.c.due_at.nulls_last(), signatures.c.asked_at)
        return list(self._connection.scalars(query.limit(limit)))

    def find(self, signature_id: str) -> Signature | None:
        """A signature, if this person is asked for it."""
        row = self._connection.execute(select(signatures).where(self._asked, signatures.c.id == signature_id)).first()
        return read_signature(row) if row else None

    def of_document(self, document_id: str) -> bool:
        """Whether this person is asked for a signature on a document."""
        query = select(signatures.c.id).where(self._asked, signatures.c.document_id == document_id).limit(1)
        return self._connection.scalar(query) is not None

    def outside(self, states: Sequence[str], units: Sequence[str] | None) -> set[str]:
        """Documents this person is asked to sign that are in none of `states`, or, unless `units` is None, of none of these
        departments.
        """
        seen: ColumnElement[bool] = documents.c.state.in_(states)
        if units is not None:
            theirs = select(departments.c.document_id).where(
                departments.c.document_id == documents.c.id, departments.c.department.in_(units)
            )
            seen = and_(seen, theirs.exists())
        query = select(signatures.c.document_id).join(documents).where(self._asked, ~seen)
        return set(self._connection.scalars(query))

    def _groups(self, order: Order) -> tuple[Any, ...]:
        columns: dict[Order, tuple[Any, ...]] = {
            "due": (),
            "patient": (patients.c.folded_name.nulls_last(), documents.c.patient_id.nulls_last()),
            "kind": (documents.c.kind_code.nulls_last(),),
            "ward": (signatures.c.department,),
            "day": (self._day(),),
        }
        return columns[order]

    def _narrowed(self, narrow: Narrow | None) -> list[Any]:
        if narrow is None:
            return []
        wanted: list[Any] = [
            column == value
            for column, value in (
                (documents.c.patient_id, narrow.patient),
                (documents.c.kind_code, narrow.kind),
                (signatures.c.department, narrow.ward),
            )
            if value
        ]
        if narrow.day:
            begins = datetime.combine(narrow.day, time(), HERE).astimezone(UTC)
            wanted += [signatures.c.asked_at >= begins, signatures.c.asked_at < begins + timedelta(days=1)]
        return wanted

    def _day(self) -> Any:
        """In words of the database's own: with parameters, PostgreSQL would not see that it groups by what it selects."""
        if self._connection.dialect.name == "sqlite":
            return literal_column("date(signatures.asked_at, '+7 hours')", String)
        return literal_column("to_char(signatures.asked_at + interval '7 hours', 'YYYY-MM-DD')", String)


def by_department(connection: Connection, names: Iterable[str] | None = None) -> list[Waiting]:
    """What waits for anybody's signature, by department: those named, or all; a document whose own is not known counts in each of
    the patient's.
    """
    where = signatures.c.state.in_((WAITING, *SENT)), signatures.c.replaced.is_(None)
    known = func.nullif(signatures.c.department, "")
    patients_own = and_(departments.c.document_id == signatures.c.document_id, signatures.c.department == "")
    department = func.coalesce(known, departments.c.department, "")
    overdue, _ = _lateness()
    count = func.count(signatures.c.document_id.distinct())
    query = select(department, count, overdue, func.min(signatures.c.asked_at)).select_from(signatures)
    query = query.outerjoin(departments, patients_own).where(*where).group_by(department).order_by(department)
    rows = [Waiting(*row) for row in connection.execute(query)]
    wanted = None if names is None else set(names)
    return [row for row in rows if wanted is None or row.department in wanted]


def asked_of_whom(connection: Connection) -> list[Stuck]:
    """Of whom all that waits is asked, where that is one department, or none at all."""
    there = select(departments.c.document_id).where(departments.c.document_id == signatures.c.document_id)
    certain = or_(signatures.c.department != "", signatures.c.signer_id.is_not(None), ~there.exists())
    keys = signatures.c.field, signatures.c.capacity, signatures.c.department, signatures.c.signer_id
    query = select(*keys, func.count(signatures.c.document_id.distinct())).where(certain, signatures.c.state == WAITING)
    rows = connection.execute(query.where(signatures.c.replaced.is_(None)).group_by(*keys).order_by(*keys))
    return [Stuck(*row) for row in rows]


def _lateness() -> tuple[Any, Any]:
    """How many are overdue, and how many are due soon."""
    moment, due = now(), signatures.c.due_at
    overdue = func.coalesce(func.sum(case((due < moment, 1), else_=0)), 0)
    soon = func.coalesce(func.sum(case((and_(due >= moment, due < moment + SOON), 1), else_=0)), 0)
    return overdue, soon


def _returned() -> ColumnElement[bool]:
    """It waits again, and there is a reason. Without one the column holds nothing, or the JSON value null."""
    return and_(signatures.c.state == WAITING, func.coalesce(cast(signatures.c.problem, String), "null") != "null")


def _fits(hat: Hat) -> Any:
    named = and_(signatures.c.signer_id == hat.person_id, _within(hat.named_in))
    to_all = and_(signatures.c.signer_id.is_(None), _within(hat.departments))
    return and_(signatures.c.capacity == hat.capacity, or_(named, to_all))


def _within(names: frozenset[str] | None) -> Any:
    """Of these departments, or, where the document's own is not known, of a patient who has been there."""
    if names is None:
        return true()
    if not names:
        return ~true()
    there = select(departments.c.document_id).where(departments.c.department.in_(sorted(names)))
    return or_(
        signatures.c.department.in_(sorted(names)), and_(signatures.c.department == "", signatures.c.document_id.in_(there))
    )
