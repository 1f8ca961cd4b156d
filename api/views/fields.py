"""What was read on a paper, as numbered fields with their places; and candidates as cards that compare."""

from __future__ import annotations

from dataclasses import dataclass

from api.views.places import Place, Strip, cut, on_page
from domain.findings import Facts, Finding, present
from domain.pages import Reading

ORDER = (
    "name", "birth_date", "birth_year", "sex", "citizen_id", "insurance_id", "record_number", "admission_number",
    "archive_number", "department", "admission_date", "discharge_date", "diagnosis", "icd10",
)  # fmt: skip
EXPECTED = ("name", "birth_date", "citizen_id", "insurance_id")
"""Fields shown even when nothing was read, so that a person can fill them in."""
CLEAR, FAIR, FAINT = 0.9, 0.7, 0.4


@dataclass(frozen=True, slots=True)
class Field:
    """One row: `level` 3 clear, 2 fairly clear, 1 faint, 0 not read; place on its page, and an enlarged cut when doubtful."""

    number: int
    fact: str
    value: str
    level: int
    page: int | None = None
    place: Place | None = None
    strip: Strip | None = None

    @property
    def unsure(self) -> bool:
        """Whether a person should look again."""
        return self.level < 2


def fields(facts: Facts, reading: Reading) -> list[Field]:
    """The rows, in the order in which people name a person."""
    found = {**present(facts.patient), **present(facts.episode)}
    if "birth_date" in found:
        found.pop("birth_year", None)
    names = [
        name for name in ORDER if name in found or (name in EXPECTED and not (name == "birth_date" and "birth_year" in found))
    ]
    return [_field(number, name, found.get(name), reading) for number, name in enumerate(names, start=1)]


def _field(number: int, name: str, finding: Finding[str] | Finding[int] | None, reading: Reading) -> Field:
    if finding is None:
        return Field(number, name, "", 0)
    level = sum(finding.confidence >= step for step in (FAINT, FAIR, CLEAR))
    page = next((one for one in reading.pages if one.number == finding.page), None)
    if page is None or finding.box.x1 <= finding.box.x0:  # a person typed it: it has no place on the paper
        return Field(number, name, str(finding.value), level)
    strip = cut(finding.box, page) if level < 2 else None
    return Field(number, name, str(finding.value), level, finding.page, on_page(finding.box, page), strip)
