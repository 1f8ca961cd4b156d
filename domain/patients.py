"""Patients and their stays, as the hospital's own index lists them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stay:
    """One treatment episode of a patient."""

    patient_id: str
    admission_number: str | None = None
    archive_number: str | None = None
    admission_date: date | None = None
    discharge_date: date | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A row of the patient index. `id` is the hospital's own code as imported; identifiers hold no spaces or dots."""

    id: str
    name: str
    birth_date: date | None = None
    birth_year: int | None = None
    sex: str | None = None
    citizen_id: str | None = None
    old_citizen_id: str | None = None
    insurance_id: str | None = None
    address: str | None = None
    phone: str | None = None
    stays: tuple[Stay, ...] = ()
    record_number: str | None = None
    """The code printed on papers (Mã BN), where the index lists another beside its own `id`."""


class Agreement(enum.StrEnum):
    """How one fact of the paper compares with the index."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOTHING = "nothing"
    """Nothing to compare: one side is empty."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One compared fact: its name (`name`, `birth_date`, `citizen_id` …), what the paper and the index say, the outcome."""

    fact: str
    paper: str | None
    index: str | None
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient who may be the one, with what agrees and what differs; `score` orders candidates, higher first."""

    patient: Patient
    comparisons: tuple[Comparison, ...]
    score: float

    @property
    def differs(self) -> bool:
        """Whether anything at all speaks against this person."""
        return any(c.agreement is Agreement.DIFFERS for c in self.comparisons)
