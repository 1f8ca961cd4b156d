"""What must stand on the paper, given what a person wrote over a fact and the words that the fact was read from.

The value of a fact is tidied up (a date is ISO 8601, a number has no spaces); the paper is not. Rules

1. What filing would make of the words says which part of them is the value; the rest stays as it was read.
2. Capitals are those of the paper. A number keeps the paper's spaces and dots, a date its order, signs and leading zeros.
3. What cannot be derived so, or is no other reading of the words at all (a person wrote what stands elsewhere), is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz.distance import Levenshtein

from domain.text import fold, squeeze
from filing import parsers
from filing.dates import find_dates
from filing.parsers import Parser

_ALIKE = 0.5
"""Least part of the letters, marks left aside, that two readings of the same words share."""
_KHOA = "Khoa "
_TEXTS: Mapping[str, Parser] = {"name": parsers.name, "department": parsers.department, "diagnosis": parsers.told}
_CODES = frozenset({"citizen_id", "insurance_id", "record_number", "admission_number", "archive_number", "icd10"})
_DATES = frozenset({"birth_date", "admission_date", "discharge_date"})
_NUMBER = re.compile(r"\d+")


def as_printed(fact: str, value: str, evidence: str) -> str | None:
    """The words of `evidence` as they should have been read (NFC); None where that cannot be said (3)."""
    if fact in _TEXTS:
        printed = _text(_TEXTS[fact], value, evidence)
    elif fact in _CODES:
        printed = _code(value, evidence)
    elif fact in _DATES and len(find_dates(evidence)) == 1:
        printed = _date(value, evidence)
    else:
        printed = None
    return printed if printed and _alike(printed, evidence) else None


def _text(parse: Parser, value: str, evidence: str) -> str | None:
    piece = parse(evidence)
    if piece is None:
        return None
    before, new = (text.removeprefix(_KHOA) for text in (piece.value, squeeze(value)))
    where = [match.span() for match in re.finditer(re.escape(before), evidence, re.IGNORECASE)]
    if len(where) != 1:
        return None
    start, end = where[0]
    if evidence[end : end + 1].strip():  # a sign glued to the value: of the paper, or part of what was misread
        return None
    if evidence[start:end].isupper():
        new = new.upper()
    elif new.isupper():
        return None
    return evidence[:start] + new + evidence[end:]


def _code(value: str, evidence: str) -> str | None:
    """Character by character; what stands between them stays."""
    places = [place for place, char in enumerate(evidence) if char.isalnum()]
    new = [char for char in value if char.isalnum()]
    if len(places) != len(new):
        return None
    letters = list(evidence)
    for place, char in zip(places, new, strict=True):
        letters[place] = char
    return "".join(letters)


def _date(value: str, evidence: str) -> str | None:
    parts, numbers = value.split("-"), list(_NUMBER.finditer(evidence))
    if len(parts) == 3 and len(numbers) == 8:  # a digit a box
        return _code("".join(reversed(parts)), evidence)
    if len(parts) != 3 or len(numbers) != 3 or max(len(number[0]) for number in numbers) != 4:
        return None
    wanted = parts if len(numbers[0][0]) == 4 else parts[::-1]
    printed, end = "", 0
    for number, part in zip(numbers, wanted, strict=True):
        plain = part if number[0].startswith("0") or len(number[0]) == 4 else part.lstrip("0")
        printed += evidence[end : number.start()] + plain
        end = number.end()
    printed += evidence[end:]
    return printed if [(one.value.isoformat(), one.repaired) for one in find_dates(printed)] == [(value, False)] else None


def _alike(one: str, other: str) -> bool:
    return Levenshtein.normalized_similarity(fold(one), fold(other)) >= _ALIKE
