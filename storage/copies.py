"""The register of certified copies: what was copied, for whom and why, under a running number; and what was asked for.

An entry begins as an order (`storage/copying.py` is the work) and gets its number when the copy is issued: once, since it is the
same row. Only what was issued is in the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select

from domain.copies import CertifiedCopy, CopyForm, CopyOrder, CopyRequest, CopyStage
from domain.errors import Message
from domain.people import Sight
from storage.clock import new_id, now
from storage.documents import within
from storage.outbox import Outbox
from storage.signer_tables import certified_copies as copies
from storage.tables import documents

TOPIC = "copy"
IN_REGISTER = (CopyStage.ISSUED, CopyStage.STUCK)


class CertifiedCopies:
    """The register inside a transaction: `CertifiedCopies(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, document_id: str, source: str, request: CopyRequest, login: str) -> CopyOrder:
        """Order a copy; a worker is asked for."""
        row = {
            "id": new_id(), "document_id": document_id, "source": source, **asdict(request), "asked_by": login, "asked_at": now(),
            "stage": CopyStage.ASKED,
        }  # fmt: skip
        self._connection.execute(insert(copies).values(row))
        Outbox(self._connection).add(TOPIC, row["id"], urgent=True)
        return order_of({**row, "problem": None, "attempts": 0, "waits": 0})

    def order(self, copy_id: str) -> CopyOrder | None:
        """What was asked for under this id, if it is not issued."""
        return next(iter(self._orders(select(copies).where(copies.c.id == copy_id, copies.c.stage.not_in(IN_REGISTER)))), None)

    def asked(self, sight: Sight | None = None, document_id: str | None = None) -> list[CopyOrder]:
        """What is being made, oldest first; within rights, of one document."""
        wanted = _wanted((CopyStage.ASKED,), sight, document_id)
        return self._orders(select(copies).where(*wanted).order_by(copies.c.asked_at))

    def ended(self, since: datetime, sight: Sight | None = None, document_id: str | None = None) -> list[CopyOrder]:
        """What was asked for since then and could not be made, newest first."""
        wanted = [*_wanted((CopyStage.ENDED,), sight, document_id), copies.c.problem.is_not(None), copies.c.asked_at >= since]
        return self._orders(select(copies).where(*wanted).order_by(copies.c.asked_at.desc()))

    def get(self, copy_id: str) -> CertifiedCopy | None:
        """One copy."""
        return next(iter(self._many(select(copies).where(copies.c.id == copy_id, copies.c.stage.in_(IN_REGISTER)))), None)

    def of(self, document_id: str) -> list[CertifiedCopy]:
        """The copies of a document, oldest first."""
        return self._many(select(copies).where(*_wanted(IN_REGISTER, None, document_id)))

    def listed(self) -> list[CertifiedCopy]:
        """All of them, oldest first."""
        return self._many(select(copies).where(*_wanted(IN_REGISTER)))

    def newest(self, sight: Sight, limit: int) -> list[CertifiedCopy]:
        """Of documents within rights: first those whose proof cannot be renewed, which are old, then the newest."""
        query = select(copies).order_by(copies.c.number.desc()).limit(limit)
        stuck, others = (self._connection.execute(query.where(*_wanted((stage,), sight))) for stage in reversed(IN_REGISTER))
        return [_copy(row._mapping) for row in (*stuck, *others)][:limit]

    def unknown(self, limit: int) -> list[CertifiedCopy]:
        """Those of whose newest proof nobody has looked when it ends, oldest first."""
        return self._many(select(copies).where(copies.c.stage == CopyStage.ISSUED, copies.c.ends_at.is_(None)).limit(limit))

    def troubled(self, since: datetime, sight: Sight) -> int:
        """How many, within rights, a person must see to: they wait for a part that is away, could not be made and were asked for
        since then, or have a proof that cannot be renewed.
        """
        wanted = [*_wanted((CopyStage.ASKED, CopyStage.ENDED, CopyStage.STUCK), sight), copies.c.problem.is_not(None)]
        lately = or_(copies.c.stage != CopyStage.ENDED, copies.c.asked_at >= since)
        return self._connection.execute(select(func.count(copies.c.id)).where(*wanted, lately)).scalar_one()

    def ending(self, soon: datetime) -> tuple[int, datetime | None]:
        """How many have a proof that could not be renewed, or ends by `soon` all the same; and when the first of them ends."""
        late = or_(copies.c.stage == CopyStage.STUCK, and_(copies.c.stage == CopyStage.ISSUED, copies.c.ends_at <= soon))
        number, first = self._connection.execute(select(func.count(), func.min(copies.c.ends_at)).where(late)).one()
        return int(number), first

    def _orders(self, query: Select[Any]) -> list[CopyOrder]:
        return [order_of(row._mapping) for row in self._connection.execute(query)]

    def _many(self, query: Select[Any]) -> list[CertifiedCopy]:
        return [_copy(row._mapping) for row in self._connection.execute(query.order_by(copies.c.number))]


def order_of(row: Mapping[Any, Any]) -> CopyOrder:
    """A row that is an order."""
    request = CopyRequest(CopyForm(row["form"]), row["recipient"], row["reason"], row["pages"], row["count"])
    return CopyOrder(
        row["id"], row["document_id"], row["source"], request, row["asked_by"], row["asked_at"], CopyStage(row["stage"]),
        _said(row), row["attempts"], row["waits"],
    )  # fmt: skip


def _copy(row: Mapping[Any, Any]) -> CertifiedCopy:
    return CertifiedCopy(
        row["id"], row["number"], row["document_id"], row["source"], CopyForm(row["form"]), row["pages"], row["recipient"],
        row["reason"], row["count"], row["asked_by"], row["signed_at"], row["sha256"], row["current"], row["ends_at"], _said(row),
    )  # fmt: skip


def _said(row: Mapping[Any, Any]) -> Message | None:
    return Message(**row["problem"]) if row["problem"] else None


def _wanted(stages: Iterable[CopyStage], sight: Sight | None = None, document_id: str | None = None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [copies.c.stage.in_(list(stages))]
    if document_id is not None:
        wanted.append(copies.c.document_id == document_id)
    if sight is not None:
        wanted.append(select(documents.c.id).where(documents.c.id == copies.c.document_id, within(sight)).exists())
    return wanted
