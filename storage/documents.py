"""Documents: making them, moving them along the belt, claiming their steps, listing them.

Rules
1. `move` is the only way to another state: the state, the audit entry, the event and the outbox rows are one transaction.
2. A writer names the version it saw; if another was faster, `domain.errors.Stale` is raised and nothing is written.
3. A claim counts the attempt before the work, and holds a lease that its worker renews.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection, Row, Select, and_, delete, func, insert, or_, select, update

from domain.arrangement import Held
from domain.documents import FINDABLE, WITH_A_STEP, Document, Nature, Origin, State, may_move
from domain.errors import Broken, Message, Stale
from domain.findings import Facts
from domain.people import Sight
from domain.sidecar import Source, facts_as_json, facts_from_json, kind_as_json
from storage import leases
from storage.audit import Audit
from storage.clock import new_id, now
from storage.events import Events
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.proofs import kept_report
from storage.tables import corrections, departments, documents, originals, stays, versions


class Details(TypedDict, total=False):
    """What may be known of a document when it is received. `arrival` names one arrival in a watched folder; `actor`: who made it
    of pages that were there already.
    """

    arrival: str | None
    nature: Nature | None
    pages: int | None
    urgent: bool
    batch_id: str | None
    reasons: tuple[Message, ...]
    actor: str


class Wanted(TypedDict, total=False):
    """Which documents are wanted; what is absent or None does not matter."""

    states: Iterable[State] | None
    sight: Sight | None
    patient_id: str | None
    ids: Iterable[str] | None
    problem: bool | None
    limit: int | None
    newest_first: bool


class Documents:
    """The documents inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- making and reading

    def add(self, origin: Origin, original: str, size: int, **more: Unpack[Details]) -> Document:
        """A new document in RECEIVED, with its audit entry, event and first errand."""
        document_id, moment, urgent = new_id(), now(), more.get("urgent", False)
        actor = more.pop("actor", origin.actor)
        row = {
            "urgent": False, **more, "id": document_id, "state": State.RECEIVED, "version": 1, "original": original,
            "bytes": size,
            "origin": asdict(origin), "received_at": moment, "updated_at": moment, "pages_read": 0,
            "reasons": _messages(more.get("reasons", ())), "attempts": 0, "waits": 0,
        }  # fmt: skip
        self._connection.execute(insert(documents).values(row))
        first = {"document_id": document_id, "position": 0, "sha256": original, "name": origin.name, "bytes": size}
        self._connection.execute(insert(originals).values({**first, "nature": more.get("nature")}))
        Audit(self._connection).add(actor, "receive", document_id, sha256=original, bytes=size, folder=origin.folder)
        Events(self._connection).add("document", document_id, state=State.RECEIVED)
        Outbox(self._connection).add("step", document_id, urgent=urgent)
        return self.get(document_id)

    def get(self, document_id: str) -> Document:
        """One document. Raises Broken `no_document` if there is none."""
        found = self.find(document_id)
        if found is None:
            raise Broken("no_document", "Không có tài liệu này.", "There is no such document.")
        return found

    def find(self, document_id: str) -> Document | None:
        """One document or None."""
        return next(iter(self._many(select(documents).where(documents.c.id == document_id))), None)

    def with_original(self, sha256: str) -> list[Document]:
        """Documents that have pages of the same bytes, or were made of them and refused; oldest first."""
        named = select(originals.c.document_id).where(originals.c.sha256 == sha256)
        return self._many(select(documents).where(documents.c.id.in_(named)).order_by(documents.c.id))

    def with_bytes(self, sha256: str) -> Document | None:
        """The document that has had these bytes as one of its versions, or among its originals."""
        named = select(versions.c.document_id).where(versions.c.sha256 == sha256)
        made_of = select(originals.c.document_id).where(originals.c.sha256 == sha256)
        query = select(documents).where(or_(documents.c.id.in_(named), documents.c.id.in_(made_of)))
        return next(iter(self._many(query.order_by(documents.c.id).limit(1))), None)

    def sources(self, document_id: str) -> tuple[Source, ...]:
        """The files a document has pages of, in the order of `PageReading.source`."""
        query = select(originals.c.name, originals.c.sha256, originals.c.bytes).where(originals.c.document_id == document_id)
        return tuple(Source(*row) for row in self._connection.execute(query.order_by(originals.c.position)))

    def with_arrival(self, arrival: str) -> Document | None:
        """The document made of one arrival in a watched folder."""
        return next(iter(self._many(select(documents).where(documents.c.arrival == arrival))), None)

    def listed(self, **wanted: Unpack[Wanted]) -> list[Document]:
        """Documents, oldest first unless asked otherwise, as far as `sight` allows."""
        newest_first, limit = wanted.pop("newest_first", False), wanted.pop("limit", None)
        query = select(documents).where(*(_CONDITIONS[name](value) for name, value in wanted.items() if value is not None))
        query = query.order_by(documents.c.id.desc() if newest_first else documents.c.id)
        return self._many(query.limit(limit) if limit else query)

    def ids(self, states: Iterable[State]) -> set[str]:
        """The ids of all documents in certain states."""
        query = select(documents.c.id).where(documents.c.state.in_(list(states)))
        return {str(document_id) for document_id in self._connection.scalars(query)}

    def counts(self, sight: Sight | None = None) -> dict[State, int]:
        """How many documents stand in each state."""
        query = select(documents.c.state, func.count()).group_by(documents.c.state)
        rows = self._connection.execute(query.where(within(sight)) if sight else query)
        return {State(state): number for state, number in rows}

    def facts(self, document_id: str) -> Facts:
        """What filing (and people's corrections) say about a document."""
        value = self._connection.scalar(select(documents.c.facts).where(documents.c.id == document_id))
        return facts_from_json(value) if value else Facts()

    def held(self, document_id: str) -> Held | None:
        """What filing must take up again, since pages were arranged after people had decided; None: nothing was."""
        value = self._connection.scalar(select(documents.c.held).where(documents.c.id == document_id))
        return Held(**value) if value else None

    # ---- the belt

    def move(
        self,
        document: Document,
        to: State,
        actor: str,
        *,
        reasons: tuple[Message, ...] = (),
        note: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Document:
        """Move to another state (rule 1), changing columns on the way. Raises Stale, or Broken for a move that cannot be."""
        if not may_move(document.state, to):
            raise Broken("no_such_move", f"Không thể chuyển {document.state} → {to}.", f"No move {document.state} → {to}.")
        values = {
            **changes, "state": to, "reasons": _messages(reasons), "problem": None, "attempts": 0, "waits": 0, "retry_at": None,
            "lease_owner": None, "lease_until": None,
        }  # fmt: skip
        self._write(document, values)
        Audit(self._connection).add(
            actor, "move", document.id, start=document.state, end=to, reasons=[r.code for r in reasons], **(note or {})
        )
        return self._tell(document.id, to, urgent=document.urgent)

    def change(
        self,
        document: Document,
        actor: str,
        act: str,
        *,
        note: dict[str, Any] | None = None,
        searched: bool = True,
        **changes: Any,
    ) -> Document:
        """Change columns without moving; audited as `act`. `searched`: whether what is searched for changed."""
        self._write(document, changes)
        Audit(self._connection).add(actor, act, document.id, **(note or {}))
        Events(self._connection).add("document", document.id, state=document.state)
        if searched and document.state in FINDABLE:
            Outbox(self._connection).add("index", document.id)
        return self.get(document.id)

    def set_facts(self, document_id: str, facts: Facts) -> None:
        """Store what was found out; part of a larger move."""
        value = {
            "kind": kind_as_json(facts.kind), "patient": facts_as_json(facts.patient), "episode": facts_as_json(facts.episode),
        }  # fmt: skip
        columns = {"facts": value, "kind_code": facts.kind.code, "title": facts.kind.title}
        self._connection.execute(update(documents).where(documents.c.id == document_id).values(columns))

    def set_departments(self, document_id: str, names: Iterable[str]) -> None:
        """Who among the clinicians may see it: the departments of the patient's stays."""
        self._connection.execute(delete(departments).where(departments.c.document_id == document_id))
        rows = [{"document_id": document_id, "department": name} for name in sorted(set(names))]
        if rows:
            self._connection.execute(insert(departments), rows)

    def refresh_departments(self, patient_id: str) -> None:
        """After stays were imported: every document of the patient follows, and is indexed anew."""
        names = self._connection.scalars(select(stays.c.department).where(stays.c.patient_id == patient_id)).all()
        for document in self.listed(patient_id=patient_id):
            self.set_departments(document.id, [name for name in names if name])
            Outbox(self._connection).add("index", document.id)

    def claim(self, document_id: str, owner: str) -> Document | None:
        """Take the step of a document (rule 3); None if it has no step now, is leased, or rests until later."""
        moment = now()
        query = update(documents).where(
            documents.c.id == document_id, documents.c.state.in_(WITH_A_STEP), documents.c.problem.is_(None),
            leases.free(documents.c.lease_until),
        )  # fmt: skip
        claimed = self._connection.execute(
            query.values(lease_owner=owner, lease_until=moment + LEASE, attempts=documents.c.attempts + 1)
        )
        Outbox(self._connection).claimed("step", document_id)
        return self.get(document_id) if claimed.rowcount == 1 else None

    def renew(self, document_id: str, owner: str) -> bool:
        """Hold the lease longer; False if it was lost."""
        mine = and_(documents.c.id == document_id, documents.c.lease_owner == owner)
        return self._connection.execute(update(documents).where(mine).values(lease_until=now() + LEASE)).rowcount == 1

    def free(self, document_id: str) -> None:
        """Take the lease from a dead worker; the attempt stays counted."""
        self._connection.execute(
            update(documents).where(documents.c.id == document_id).values(lease_owner=None, lease_until=None)
        )

    def rest(self, document: Document, until: datetime, *, counts: bool) -> None:
        """Give the step back until later; `counts`: the attempt was a failure, not a wait for an absent part."""
        values: dict[str, Any] = {"lease_owner": None, "lease_until": None, "retry_at": until}
        if not counts:
            values |= {"attempts": documents.c.attempts - 1, "waits": documents.c.waits + 1}
        self._connection.execute(update(documents).where(documents.c.id == document.id).values(values))
        Outbox(self._connection).add("step", document.id, urgent=document.urgent, due_at=until)

    def waits(self, document_id: str) -> int:
        """How often the present step has waited for an absent part."""
        return self._connection.scalar(select(documents.c.waits).where(documents.c.id == document_id)) or 0

    def give_up(self, document: Document, problem: Message) -> None:
        """Make it a visible problem for a person."""
        values = {"problem": asdict(problem), "lease_owner": None, "lease_until": None}
        self._connection.execute(update(documents).where(documents.c.id == document.id).values(values))
        Audit(self._connection).add("belt", "problem", document.id, code=problem.code)
        Events(self._connection).add("document", document.id, state=document.state, problem=problem.code)

    def try_again(self, document: Document, actor: str) -> Document:
        """A person asks the belt to try once more."""
        changed = self.change(document, actor, "try_again", problem=None, attempts=0, waits=0, retry_at=None)
        Outbox(self._connection).add("step", document.id, urgent=True)
        return changed

    def hurry(self, document: Document, actor: str) -> None:
        """A person waits for it: it goes before the backlog."""
        self.change(document, actor, "hurry", urgent=True)
        Outbox(self._connection).add("step", document.id, urgent=True)

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, documents.c.lease_owner)

    def overdue(self, dead: Iterable[str] = ()) -> list[Document]:
        """Documents whose worker has died: known to be dead, or the lease ran out (or lies far ahead: the clock jumped back)."""
        gone = or_(leases.ran_out(documents.c.lease_until), documents.c.lease_owner.in_(list(dead)))
        return self._many(select(documents).where(gone, documents.c.problem.is_(None), documents.c.state.in_(WITH_A_STEP)))

    def add_version(self, document_id: str, kind: str, sha256: str, report: dict[str, Any] | None = None) -> None:
        """Remember bytes that came to be: kind `bound`, `signed`, `proven`; with what a judge said."""
        row = {"document_id": document_id, "kind": kind, "sha256": sha256, "at": now(), **kept_report(kind, report)}
        self._connection.execute(insert(versions).values(row))

    def versions(self, document_id: str) -> list[dict[str, Any]]:
        """All bytes that came to be, oldest first: `kind`, `sha256`, `at`, `report` (`domain.proof`)."""
        query = select(versions).where(versions.c.document_id == document_id).order_by(versions.c.id)
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def correct(self, document_id: str, actor: str, fact: str, value: str | None) -> None:
        """Remember that a person corrected a fact; the value itself is stored by `set_facts`."""
        row = {"document_id": document_id, "actor": actor, "at": now(), "fact": fact, "value": value}
        self._connection.execute(insert(corrections).values(row))

    def corrected(self) -> dict[str, set[str]]:
        """Which facts people corrected, by findable document, the newest document first."""
        query = select(corrections.c.document_id, corrections.c.fact).join(documents).where(documents.c.state.in_(FINDABLE))
        found: dict[str, set[str]] = {}
        for document_id, fact in self._connection.execute(query.order_by(corrections.c.document_id.desc())):
            found.setdefault(document_id, set()).add(fact)
        return found

    def vouched(self, document_id: str) -> dict[str, datetime]:
        """When a person last corrected each fact of a document that was corrected."""
        query = select(corrections.c.fact, corrections.c.at).where(corrections.c.document_id == document_id)
        return {str(fact): at for fact, at in self._connection.execute(query.order_by(corrections.c.id))}

    def said(self, document_id: str) -> dict[str, str | None]:
        """What a person last wrote for each fact of a document that was corrected; None: that it is unknown."""
        query = select(corrections.c.fact, corrections.c.value).where(corrections.c.document_id == document_id)
        return dict(self._connection.execute(query.order_by(corrections.c.id)).tuples().all())

    # ---- inside

    def _write(self, document: Document, values: dict[str, Any]) -> None:
        same = and_(documents.c.id == document.id, documents.c.version == document.version)
        raised = {**values, "version": document.version + 1, "updated_at": now()}
        if self._connection.execute(update(documents).where(same).values(raised)).rowcount != 1:
            raise Stale

    def _tell(self, document_id: str, state: State, *, urgent: bool) -> Document:
        outbox = Outbox(self._connection)
        if state in WITH_A_STEP:
            outbox.add("step", document_id, urgent=urgent)
        outbox.add("index", document_id)
        Events(self._connection).add("document", document_id, state=state)
        return self.get(document_id)

    def _many(self, query: Select[Any]) -> list[Document]:
        rows = self._connection.execute(query).all()
        ids = [row.id for row in rows]
        names: dict[str, list[str]] = {}
        for start in range(0, len(ids), 500):
            part = select(departments).where(departments.c.document_id.in_(ids[start : start + 500]))
            for document_id, name in self._connection.execute(part):
                names.setdefault(document_id, []).append(name)
        return [_document(row, tuple(sorted(names.get(row.id, ())))) for row in rows]


