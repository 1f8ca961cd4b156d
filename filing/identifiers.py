"""Numbers that name a person: citizen card, health insurance, the hospital's own codes.

Their shapes are those of `domain/numbers.py`. Readers of old insurance cards append the five digits of the first hospital.
Letters that look like digits are taken for digits only here, behind a label, and the result says so (`repaired`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.numbers import of_a_province

_AS_DIGIT = str.maketrans("OoQDIl|!iSsBZz", "00001111155822")
_AS_LETTER = str.maketrans("0158", "OISB")
_NOISE = re.compile(r"[\s.\-–—_·…,:|\[\](){}□☐/]+")
_DIGITISH = re.compile(r"[0-9OoQDIl|!iSsBZz][0-9OoQDIl|!iSsBZz\s.\-–_|\[\]□]*")
_CARD = re.compile(r"[A-Z01358][\s.\-–|]*[A-Z01358][\s.\-–|]*[1-5IlS](?:[\s.\-–|]*[0-9OoQDIl|!SsB]){12,17}")
_CARD_ALONE = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[\s.\-]?[1-5][\s.\-]?\d{2}(?:[\s.\-]?\d){10}(?!\d)")
_REST = re.compile(r"(?!(?:19|20)\d\d$)\d{4,}")
"""Digits that go on a code after a gap the reader made (`BN443 12808`, `19 083038`); a year alone does not."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\s./\-_|]*")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """An identifier without spaces and dots, where it stands in the text, and whether letters were taken for digits."""

    value: str
    start: int
    end: int
    repaired: bool = False


def citizen_number(text: str) -> FoundNumber | None:
    """The first run of 12 (or 9) digits, whatever stands between them."""
    return next((found for found in _runs(text) if len(found.value) in (12, 9)), None)


def insurance_number(text: str) -> FoundNumber | None:
    """The first card number of 15 characters, else the first run of 10 digits."""
    match = _CARD.search(text)
    if match:
        bare = _NOISE.sub("", match[0])[:15]
        value = bare[:2].translate(_AS_LETTER) + bare[2:].translate(_AS_DIGIT)
        return FoundNumber(value, match.start(), match.end(), value != bare)
    return next((found for found in _runs(text) if len(found.value) == 10), None)


def insurance_card(text: str) -> FoundNumber | None:
    """A card number of 15 characters that explains itself without any label."""
    match = _CARD_ALONE.search(text)
    return FoundNumber(_NOISE.sub("", match[0]), match.start(), match.end()) if match else None


def hospital_code(text: str) -> FoundNumber | None:
    """A code of the hospital's own: letters, digits, slashes and dashes, with a digit at least; boxed digits are joined. Half a
    code, the rest of which was read as something else (`11.0ó4óó3`), is none.
    """
    match = _CODE.search(text)
    if match is None:
        return None
    end = match.start() + _code_length(match[0])
    value = re.sub(r"[\s.|]", "", text[match.start() : end]).strip("/-_")
    whole = not text[end : end + 1].isalnum() and not text[: match.start()][-1:].isalnum()
    return FoundNumber(value, match.start(), end) if whole and any(char.isdigit() for char in value) else None


def agrees_with_birth(citizen_id: str, year: int | None, sex: str | None) -> bool | None:
    """Whether century, year and sex inside a 12-digit number are those of the person; None: nothing to compare."""
    if len(citizen_id) != 12 or (year is None and sex is None):
        return None
    century = int(citizen_id[3])
    fits_year = year is None or year == 1900 + 100 * (century // 2) + int(citizen_id[4:6])
    fits_sex = sex is None or (century % 2 == 1) == (sex == "Nữ")
    return fits_year and fits_sex


def strange_place(citizen_id: str) -> bool:
    """Whether a 12-digit number begins with no province of Vietnam: a birth abroad, or a misread digit."""
    return len(citizen_id) == 12 and not of_a_province(citizen_id)


def same_insured(one: str, other: str) -> bool:
    """Whether two insurance numbers name one person: the last ten digits do, group and level change with the job."""
    return one[-10:] == other[-10:]


def bare(code: str) -> str:
    """A code as it is compared: capitals, of the signs only slashes (`1/234` is not `12/34`), a number without leading zeros."""
    plain = re.sub(r"[^A-Z0-9/]", "", code.upper())
    return plain.lstrip("0") or plain if plain.isdigit() else plain


def _runs(text: str) -> list[FoundNumber]:
    """Runs of digits, with letters taken for digits only where most of the run is digits."""
    found = []
    for match in _DIGITISH.finditer(text):
        raw = _NOISE.sub("", match[0])
        if sum(char.isdigit() for char in raw) >= 0.6 * len(raw):
            value = raw.translate(_AS_DIGIT)
            found.append(FoundNumber(value, match.start(), match.start() + len(match[0].rstrip()), value != raw))
    return found


def _code_length(text: str) -> int:
    """How far a code reaches: to the first white space, unless boxed characters or more digits follow."""
    words = list(re.finditer(r"\S+", text))
    last = words[0]
    for word in words[1:]:
        boxed = len(word[0]) == 1 and len(last[0]) <= 2
        rest = last[0][-1].isdigit() and _REST.fullmatch(word[0])
        if not (boxed or rest or (last[0][-1] in "/-.|" and word[0][0].isdigit()) or word[0] in ("/", "-")):
            break
        last = word
    return last.end()
