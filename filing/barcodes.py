"""What the codes on a citizen card or an insurance card say. Anything else printed as a code is left alone.

Citizen card: `number|old number|name|ddMMyyyy|sex|address|ddMMyyyy…`, seven fields or more.
Insurance card: `number|name in hex|dd/MM/yyyy|1 or 2|address in hex|…|$`; `-` is empty; sex 1 man, 2 woman.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import date, datetime

from domain.findings import Finding, PatientFacts
from domain.pages import Barcode
from domain.text import squeeze
from filing.sexes import MAN, WOMAN

SURE = 0.99
_CITIZEN = re.compile(r"\d{12}")
_INSURED = re.compile(r"[A-Z]{2}[1-5]\d{12}|\d{10}")


def persons(codes: Iterable[Barcode]) -> list[PatientFacts]:
    """One set of facts for each card found, in page order."""
    read = (_citizen_card(code) or _insurance_card(code) for code in codes)
    return [facts for facts in read if facts]


def _citizen_card(code: Barcode) -> PatientFacts | None:
    parts = code.text.strip().split("|")
    if len(parts) < 7 or not _CITIZEN.fullmatch(parts[0]):
        return None
    return _facts(code, {"citizen_id": parts[0], "name": parts[2], "born": parts[3], "sex": parts[4]})


def _insurance_card(code: Barcode) -> PatientFacts | None:
    parts = code.text.strip().split("|")
    number = parts[0].replace(" ", "")[:15]
    if len(parts) < 5 or not _INSURED.fullmatch(number):
        return None
    sex = {"1": MAN, "2": WOMAN}.get(parts[3].strip(), "")
    return _facts(code, {"insurance_id": number, "name": _unhexed(parts[1]), "born": parts[2], "sex": sex})


def _facts(code: Barcode, said: dict[str, str]) -> PatientFacts:
    def found(value: str) -> Finding[str] | None:
        return Finding(value, SURE, code.page, code.box, value) if value else None

    born = _day(said["born"])
    year = born.year if born else _year(said["born"])
    return PatientFacts(
        name=found(squeeze(said["name"])),
        birth_date=Finding(born.isoformat(), SURE, code.page, code.box, said["born"]) if born else None,
        birth_year=Finding(year, SURE, code.page, code.box, said["born"]) if year else None,
        sex=found(said["sex"] if said["sex"] in (MAN, WOMAN) else ""),
        citizen_id=found(said.get("citizen_id", "")),
        insurance_id=found(said.get("insurance_id", "")),
    )


def _day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)
    try:
        return datetime.strptime(digits, "%d%m%Y").date() if len(digits) == 8 else None  # noqa: DTZ007 a birthday has no time zone
    except ValueError:
        return None


def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"(19|20)\d\d", text.strip()) else None


def _unhexed(text: str) -> str:
    try:
        return binascii.unhexlify(text.strip()).decode("utf-8")
    except ValueError:
        return ""
