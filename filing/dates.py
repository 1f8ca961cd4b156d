"""Dates as Vietnamese papers write them.

`03/11/2009`, `3-11-2009`, `ngày 06 tháng 09 năm 2014`, `08 giờ 20 phút ngày 03/11/2009`, `2009-11-03`, and eight digits in boxes
(`0 3 1 1 2 0 0 9`). A year of two digits is no date: nobody can say of which century it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from domain.numbers import EARLIEST, LATEST
from domain.text import fold

_D = r"[0-9oilsb|]"
_GAP = r"[\s._…,:]*"
_SHAPES = (
    re.compile(rf"(?<!\w)(?P<d>{_D}{{1,2}})\s?[/.\-]\s?(?P<m>{_D}{{1,2}})\s?[/.\-]\s?(?P<y>{_D}{{4}})(?!\w)"),
    re.compile(rf"(?<!\w)(?P<d>{_D}{{1,2}}){_GAP}th[ao]ng{_GAP}(?P<m>{_D}{{1,2}}){_GAP}n[ao]m{_GAP}(?P<y>{_D}{{4}})(?!\w)"),
    re.compile(rf"(?<!\w)(?P<y>{_D}{{4}})-(?P<m>{_D}{{2}})-(?P<d>{_D}{{2}})(?!\w)"),
    re.compile(
        r"(?<!\w)(?P<d>\d[\s|]{1,3}\d)[\s|/]{1,3}(?P<m>\d[\s|]{1,3}\d)[\s|/]{1,3}(?P<y>\d(?:[\s|]{1,3}\d){3})(?![\s|]*\d)"
    ),
)
_YEAR = re.compile(r"(?<!\w)((?:1[89]|20)\d\d)(?!\w)")
_REPAIRS = str.maketrans("oil|sb", "011158")
_BOXED = re.compile(r"(?<![\w/.-])(\d\d)(\d\d)((?:19|20)\d\d)(?![\w/.-])")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, from letter `start` to `end`; `repaired`: a letter was taken for the digit it looks like."""

    value: date
    start: int
    end: int
    repaired: bool = False


def even_fold(text: str) -> str:
    """Lower case without tones, letter by letter: the result is as long as the text."""
    return "".join(fold(char)[:1] or char for char in text)


def find_dates(text: str) -> list[FoundDate]:
    """All dates of an NFC text, in its order. What is no day of the calendar is left out."""
    flat = even_fold(text)
    found: list[FoundDate] = []
    for shape in _SHAPES:
        for match in shape.finditer(flat):
            one = _read(match)
            if one and not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return sorted(found, key=lambda one: one.start)


def boxed_date(text: str) -> FoundDate | None:
    """The first eight digits that are a day, as a strip of boxes holds them (`03112009`): to be asked for behind a label only."""
    days = ((match, _day(match[3], match[2], match[1])) for match in _BOXED.finditer(text))
    return next((FoundDate(day, match.start(), match.end()) for match, day in days if day), None)


def find_year(text: str) -> tuple[int, int, int] | None:
    """The first year that stands alone: `(year, start, end)`."""
    match = _YEAR.search(text)
    return (int(match[1]), match.start(), match.end()) if match else None


def _read(match: re.Match[str]) -> FoundDate | None:
    raw = [re.sub(r"[\s|]", "", match[part]) if " " in match[part] else match[part] for part in ("y", "m", "d")]
    if not all(any(char.isdigit() for char in part) for part in raw[:1]):
        return None
    year, month, day = (part.translate(_REPAIRS) for part in raw)
    value = _day(year, month, day)
    repaired = (year, month, day) != tuple(raw)
    return FoundDate(value, match.start(), match.end(), repaired) if value else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return value if EARLIEST <= value.year <= LATEST else None
