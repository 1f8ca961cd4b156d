"""Fields to sign in, as what people may sign, and in whose name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from domain.people import Person
from domain.signers import FIELDS, Capacity, Deputy, Hat, Office, SigningField, deputy_hats, own_hats
from storage.clock import now
from storage.database import insert_new
from storage.people import People
from storage.signer_tables import deputies, offices, signing_fields


class Signers:
    """Fields, offices and deputies inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def fields(self) -> list[SigningField]:
        """Those of every house, then those added here, by name."""
        rows = self._connection.execute(select(signing_fields).order_by(signing_fields.c.name)).all()
        own = [SigningField(row.name, row.title, row.title_en, Capacity(row.capacity)) for row in rows]
        return [*FIELDS, *own]

    def titles(self) -> dict[str, str]:
        """What fields are called in Vietnamese, by name."""
        return {one.name: one.title for one in self.fields()}

    def set_field(self, field: SigningField) -> None:
        """Add a field, or call one of the house's own otherwise."""
        values = asdict(field)
        query = insert_new(self._connection, signing_fields).values(values)
        self._connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=values))

    def drop_field(self, name: str) -> None:
        """Offer a field no longer."""
        self._connection.execute(delete(signing_fields).where(signing_fields.c.name == name))

    def offices(self) -> list[Office]:
        """Who was given which capacity."""
        order = offices.c.capacity, offices.c.department, offices.c.person_id
        rows = self._connection.execute(select(offices).order_by(*order))
        return [Office(row.person_id, Capacity(row.capacity), row.department) for row in rows]

    def holds(self, person_id: str, capacity: Capacity) -> bool:
        """Whether somebody was given a capacity, for whatever department."""
        same = offices.c.person_id == person_id, offices.c.capacity == capacity
        return self._connection.execute(select(offices.c.person_id).where(*same).limit(1)).first() is not None

    def give(self, office: Office) -> None:
        """Give a capacity; giving it twice does no harm."""
        self._connection.execute(insert_new(self._connection, offices).values(asdict(office)).on_conflict_do_nothing())

    def take(self, office: Office) -> None:
        """Take it back."""
        same = [offices.c[name] == value for name, value in asdict(office).items()]
        self._connection.execute(delete(offices).where(*same))

    def hats(self, person: Person) -> list[Hat]:
        """As what a person may sign now: in their own name first, then as others' deputy."""
        given, hats = self.offices(), own_hats(person, self.offices())
        if not hats:
            return []
        moment = now()
        people = People(self._connection)
        for deputy in self._deputies(deputies.c.deputy_id == person.id):
            principal = people.get(deputy.person_id) if deputy.active(moment) else None
            hats += deputy_hats(principal, given, deputy) if principal else []
        return hats

    def name_deputy(self, deputy: Deputy) -> None:
        """Remember a deputy (`domain.signers.checked_deputy`)."""
        self._connection.execute(insert(deputies).values(asdict(deputy)))

    def end_deputy(self, deputy_id: str) -> None:
        """From now on it counts no longer; it stays on record."""
        there = deputies.c.id == deputy_id, deputies.c.ended_at.is_(None)
        self._connection.execute(update(deputies).where(*there).values(ended_at=now()))

    def deputies(self, person_id: str | None = None) -> list[Deputy]:
        """Deputies whose time has not passed, of one person and for one person, or all; those that begin first come first."""
        still = and_(deputies.c.ended_at.is_(None), deputies.c.ends_at > now())
        if person_id is not None:
            still = and_(still, or_(deputies.c.person_id == person_id, deputies.c.deputy_id == person_id))
        return self._deputies(still)

    def deputy(self, deputy_id: str) -> Deputy | None:
        """One of them, also of the past."""
        return next(iter(self._deputies(deputies.c.id == deputy_id)), None)

    def _deputies(self, condition: ColumnElement[bool]) -> list[Deputy]:
        query = select(deputies).where(condition).order_by(deputies.c.starts_at, deputies.c.id)
        return [Deputy(**row._mapping) for row in self._connection.execute(query)]

    def set_offices(self, given: Iterable[Office]) -> None:
        """Replace all offices."""
        self._connection.execute(delete(offices))
        rows = [asdict(one) for one in given]
        if rows:
            self._connection.execute(insert(offices), rows)
