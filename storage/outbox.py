"""Work to hand on after the commit. Topics: `step` (a document's next step), `page` (one page to read), `renew` (its
proof), `index`, `prepare` (a job to sign, whose id stands in the document's place), `order` (of signatures, likewise), `copy` (a
certified copy to make, likewise) and `renew_copy` (the proof in one).

A row is written in the transaction that makes the work necessary. The relay marks it sent; the worker that claims the work
deletes it; the sweeper takes back the mark of rows whose message was lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from storage.clock import now
from storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Errand:
    """One row: what to do, for which document, for which page (topic `page`)."""

    id: int
    topic: str
    document_id: str
    page: int | None
    urgent: bool


class Outbox:
    """The outbox inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, topic: str, document_id: str, *, page: int | None = None, urgent: bool = False, due_at: datetime | None = None
    ) -> None:
        """Ask for work; once is enough: an equal unsent row is not doubled, but hurried on."""
        due = due_at or now()
        same = and_(outbox.c.topic == topic, outbox.c.document_id == document_id, outbox.c.sent_at.is_(None))
        same = and_(same, outbox.c.page.is_(None) if page is None else outbox.c.page == page)
        there = self._connection.execute(select(outbox.c.id, outbox.c.urgent, outbox.c.due_at).where(same)).first()
        if there is None:
            row = {"topic": topic, "document_id": document_id, "page": page, "urgent": urgent, "due_at": due}
            self._connection.execute(insert(outbox).values(row))
        elif (urgent and not there.urgent) or due < there.due_at:
            values = {"urgent": urgent or there.urgent, "due_at": min(due, there.due_at)}
            self._connection.execute(update(outbox).where(outbox.c.id == there.id).values(values))

    def next(self, topics: Iterable[str], limit: int) -> list[Errand]:
        """Unsent rows that are due: first what a person waits for, then the oldest."""
        query = (
            select(outbox.c.id, outbox.c.topic, outbox.c.document_id, outbox.c.page, outbox.c.urgent)
            .where(outbox.c.topic.in_(list(topics)), outbox.c.sent_at.is_(None), outbox.c.due_at <= now())
            .order_by(outbox.c.urgent.desc(), outbox.c.id)
            .limit(limit)
        )
        return [Errand(**row._mapping) for row in self._connection.execute(query)]

    def in_flight(self) -> int:
        """Rows sent and not yet claimed."""
        return self._connection.scalar(select(func.count()).where(outbox.c.sent_at.is_not(None))) or 0

    def mark_sent(self, ids: Iterable[int]) -> None:
        """Remember that these were handed to the queue."""
        self._connection.execute(update(outbox).where(outbox.c.id.in_(list(ids))).values(sent_at=now()))

    def unsend(self, ids: Iterable[int]) -> None:
        """These did not reach the queue after all."""
        self._connection.execute(update(outbox).where(outbox.c.id.in_(list(ids))).values(sent_at=None))

    def unsend_lost(self, older_than: timedelta) -> int:
        """Take back the mark of rows sent long ago and never claimed; returns how many.

        A mark that lies in the future is lost too: the clock has jumped back.
        """
        lost = (outbox.c.sent_at < now() - older_than) | (outbox.c.sent_at > now() + older_than)
        return self._connection.execute(update(outbox).where(lost).values(sent_at=None)).rowcount

    def claimed(self, topic: str, document_id: str, page: int | None = None) -> None:
        """Forget rows whose work has been claimed."""
        same = and_(outbox.c.topic == topic, outbox.c.document_id == document_id)
        same = and_(same, outbox.c.page == page) if page is not None else same
        self._connection.execute(delete(outbox).where(same))

    def done(self, ids: Iterable[int]) -> None:
        """Forget rows by number."""
        self._connection.execute(delete(outbox).where(outbox.c.id.in_(list(ids))))

    def waiting(self, topic: str) -> int:
        """How many rows of a topic there are."""
        return self._connection.scalar(select(func.count()).where(outbox.c.topic == topic)) or 0
