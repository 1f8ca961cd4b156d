"""The stay that a paper tells of, as a row of the index."""

from __future__ import annotations

from datetime import date

from domain.findings import EpisodeFacts, Finding
from domain.names import flat
from domain.patients import Patient, Stay
from filing.identifiers import bare


def stay_on_paper(episode: EpisodeFacts, patient: Patient) -> Stay | None:
    """The stay of a filed paper, or None where the paper does not tell enough or the index lists it already.

    A stay without a department opens no door; one without number or date could be any stay.
    """
    if episode.department is None or not (episode.admission_number or episode.archive_number or episode.admission_date):
        return None
    stay = Stay(
        patient_id=patient.id,
        admission_number=_value(episode.admission_number),
        archive_number=_value(episode.archive_number),
        admission_date=_day(episode.admission_date),
        discharge_date=_day(episode.discharge_date),
        department=episode.department.value,
    )
    return None if any(_same(stay, known) for known in patient.stays) else stay


def _same(paper: Stay, known: Stay) -> bool:
    """Whether the index lists the stay: one department, and a number or the first day in common."""
    if known.department is None or paper.department is None or flat(known.department) != flat(paper.department):
        return False
    numbers = ((paper.admission_number, known.admission_number), (paper.archive_number, known.archive_number))
    by_number = any(a and b and bare(a) == bare(b) for a, b in numbers)
    return by_number or (paper.admission_date is not None and paper.admission_date == known.admission_date)


def _value(finding: Finding[str] | None) -> str | None:
    return finding.value if finding else None


def _day(finding: Finding[str] | None) -> date | None:
    return date.fromisoformat(finding.value) if finding else None
