"""Whose certificate is whose, where the names alone do not settle it: asked once, answered by an administrator."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from storage.clock import now
from storage.database import insert_new
from storage.tables import bindings, people


@dataclass(frozen=True, slots=True)
class Binding:
    """A certificate (DER) that somebody paired as theirs. `confirmed`: what an administrator answered; None: not yet."""

    person_id: str
    sha256: str
    certificate: bytes
    asked_at: datetime
    confirmed: bool | None
    answered_at: datetime | None
    answered_by: str | None


class Bindings:
    """Inside a transaction: `Bindings(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person_id: str, sha256: str) -> Binding | None:
        """What is known of a person and a certificate."""
        query = select(bindings).where(bindings.c.person_id == person_id, bindings.c.sha256 == sha256)
        row = self._connection.execute(query).first()
        return _binding(row) if row else None

    def listed(self) -> list[Binding]:
        """All, those that wait for an answer first, then the newest."""
        order = bindings.c.confirmed.is_not(None), bindings.c.asked_at.desc()
        return [_binding(row) for row in self._connection.execute(select(bindings).order_by(*order))]

    def waiting(self) -> int:
        """How many wait for an answer."""
        query = select(func.count()).select_from(bindings).where(bindings.c.confirmed.is_(None))
        return self._connection.scalar(query) or 0

    def ask(self, person_id: str, sha256: str, certificate: bytes) -> None:
        """Ask for an answer; what was answered stays."""
        row = {
            "person_id": person_id, "sha256": sha256, "certificate": base64.b64encode(certificate).decode(), "asked_at": now(),
        }  # fmt: skip
        self._connection.execute(insert_new(self._connection, bindings).values(row).on_conflict_do_nothing())

    def answer(self, binding: Binding, actor: str, *, confirmed: bool) -> None:
        """An administrator's answer; a later one counts instead of an earlier one."""
        same = (bindings.c.person_id == binding.person_id) & (bindings.c.sha256 == binding.sha256)
        values = {"confirmed": confirmed, "answered_at": now(), "answered_by": actor}
        self._connection.execute(update(bindings).where(same).values(values))

    def citizen_id(self, person_id: str) -> str | None:
        """The number of the person's identity card, as far as this house knows it."""
        return self._connection.scalar(select(people.c.citizen_id).where(people.c.id == person_id))

    def citizen_ids(self) -> dict[str, str]:
        """The same of everybody of whom it is known, by id."""
        query = select(people.c.id, people.c.citizen_id).where(people.c.citizen_id.is_not(None))
        return dict(self._connection.execute(query).tuples().all())

    def set_citizen_id(self, person_id: str, citizen_id: str | None) -> None:
        """Write it down, or forget it."""
        self._connection.execute(update(people).where(people.c.id == person_id).values(citizen_id=citizen_id))


def _binding(row: Row[Any]) -> Binding:
    return Binding(**{**row._mapping, "certificate": base64.b64decode(row.certificate)})
