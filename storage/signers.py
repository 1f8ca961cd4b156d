"""Fields to sign in, and as what people may sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from domain.people import Person
from domain.signers import FIELDS, Capacity, Hat, Office, SigningField, own_hats
from storage.database import insert_new
from storage.tables import offices, signing_fields


class Signers:
    """Fields and offices inside a transaction."""

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

    def give(self, office: Office) -> None:
        """Give a capacity; giving it twice does no harm."""
        self._connection.execute(insert_new(self._connection, offices).values(asdict(office)).on_conflict_do_nothing())

    def take(self, office: Office) -> None:
        """Take it back."""
        same = [offices.c[name] == value for name, value in asdict(office).items()]
        self._connection.execute(delete(offices).where(*same))

    def hats(self, person: Person) -> list[Hat]:
        """As what a person may sign now."""
        return own_hats(person, self.offices())

    def set_offices(self, given: Iterable[Office]) -> None:
        """Replace all offices."""
        self._connection.execute(delete(offices))
        rows = [asdict(one) for one in given]
        if rows:
            self._connection.execute(insert(offices), rows)
