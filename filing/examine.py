"""The whole of filing on a reading: kind, facts, and what gives pause before any patient is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import Message
from domain.findings import Facts
from domain.pages import Reading
from filing.fields import facts_of, marked, persons_by_page
from filing.kinds import classify
from filing.people import two_patients


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
    doubt = two_patients(persons_by_page(document))
    return Examination(Facts(kind, patient, episode), (doubt,) if doubt else ())
