"""Whose name is it: the patient's, a relative's, a doctor's; and does a document speak of one patient or of two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from domain.errors import Message
from domain.findings import Finding, PatientFacts
from filing.dates import even_fold
from filing.labels import NAME, OTHER, Labelled
from filing.layout import Row
from filing.names import flat

_PERSONS = frozenset(
    {"nguoinha", "nguoigiamho", "nguoidaidien", "nguoilienhe", "nguoihotong", "nguoicamket", "bacsi", "bacsidieutri", "bsdieutri"}
    | {"dieuduong", "thaythuoc", "phauthuatvien", "bacsichidinh", "bacsigayme", "bacsiphauthuat", "nguoithuchien", "nguoilaymau"}
    | {"truongkhoa", "giamdoc", "khicanbaotin"}
)
_SIGNERS = re.compile(
    r"\b(bac si|dieu duong|truong khoa|giam doc|thay thuoc|ky thuat vien|thu truong|phau thuat vien|y ta|nguoi nha|nguoi lap|"
    r"nguoi lam|nu ho sinh|ho sinh|nguoi thuc hien|ky ten|ghi ro ho ten|dai dien)\b"
)
_ROWS_OF_A_SIGNATURE = 5
_SAME_NAME, _OTHER_NAME = 85, 75
"""Likeness (per cent) of two readings of one name, and below which they are two names."""


def is_another_person(rows: Sequence[Row], marks: Sequence[Labelled], place: int) -> bool:
    """Whether a name label belongs to a relative, a doctor or a signature."""
    mark = marks[place]
    if mark.label.field != NAME:
        return False
    before = marks[place - 1] if place else None
    if before and before.row is mark.row and before.label.field == OTHER and before.label.bones in _PERSONS and not before.value:
        return True
    return mark.label.weight < 1 and _under_a_signature(rows, mark)


def same_person(one: PatientFacts, other: PatientFacts) -> bool:
    """Whether two sets of facts may be one patient's: nothing in them is clearly another person's."""
    if one.name and other.name:
        return fuzz.ratio(flat(one.name.value), flat(other.name.value)) >= _SAME_NAME
    return not any(_clearly_other(a, b) for a, b in _numbers(one, other))


def two_patients(persons: Sequence[PatientFacts]) -> Message | None:
    """A message when pages of one document name two different patients, or one name with two different numbers."""
    for index, one in enumerate(persons):
        for other in persons[index + 1 :]:
            numbers = any(_clearly_other(a, b) for a, b in _numbers(one, other))
            agree = any(a.value == b.value for a, b in _numbers(one, other))
            if one.name and other.name and not agree and _like(one.name, other.name) < _OTHER_NAME:
                return TWO_PATIENTS
            if numbers and not agree:
                return TWO_PATIENTS
    return None


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


def _under_a_signature(rows: Sequence[Row], mark: Labelled) -> bool:
    """Whether a role or `ký, ghi rõ họ tên` stands shortly above the label, in its own column."""
    place = next(index for index, row in enumerate(rows) if row is mark.row)
    left = mark.row.tokens[mark.start].box.x0
    for row in rows[max(0, place - _ROWS_OF_A_SIGNATURE) : place]:
        if row.page != mark.row.page:
            continue
        for segment in row.segments():
            text = " ".join(token.text for token in segment)
            beside = segment[0].box.x0 - 6 * row.height < left < segment[-1].box.x1 + 2 * row.height
            if beside and len(segment) <= 8 and ":" not in text and _SIGNERS.search(even_fold(text)):
                return True
    return False
