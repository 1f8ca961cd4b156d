"""Batches: what one person put through one scanner in one go, with the number of pages they prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from domain.here import HERE
from storage.clock import new_id, now
from storage.tables import batches


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch; `prepared` is the number of pages counted before scanning, None if nobody counted."""

    id: str
    folder: str
    name: str
    opened_at: datetime
    closed_at: datetime | None
    prepared: int | None


class Batches:
    """Batches inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, folder: str) -> Batch:
        """The open batch of a folder; opens one if there is none of today (Vietnamese time)."""
        query = select(batches).where(batches.c.folder == folder, batches.c.closed_at.is_(None)).order_by(batches.c.id.desc())
        row = self._connection.execute(query.limit(1)).first()
        today = now().astimezone(HERE).date()
        if row and row.opened_at.astimezone(HERE).date() == today:
            return Batch(**row._mapping)
        number = len(self.listed(folder=folder, limit=1000, day=f"{today:%m%d}")) + 1
        values = {"id": new_id(), "folder": folder, "name": f"{today:%m%d}-{number:02d}", "opened_at": now()}
        self._connection.execute(insert(batches).values(values))
        return Batch(str(values["id"]), folder, str(values["name"]), now(), None, None)

    def listed(self, folder: str | None = None, limit: int = 50, day: str | None = None) -> list[Batch]:
        """Batches, newest first."""
        query = select(batches).order_by(batches.c.id.desc()).limit(limit)
        query = query.where(batches.c.folder == folder) if folder else query
        query = query.where(batches.c.name.startswith(day)) if day else query
        return [Batch(**row._mapping) for row in self._connection.execute(query)]

    def get(self, batch_id: str) -> Batch | None:
        """One batch."""
        row = self._connection.execute(select(batches).where(batches.c.id == batch_id)).first()
        return Batch(**row._mapping) if row else None

    def set(self, batch_id: str, **values: Any) -> None:
        """Change `prepared`, `name` or `closed_at`."""
        self._connection.execute(update(batches).where(batches.c.id == batch_id).values(values))