def within(sight: Sight) -> Any:
    """The condition that a document lies within rights."""
    allowed: Any = documents.c.state.in_(sight.states)
    if sight.departments is not None:
        mine = select(departments.c.document_id).where(departments.c.department.in_(sight.departments))
        allowed = and_(allowed, documents.c.id.in_(mine))
    return or_(allowed, documents.c.id.in_(sight.also)) if sight.also else allowed


_CONDITIONS: dict[str, Callable[[Any], Any]] = {
    "states": lambda states: documents.c.state.in_(list(states)),
    "sight": within,
    "patient_id": lambda patient_id: documents.c.patient_id == patient_id,
    "ids": lambda ids: documents.c.id.in_(list(ids)),
    "problem": lambda there: documents.c.problem.is_not(None) if there else documents.c.problem.is_(None),
}


def _messages(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    return [asdict(message) for message in messages]


def _document(row: Row[Any], names: tuple[str, ...]) -> Document:
    return Document(
        id=row.id, state=State(row.state), version=row.version, origin=Origin(**row.origin), original=row.original,
        bytes=row.bytes, received_at=row.received_at, nature=Nature(row.nature) if row.nature else None, pages=row.pages,
        pages_read=row.pages_read, kind_code=row.kind_code, title=row.title, patient_id=row.patient_id, bound=row.bound,
        current=row.current, urgent=row.urgent, reasons=tuple(Message(**r) for r in row.reasons),
        problem=Message(**row.problem) if row.problem else None, attempts=row.attempts, retry_at=row.retry_at,
        batch_id=row.batch_id, updated_at=row.updated_at, departments=names,
    )  # fmt: skip
