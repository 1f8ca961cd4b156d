"""What happened, in order: screens follow this sequence. An event carries ids and numbers, never a patient's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from storage.clock import now
from storage.tables import events

_ORDER_LOCK = 7_201_001


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `person_id` set: only for that person's screens."""

    id: int
    at: datetime
    kind: str
    document_id: str | None
    person_id: str | None
    payload: dict[str, Any]


class Events:
    """The event sequence inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ordered = connection.dialect.name == "sqlite"

    def add(self, kind: str, document_id: str | None = None, person_id: str | None = None, **payload: Any) -> None:
        """Append an event. On PostgreSQL a lock until the commit makes the order of ids the order of commits."""
        if not self._ordered:
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ORDER_LOCK})
            self._ordered = True
        row = {"at": now(), "kind": kind, "document_id": document_id, "person_id": person_id, "payload": payload}
        self._connection.execute(insert(events).values(row))

    def after(self, last: int, limit: int = 500) -> list[Event]:
        """Events that follow the one numbered `last`."""
        query = select(events).where(events.c.id > last).order_by(events.c.id).limit(limit)
        return [Event(**row._mapping) for row in self._connection.execute(query)]

    def last(self) -> int:
        """The number of the newest event, 0 if none."""
        return self._connection.scalar(select(func.coalesce(func.max(events.c.id), 0))) or 0
