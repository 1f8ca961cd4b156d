"""What a reading means: the kind of document and the facts found on it, each with its evidence on the page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from domain.pages import Box

Value = TypeVar("Value", str, int)


@dataclass(frozen=True, slots=True)
class Finding(Generic[Value]):
    """A value read from a page, with how sure we are (0..1), the page (from 1), the box, and the words it was read from. `read`:
    what those words were read as at first, where a rule of numbers or days chose other letters or digits.
    """

    value: Value
    confidence: float
    page: int
    box: Box
    evidence: str
    read: str | None = None


@dataclass(frozen=True, slots=True)
class KindFinding:
    """The kind of document. `code` is as in the catalogue of forms (`01/BV-01`), None when unknown; `catalogue` names it."""

    code: str | None = None
    title: str | None = None
    catalogue: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A form inside a bundle: the page it begins on (from 1), its title, and its code where a catalogue lists it."""

    page: int
    title: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """Who the paper says it is about. Dates are ISO 8601, identifiers without spaces or dots, `sex` is `Nam` or `Nữ`."""

    name: Finding[str] | None = None
    birth_date: Finding[str] | None = None
    birth_year: Finding[int] | None = None
    sex: Finding[str] | None = None
    citizen_id: Finding[str] | None = None
    insurance_id: Finding[str] | None = None
    record_number: Finding[str] | None = None


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """Which stay the paper belongs to. `department` with its leading "Khoa"."""

    admission_number: Finding[str] | None = None
    archive_number: Finding[str] | None = None
    department: Finding[str] | None = None
    admission_date: Finding[str] | None = None
    discharge_date: Finding[str] | None = None
    diagnosis: Finding[str] | None = None
    icd10: Finding[str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything filing found out about a document."""

    kind: KindFinding = KindFinding()
    patient: PatientFacts = PatientFacts()
    episode: EpisodeFacts = EpisodeFacts()


def present(facts: PatientFacts | EpisodeFacts) -> dict[str, Finding[str] | Finding[int]]:
    """The members that were found, by name."""
    return {f.name: getattr(facts, f.name) for f in fields(facts) if getattr(facts, f.name) is not None}
