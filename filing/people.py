"""Whose name is it: the patient's, a relative's, a doctor's; and does a document speak of one patient or of two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from domain.errors import Message
from domain.findings import Finding, PatientFacts
from domain.names import flat
from filing.dates import even_fold
from filing.labels import OTHER, Labelled
from filing.layout import Row, Token, joined
from filing.names import is_newborn

_PERSONS = frozenset(
    {"nguoinha", "nguoigiamho", "nguoidaidien", "nguoilienhe", "nguoihotong", "nguoicamket", "bacsi", "bacsidieutri", "bsdieutri"}
    | {"dieuduong", "thaythuoc", "phauthuatvien", "bacsichidinh", "bacsigayme", "bacsiphauthuat", "nguoithuchien", "nguoilaymau"}
    | {"truongkhoa", "giamdoc", "khicanbaotin"}
)
_SIGNERS = re.compile(
    r"\b(bac si|dieu duong|truong khoa|giam doc|thay thuoc|ky thuat vien|thu truong|phau thuat vien|y ta|nguoi nha|nguoi lap|"
    r"nguoi lam|nu ho sinh|ho sinh|nguoi thuc hien|ky ten|ghi ro ho ten|dai dien)\b"
)
ROWS_OF_A_SIGNATURE = 5
_SAME_NAME, _OTHER_NAME = 85, 75
"""Likeness (per cent) of two readings of one name, and below which they are two names."""


def is_another_person(mark: Labelled, before: Labelled | None, above: Sequence[Row]) -> bool:
    """Whether a name label belongs to a relative, a doctor or a signature. `before`: the label before it; `above`: the
    `ROWS_OF_A_SIGNATURE` rows above it.
    """
    if before and before.row is mark.row and before.label.field == OTHER and before.label.bones in _PERSONS and not before.value:
        return True
    return mark.label.weight < 1 and _under_a_signature(mark, above)


def same_person(one: PatientFacts, other: PatientFacts) -> bool:
    """Whether two sets of facts may be one patient's: nothing in them is clearly another person's."""
    if one.name and other.name:
        return fuzz.ratio(flat(one.name.value), flat(other.name.value)) >= _SAME_NAME
    return not any(_clearly_other(a, b) for a, b in _numbers(one, other))


def two_patients(persons: Sequence[PatientFacts]) -> Message | None:
    """A message when pages of one document name two different patients, or one name with two different numbers."""
    different = list({_said(person): person for person in persons}.values())
    return TWO_PATIENTS if any(_are_two(one, other) for one, other in combinations(different, 2)) else None


def _said(person: PatientFacts) -> tuple[str | None, ...]:
    known = (person.name, person.citizen_id, person.insurance_id, person.record_number)
    return tuple(finding.value if finding else None for finding in known)


def _are_two(one: PatientFacts, other: PatientFacts) -> bool:
    """Numbers that agree make one patient of two names, except of a newborn and its mother."""
    if one.name and other.name and is_newborn(one.name.value) != is_newborn(other.name.value):
        return True
    numbers = _numbers(one, other)
    if any(a.value == b.value for a, b in numbers):
        return False
    other_name = one.name and other.name and _like(one.name, other.name) < _OTHER_NAME
    return bool(other_name) or any(_clearly_other(a, b) for a, b in numbers)


TWO_PATIENTS = Message(
    "two_patients",
    "Các trang nêu tên hoặc số của hai người bệnh khác nhau. Hãy xem từng trang và tách tài liệu nếu cần.",
    "The pages name two different patients. Look at each page and split the document where needed.",
)


def _like(one: Finding[str], other: Finding[str]) -> float:
    return fuzz.ratio(flat(one.value), flat(other.value))


def _numbers(one: PatientFacts, other: PatientFacts) -> list[tuple[Finding[str], Finding[str]]]:
    pairs = ((one.citizen_id, other.citizen_id), (one.insurance_id, other.insurance_id), (one.record_number, other.record_number))
    return [(a, b) for a, b in pairs if a and b and len(a.value) == len(b.value)]


def _clearly_other(one: Finding[str], other: Finding[str]) -> bool:
    """Two numbers that no slip of the reader explains: more than two characters apart."""
    return DamerauLevenshtein.distance(one.value, other.value) > 2


def _under_a_signature(mark: Labelled, above: Sequence[Row]) -> bool:
    """Whether a role or `ký, ghi rõ họ tên` stands shortly above the label, in its own column."""
    left = mark.row.tokens[mark.start].box.x0
    return any(
        row.page == mark.row.page and _is_a_role(segment) and _stands_over(segment, left, row.height)
        for row in above
        for segment in row.segments()
    )


def _is_a_role(segment: Sequence[Token]) -> bool:
    text = joined(segment)
    return len(segment) <= 8 and ":" not in text and bool(_SIGNERS.search(even_fold(text)))


def _stands_over(segment: Sequence[Token], left: float, height: float) -> bool:
    return segment[0].box.x0 - 6 * height < left < segment[-1].box.x1 + 2 * height
