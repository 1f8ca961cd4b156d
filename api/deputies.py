"""Naming a deputy (ủy quyền ký), for oneself or by the administrator; each is written down, and stays on record when it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel

from api.errors import NotThere
from domain.here import HERE
from domain.people import Person, Role
from domain.signers import Capacity, Deputy, checked_deputy
from storage.clock import new_id
from storage.store import Transaction


class DeputyForm(BaseModel):
    """As it is typed: whole days in Vietnam, both included."""

    deputy: str
    first: date
    last: date
    person: str = ""
    capacity: Capacity | None = None
    department: str = ""

    def of(self, person: str, by: Person) -> Deputy:
        """As it is kept."""
        starts, ends = _midnight(self.first), _midnight(self.last + timedelta(days=1))
        return Deputy(new_id(), person, self.deputy, self.capacity or "", self.department, starts, ends, by.login)


def name(tx: Transaction, deputy: Deputy) -> None:
    """Raises Refused `deputy`."""
    people = {one.id: one for one in tx.people.listed()}
    checked_deputy(deputy, people)
    tx.signers.name_deputy(deputy)
    window = {"first": deputy.starts_at.isoformat(), "until": deputy.ends_at.isoformat()}
    note = {"deputy": people[deputy.deputy_id].login, "capacity": deputy.capacity, "department": deputy.department, **window}
    tx.audit.add(deputy.set_by, "name_deputy", people[deputy.person_id].login, **note)
    _tell(tx, deputy)


def end(tx: Transaction, deputy_id: str, by: Person) -> None:
    """Who named a deputy, or the administrator, ends it. Raises NotThere."""
    found = tx.signers.deputy(deputy_id)
    if found is None or (found.person_id != by.id and by.role is not Role.ADMINISTRATOR):
        raise NotThere
    tx.signers.end_deputy(deputy_id)
    person, deputy = tx.people.get(found.person_id), tx.people.get(found.deputy_id)
    tx.audit.add(by.login, "end_deputy", person.login if person else None, deputy=deputy.login if deputy else None)
    _tell(tx, found)


def _tell(tx: Transaction, deputy: Deputy) -> None:
    tx.events.add("signing", person_id=deputy.deputy_id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HERE).astimezone(UTC)
