"""What a person may write over a fact: the value in the form of the sidecar, or a refusal that says what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from domain.errors import Refused
from domain.findings import EpisodeFacts, Facts, Finding, KindFinding, PatientFacts, Value
from domain.numbers import CARD_SHAPE, CITIZEN_SHAPE, INSURED_SHAPE, OLD_CITIZEN_SHAPE
from domain.pages import Box
from domain.text import fold, squeeze
from filing import dates, identifiers
from filing.catalogue import forms, skeleton
from filing.sexes import MAN, WOMAN

KIND = "kind"
_CHOSEN = "Do người duyệt chọn."
_PATIENT = {field.name for field in fields(PatientFacts)}
_EPISODE = {field.name for field in fields(EpisodeFacts)}


def corrected(facts: Facts, fact: str, value: str) -> Facts:
    """Facts with one of them replaced; an empty value makes it unknown. `fact`: a member of patient or episode, or `kind` (a code
    of the catalogue, or the title of another paper). Raises Refused: `no_such_fact`, `bad_value`.
    """
    if fact == KIND:
        return replace(facts, kind=_kind(value))
    if fact in ("birth_date", "birth_year"):
        return replace(facts, patient=_with_birth(facts.patient, value))
    if fact in _PATIENT:
        return replace(facts, patient=replace(facts.patient, **{fact: _written(getattr(facts.patient, fact), fact, value)}))
    if fact in _EPISODE:
        return replace(facts, episode=replace(facts.episode, **{fact: _written(getattr(facts.episode, fact), fact, value)}))
    raise Refused("no_such_fact", "Không có mục này trên giấy.", "There is no such fact.")


def _kind(value: str) -> KindFinding:
    if not value.strip():
        return KindFinding()
    form = next((form for form in forms() if form.code == value.strip()), None)
    form = form or next((form for form in forms() if skeleton(form.title) == skeleton(value)), None)
    if form is None:
        return KindFinding(None, squeeze(value), None, 1.0, (_CHOSEN,))
    return KindFinding(form.code, form.title, form.catalogue, 1.0, (_CHOSEN,))


def _with_birth(patient: PatientFacts, value: str) -> PatientFacts:
    """Date and year change together; a year alone is a year."""
    if not value.strip():
        return replace(patient, birth_date=None, birth_year=None)
    alone = re.fullmatch(r"\s*((?:18|19|20)\d\d)\s*", value)
    if alone:
        return replace(patient, birth_date=None, birth_year=_placed(patient.birth_year, int(alone[1])))
    day = _day(value)
    year = _placed(patient.birth_year or patient.birth_date, int(day[:4]))
    return replace(patient, birth_date=_placed(patient.birth_date or patient.birth_year, day), birth_year=year)


def _written(before: Finding[str] | None, fact: str, value: str) -> Any:
    """The new value as a finding; None for an empty value."""
    return _placed(before, _FORMS.get(fact, squeeze)(value)) if value.strip() else None


def _placed(before: Finding[str] | Finding[int] | None, value: Value) -> Finding[Value]:
    """A sure value, at the place on the page that was shown."""
    page, box, evidence = (before.page, before.box, before.evidence) if before else (1, Box(0, 0, 0, 0), "")
    return Finding(value, 1.0, page, box, evidence)


def _day(value: str) -> str:
    found = dates.find_dates(value)
    if len(found) != 1:
        raise _bad("ngày dạng 03/11/2009", "a date such as 03/11/2009")
    return found[0].value.isoformat()


def _sex(value: str) -> str:
    named = {fold(MAN): MAN, fold(WOMAN): WOMAN}.get(fold(value.strip()))
    if named is None:
        raise _bad("Nam hoặc Nữ", "Nam or Nữ")
    return named


def _citizen(value: str) -> str:
    digits = _bare(value)
    if not (CITIZEN_SHAPE.fullmatch(digits) or OLD_CITIZEN_SHAPE.fullmatch(digits)):
        raise _bad("12 chữ số (hoặc 9 chữ số của CMND cũ)", "12 digits (or the 9 of an old card)")
    return digits


def _insurance(value: str) -> str:
    number = _bare(value).upper()
    if not (CARD_SHAPE.fullmatch(number) or INSURED_SHAPE.fullmatch(number)):
        raise _bad("15 ký tự (hoặc 10 chữ số) của thẻ BHYT", "the 15 characters (or 10 digits) of an insurance card")
    return number


def _code(value: str) -> str:
    found = identifiers.hospital_code(value.strip())
    if found is None or found.end != len(value.strip()):
        raise _bad("mã gồm chữ và số", "a code of letters and digits")
    return found.value


def _department(value: str) -> str:
    name = squeeze(value)
    return name if fold(name).startswith("khoa ") else f"Khoa {name}"


def _icd(value: str) -> str:
    code = _bare(value, keep=".").upper()
    if not re.fullmatch(r"[A-Z]\d{2}(\.\d{1,2})?", code):
        raise _bad("mã ICD-10 như J18.9", "an ICD-10 code such as J18.9")
    return code


def _bare(value: str, keep: str = "") -> str:
    return re.sub(r"[\s.\-]" if not keep else r"\s", "", value)


def _bad(vi: str, en: str) -> Refused:
    return Refused("bad_value", f"Cần nhập {vi}.", f"Expected: {en}.")


_FORMS: dict[str, Callable[[str], str]] = {
    "sex": _sex,
    "citizen_id": _citizen,
    "insurance_id": _insurance,
    "record_number": _code,
    "admission_number": _code,
    "archive_number": _code,
    "department": _department,
    "admission_date": _day,
    "discharge_date": _day,
    "icd10": _icd,
}
