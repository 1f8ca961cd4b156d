"""What to ask the patient index for, so that every patient who may be meant comes back and few others do."""

from __future__ import annotations

from dataclasses import dataclass

from domain.findings import Facts
from domain.text import fold, squeeze
from filing.identifiers import bare


@dataclass(frozen=True, slots=True)
class LookupKeys:
    """Ask for every patient who has one of `identifiers` or whose folded name is `folded_name`. Identifiers come as read and as
    compared: citizen (old or new), insurance whole and by its last ten digits, patient code, admission and archive number.
    `birth_year` narrows a common name. All empty: the paper names nobody.
    """

    identifiers: frozenset[str]
    folded_name: str | None
    birth_year: int | None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to ask for."""
        return not self.identifiers and not self.folded_name


def keys(facts: Facts) -> LookupKeys:
    """The keys of a document's facts."""
    patient, episode = facts.patient, facts.episode
    found = (patient.citizen_id, patient.insurance_id, patient.record_number, episode.admission_number, episode.archive_number)
    numbers = {form for one in found if one for form in (one.value, bare(one.value)) if form}
    if patient.insurance_id:
        numbers.add(patient.insurance_id.value[-10:])
    return LookupKeys(
        frozenset(numbers),
        fold(squeeze(patient.name.value)) if patient.name else None,
        patient.birth_year.value if patient.birth_year else None,
    )
