"""The whole of filing on a reading: kind, facts, and what gives pause before any patient is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Message
from domain.findings import Facts, Finding
from domain.pages import Reading
from filing.fields import facts_of, marked, persons_by_page
from filing.kinds import classify
from filing.people import two_patients
from filing.reasons import HANDWRITTEN


@dataclass(frozen=True, slots=True)
class Examination:
    """What a document says, and the doubts that keep it from being linked without a person."""

    facts: Facts
    doubts: tuple[Message, ...] = ()


def examine(reading: Reading, hint: str | None = None) -> Examination:
    """Kind and facts of a document. `hint`: the kind its watched folder usually holds."""
    kind = classify(reading, hint)
    document = marked(reading)
    patient, episode = facts_of(document)
    facts = Facts(kind, patient, episode)
    doubts = two_patients(persons_by_page(document)), HANDWRITTEN if _by_hand(reading, facts) else None
    return Examination(facts, tuple(doubt for doubt in doubts if doubt))


def _by_hand(reading: Reading, facts: Facts) -> bool:
    """Whether a hand wrote any of what a document is linked by."""
    patient, stay = facts.patient, facts.episode
    found = (
        patient.name, patient.citizen_id, patient.insurance_id, patient.record_number, stay.admission_number, stay.archive_number,
    )  # fmt: skip
    return any(_is_written(reading, one) for one in found if one)


def _is_written(reading: Reading, finding: Finding[str]) -> bool:
    zones = reading.pages[finding.page - 1].zones
    return any(zone.kind == "handwriting" and zone.box.holds(*finding.box.middle) for zone in zones)
