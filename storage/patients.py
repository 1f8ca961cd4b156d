"""The patient index: rows imported from the hospital's own system, looked up by what a paper says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select

from domain.patients import Patient, Stay
from domain.text import fold
from storage.database import insert_new
from storage.tables import patients, stays

_PART = 500


class Patients:
    """The patient index inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, patient_id: str) -> Patient | None:
        """One patient with all stays."""
        return next(iter(self._with_stays(patients.c.id == patient_id)), None)

    def many(self, ids: Iterable[str]) -> dict[str, Patient]:
        """Patients by id."""
        wanted = list(ids)
        found: dict[str, Patient] = {}
        for start in range(0, len(wanted), _PART):
            found |= {p.id: p for p in self._with_stays(patients.c.id.in_(wanted[start : start + _PART]))}
        return found

    def count(self) -> int:
        """How many patients the index holds."""
        return self._connection.scalar(select(func.count()).select_from(patients)) or 0

    def lookup(
        self, identifiers: Iterable[str], folded_name: str | None, birth_year: int | None, limit: int = 200
    ) -> list[Patient]:
        """Everybody who shares an identifier (of the person or of a stay), or the folded name, or name-like and birth year."""
        known = [value for value in identifiers if value]
        columns = (
            patients.c.id, patients.c.record_number, patients.c.citizen_id, patients.c.old_citizen_id, patients.c.insurance_id,
        )  # fmt: skip
        wanted: list[Any] = [column.in_(known) for column in columns] if known else []
        if known:
            of_stay = select(stays.c.patient_id).where(
                or_(stays.c.archive_number.in_(known), stays.c.admission_number.in_(known))
            )
            wanted.append(patients.c.id.in_(of_stay))
        insured = [value for value in known if len(value) == 10 and value.isdigit()]
        wanted += [patients.c.insurance_id.like(f"%{value}") for value in insured]  # the last ten digits name the person
        if folded_name:
            wanted.append(patients.c.folded_name == folded_name)
            if birth_year:
                given = folded_name.rsplit(" ", 1)[-1]
                wanted.append(and_(patients.c.birth_year == birth_year, patients.c.folded_name.like(f"%{given}")))
        return self._with_stays(or_(*wanted), limit) if wanted else []

    def search(self, text: str, limit: int = 20) -> list[Patient]:
        """By hand: part of a name (with or without tones) or an identifier."""
        folded = fold(text.strip()).replace("%", "").replace("_", "")
        if not folded:
            return []
        like = and_(*(patients.c.folded_name.like(f"%{word}%") for word in folded.split()))
        ids = [patients.c.id == text.strip(), patients.c.record_number == text.strip()]
        ids += [column == text.strip() for column in (patients.c.citizen_id, patients.c.old_citizen_id, patients.c.insurance_id)]
        return self._with_stays(or_(like, *ids), limit)

    def with_number(self, number: str, limit: int = 20) -> list[Patient]:
        """Those who had a stay under this admission or archive number."""
        named = select(stays.c.patient_id).where(or_(stays.c.admission_number == number, stays.c.archive_number == number))
        return self._with_stays(patients.c.id.in_(named), limit) if number else []

    def upsert(self, people: Iterable[Patient]) -> int:
        """Add or replace patients (not their stays); returns how many."""
        rows = [_row(person) for person in people]
        changing = [name for name in patients.c.keys() if name != "id"]  # noqa: SIM118 - a column collection, not a dict
        for start in range(0, len(rows), _PART):
            query = insert_new(self._connection, patients).values(rows[start : start + _PART])
            new = {name: query.excluded[name] for name in changing}
            self._connection.execute(query.on_conflict_do_update(index_elements=["id"], set_=new))
        return len(rows)

    def add_stays(self, episodes: Iterable[Stay]) -> list[str]:
        """Add stays that are not there yet, of patients who are; returns the ids of patients whose stays changed."""
        wanted = list(episodes)
        known = self.many({stay.patient_id for stay in wanted})
        there = {stay for patient in known.values() for stay in patient.stays}
        fresh = [stay for stay in dict.fromkeys(wanted) if stay.patient_id in known and stay not in there]
        for start in range(0, len(fresh), _PART):
            rows = [_stay_row(stay) for stay in fresh[start : start + _PART]]
            self._connection.execute(insert_new(self._connection, stays).values(rows))
        return sorted({stay.patient_id for stay in fresh})

    def drop_stay(self, stay: Stay) -> bool:
        """Take back a stay that a wrongly filed paper added; False if there is none like it."""
        same = [stays.c[name].is_(value) if value is None else stays.c[name] == value for name, value in _stay_row(stay).items()]
        return self._connection.execute(delete(stays).where(and_(*same))).rowcount > 0

    def departments(self) -> list[str]:
        """All departments that stays name, in order."""
        query = select(stays.c.department).where(stays.c.department.is_not(None)).distinct().order_by(stays.c.department)
        return [str(name) for name in self._connection.scalars(query)]

    def _with_stays(self, condition: Any, limit: int | None = None) -> list[Patient]:
        query = select(patients).where(condition).order_by(patients.c.id)
        rows = self._connection.execute(query.limit(limit) if limit else query).all()
        episodes: dict[str, list[Stay]] = {}
        ids = [row.id for row in rows]
        for start in range(0, len(ids), _PART):
            part = (
                select(stays)
                .where(stays.c.patient_id.in_(ids[start : start + _PART]))
                .order_by(stays.c.admission_date, stays.c.id)
            )
            for row in self._connection.execute(part):
                episodes.setdefault(row.patient_id, []).append(_stay(row))
        return [_patient(row, tuple(episodes.get(row.id, ()))) for row in rows]


def _row(person: Patient) -> dict[str, Any]:
    return {
        "id": person.id, "name": person.name, "folded_name": fold(person.name), "birth_date": _iso(person.birth_date),
        "birth_year": person.birth_year or (person.birth_date.year if person.birth_date else None), "sex": person.sex,
        "citizen_id": person.citizen_id, "old_citizen_id": person.old_citizen_id, "insurance_id": person.insurance_id,
        "address": person.address, "phone": person.phone, "record_number": person.record_number,
    }  # fmt: skip


def _stay_row(stay: Stay) -> dict[str, Any]:
    return {
        "patient_id": stay.patient_id, "admission_number": stay.admission_number, "archive_number": stay.archive_number,
        "admission_date": _iso(stay.admission_date), "discharge_date": _iso(stay.discharge_date), "department": stay.department,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _stay(row: Row[Any]) -> Stay:
    return Stay(
        row.patient_id,
        row.admission_number,
        row.archive_number,
        _day(row.admission_date),
        _day(row.discharge_date),
        row.department,
    )  # fmt: skip


def _patient(row: Row[Any], episodes: tuple[Stay, ...]) -> Patient:
    return Patient(
        row.id, row.name, _day(row.birth_date), row.birth_year, row.sex, row.citizen_id, row.old_citizen_id, row.insurance_id,
        row.address, row.phone, episodes, row.record_number,
    )  # fmt: skip
