"""A patient's papers in order of time, stay by stay; and who else bears the same name. Only what the asker may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.views.cards import Card, cards
from domain.findings import Facts
from domain.here import HERE
from domain.patients import Patient, Stay
from domain.people import Sight
from domain.text import fold
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Dated:
    """A document with the day its paper speaks of, and the diagnosis, department, admission and archive numbers it names."""

    card: Card
    day: date
    diagnosis: str | None
    department: str | None
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Episode:
    """A stay with its papers; `stay` is None for papers that belong to no known stay."""

    stay: Stay | None
    papers: Sequence[Dated]

    @property
    def diagnosis(self) -> str | None:
        """What the newest of its papers names."""
        return next((paper.diagnosis for paper in reversed(self.papers) if paper.diagnosis), None)

    @property
    def nights(self) -> int | None:
        """Days between admission and discharge."""
        stay = self.stay
        if stay is None or stay.admission_date is None or stay.discharge_date is None:
            return None
        return (stay.discharge_date - stay.admission_date).days


def dated(card: Card, facts: Facts) -> Dated:
    """A document with its day: discharge, else admission, as written or of the stay it names; else the day it came in."""
    written = facts.episode.discharge_date or facts.episode.admission_date
    day = (_day(written.value) if written else None) or _day_of_stay(card.patient, facts)
    diagnosis = facts.episode.diagnosis.value if facts.episode.diagnosis else None
    named = facts.episode.department.value if facts.episode.department else None
    units = card.document.departments
    return Dated(
        card, day or card.at.astimezone(HERE).date(), diagnosis, named or (units[0] if len(units) == 1 else None), _numbers(facts)
    )


def papers(tx: Transaction, patient_id: str, sight: Sight) -> list[Dated]:
    """All papers of a patient within rights, newest first."""
    found = cards(tx, tx.documents.listed(patient_id=patient_id, sight=sight))
    return sorted((dated(card, tx.documents.facts(card.id)) for card in found), key=lambda one: one.day, reverse=True)


def episodes(tx: Transaction, patient: Patient, sight: Sight) -> list[Episode]:
    """The stays of a patient, newest first, then papers without a stay."""
    loose = papers(tx, patient.id, sight)
    found = []
    for stay in sorted(patient.stays, key=lambda one: one.admission_date or date.min, reverse=True):
        own = [paper for paper in loose if _belongs(paper, stay)]
        loose = [paper for paper in loose if paper not in own]
        found.append(Episode(stay, own))
    return [*found, Episode(None, loose)] if loose else found


def namesakes(tx: Transaction, patient: Patient, sight: Sight) -> list[Patient]:
    """Others with the same name who have papers this person may see."""
    wanted = fold(patient.name)
    others = [one for one in tx.patients.search(patient.name, 40) if one.id != patient.id and fold(one.name) == wanted]
    return [one for one in others if tx.documents.listed(patient_id=one.id, sight=sight, limit=1)]


def visible(tx: Transaction, patient_id: str, sight: Sight) -> Patient | None:
    """A patient, if there is any paper of theirs that this person may see."""
    if not tx.documents.listed(patient_id=patient_id, sight=sight, limit=1):
        return None
    return tx.patients.get(patient_id)


def age(patient: Patient, today: date) -> int | None:
    """Full years."""
    if patient.birth_date:
        born = patient.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return today.year - patient.birth_year if patient.birth_year else None


def _belongs(paper: Dated, stay: Stay) -> bool:
    if paper.numbers & {stay.admission_number, stay.archive_number}:
        return True
    first = stay.admission_date
    return first is not None and first <= paper.day <= (stay.discharge_date or first)


def _numbers(facts: Facts) -> frozenset[str]:
    return frozenset(one.value for one in (facts.episode.admission_number, facts.episode.archive_number) if one)


def _day_of_stay(patient: Patient | None, facts: Facts) -> date | None:
    named = _numbers(facts)
    stays = [one for one in patient.stays if named & {one.admission_number, one.archive_number}] if patient else []
    return (stays[0].discharge_date or stays[0].admission_date) if stays else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
