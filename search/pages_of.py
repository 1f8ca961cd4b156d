"""What is indexed of a document: its pages as read, under what is known of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.documents import Document
from domain.findings import Facts, present
from domain.pages import PageReading
from domain.patients import Patient
from domain.search import IndexedPage

_UNSPOKEN = {"sex", "birth_year"}
"""Facts that nobody searches for by their value alone."""


def indexed_pages(
    document: Document, facts: Facts, readings: Iterable[PageReading], patient: Patient | None
) -> list[IndexedPage]:
    """One entry a page, in order. Only a confirmed link (`patient`) gives a page a patient; a name merely read is a fact.

    The year is that of the discharge, else of the admission, as found; None when neither was.
    """
    title = document.title or facts.kind.title or document.origin.name
    spoken = " | ".join(dict.fromkeys([*_found(facts), *(_identifiers(patient) if patient else ())]))
    return [
        IndexedPage(
            document=document.id,
            page=reading.number,
            state=document.state,
            title=title,
            kind=document.kind_code or facts.kind.code,
            patient=patient.id if patient else None,
            patient_name=patient.name if patient else None,
            departments=document.departments,
            year=_year(facts),
            text="\n".join((reading.text, *(code.text for code in reading.barcodes), *_read_at_first(reading))),
            facts=spoken,
        )
        for reading in readings
    ]


def _read_at_first(reading: PageReading) -> Iterator[str]:
    """What stands on the page where a rule chose otherwise: whoever types it, or what the rule chose, finds the page."""
    yield from dict.fromkeys(word.changed.read for word in reading.words if word.changed and word.changed.rule)


def _found(facts: Facts) -> Iterator[str]:
    for side in (facts.patient, facts.episode):
        for name, finding in present(side).items():
            if name not in _UNSPOKEN:
                yield from _spellings(str(finding.value))


def _identifiers(patient: Patient) -> Iterator[str]:
    numbers = (patient.id, patient.citizen_id, patient.old_citizen_id, patient.insurance_id)
    yield from (number for number in numbers if number)
    if patient.birth_date:
        yield from _spellings(patient.birth_date.isoformat())


def _spellings(value: str) -> Iterator[str]:
    """A value, and a date also as Vietnamese writes it."""
    yield value
    year, *rest = value.split("-")
    if len(year) == 4 and len(rest) == 2 and value.replace("-", "").isdecimal():
        yield "/".join((*reversed(rest), year))


def _year(facts: Facts) -> int | None:
    found = facts.episode.discharge_date or facts.episode.admission_date
    return int(found.value[:4]) if found and found.value[:4].isdecimal() else None
