"""What may be written for a number or a day, character by character: the rules by which a doubtful one is read a second time.

A rule says which characters may follow what is written so far, spaces and the signs between digits left out, and when it is
whole. The rule of a citizen's number knows provinces and centuries, that of a card the groups of insured persons, that of days
the calendar.
"""

from __future__ import annotations

import string
from calendar import isleap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from domain.numbers import GROUPS, LAST_PROVINCE

_DIGITS = string.digits
_FIRST_YEAR, _LAST_YEAR = 1900, 2039
"""Of days: births, stays, the validity of cards."""
_DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SIGNS = (("/", "/"), ("-", "-"), (".", "."), ("tháng", "năm"))


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to write a number or a day; `name` as in `Word.changed`.

    `after(begun)`: the characters that may follow, none where nothing may; `whole(text)`: whether nothing is missing, of what was
    written by `after`; `usual(text)`: whether it is of a known sort, as all are unless said otherwise.
    """

    name: str
    after: Callable[[str], str]
    whole: Callable[[str], bool]
    usual: Callable[[str], bool] = bool


def accepts(rule: Rule, text: str) -> bool:
    """Whether a text is whole by a rule."""
    return all(char in rule.after(text[:place]) for place, char in enumerate(text)) and rule.whole(text)


def _digits(name: str, length: int) -> Rule:
    return Rule(name, lambda begun: _DIGITS if len(begun) < length else "", lambda text: len(text) == length)


def _citizen(begun: str) -> str:
    """Somebody born in Vietnam between 1900 and 2039."""
    place = len(begun)
    if place < 3:
        return "".join(digit for digit in _DIGITS if _begins_province(begun + digit))
    if place == 3:
        return "0123"
    if place == 4 and begun[3] in "23":
        return "0123"
    return _DIGITS if place < 12 else ""


def _begins_province(begun: str) -> bool:
    return int(begun.ljust(3, "0")) <= LAST_PROVINCE and int(begun.ljust(3, "9")) >= 1


def _card(begun: str) -> str:
    place = len(begun)
    if place < 2:
        return string.ascii_uppercase
    return "12345" if place == 2 else _DIGITS if place < 15 else ""


def _day(begun: str) -> str:
    """A day of the calendar: `03/11/2009`, `3-1-2009`, `03.11.2009`, `03 tháng 11 năm 2009`."""
    return _tree().get(begun) or _year(begun)


def _boxed_day(begun: str) -> str:
    """The same as the eight digits of a strip of boxes."""
    return _boxed_tree().get(begun) or _year(begun)


def _year(begun: str) -> str:
    """What goes on a year behind a day and a month."""
    head = next((head for head in (begun[:end] for end in range(len(begun), max(len(begun) - 4, 0), -1)) if head in _heads()), "")
    year, leap = begun[len(head) :], _heads().get(head)
    if leap is None or len(year) == 4:
        return ""
    return "".join(digit for digit in _DIGITS if (year + digit) in _years(leap=leap))


@cache
def _heads() -> dict[str, bool]:
    """All ways to write day and month with what parts them from the year; whether only leap years have the day."""
    found = {}
    for month, days in enumerate(_DAYS_OF, 1):
        for day in range(1, days + 1):
            leap = (day, month) == (29, 2)
            found[f"{day:02}{month:02}"] = leap
            for one, other in _SIGNS:
                for d in {str(day), f"{day:02}"}:
                    found |= {f"{d}{one}{m}{other}": leap for m in {str(month), f"{month:02}"}}
    return found


@cache
def _tree() -> dict[str, str]:
    return _branches(head for head in _heads() if not head.isdigit())


@cache
def _boxed_tree() -> dict[str, str]:
    return _branches(head for head in _heads() if head.isdigit())


def _branches(texts: Iterable[str]) -> dict[str, str]:
    """For each beginning of the texts the characters that go on."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for place, char in enumerate(text):
            found.setdefault(text[:place], set()).add(char)
    return {begun: "".join(sorted(chars)) for begun, chars in found.items()}


@cache
def _years(*, leap: bool) -> frozenset[str]:
    """Beginnings of years."""
    years = [str(year) for year in range(_FIRST_YEAR, _LAST_YEAR + 1) if not leap or isleap(year)]
    return frozenset(year[:length] for year in years for length in range(1, 5))


CITIZEN = Rule("citizen_id", _citizen, lambda text: len(text) == 12)
OLD_CITIZEN = _digits("old_id", 9)
CARD = Rule("insurance_id", _card, lambda text: len(text) == 15, lambda text: text[:2] in GROUPS)
INSURED = _digits("insurance_id", 10)
DAY = Rule("date", _day, lambda text: not _day(text) and len(text) > 7)
BOXED_DAY = Rule("date", _boxed_day, lambda text: len(text) == 8)
