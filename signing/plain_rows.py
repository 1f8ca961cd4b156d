"""A row of the tables that put evidence in plain words: which evidence it is for, and the sentence in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from domain.here import HERE
from domain.signatures import Verdict

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDETERMINED
Row = tuple[Verdict, str, str, str]
"""The verdict of the rule, a pattern for all of its evidence, the sentence in Vietnamese and in English.

The sentences name groups of the pattern; `start`, `end` and `moment` are times in ISO 8601, to be shown in Vietnam's time.
"""
Rows = tuple[Row, ...]
_TIMES = frozenset({"start", "end", "moment"})


def sentence(rows: Iterable[Row], verdict: Verdict, evidence: str) -> tuple[str, str] | None:
    """What the first row that fits says; None where none does."""
    for wanted, pattern, vi, en in rows:
        found = re.fullmatch(pattern, evidence, re.DOTALL) if wanted is verdict else None
        if found:
            values = {name: _shown(name, value) for name, value in found.groupdict().items()}
            return vi.format(**values), en.format(**values)
    return None


def _shown(name: str, value: str) -> str:
    """A time by the clock; any other text of a file without what would change lines or colours of a terminal."""
    return local(value) if name in _TIMES else "".join(letter if letter.isprintable() else " " for letter in value)


def local(moment: datetime | str) -> str:
    """`30/11/2026 19:49:45`, on the clock of a Vietnamese hospital; text is ISO 8601.

    A certificate without an end says the last second of the year 9999 (RFC 5280, 4.1.2.5), which is none on any other clock.
    """
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    try:
        read = read.astimezone(HERE)
    except OverflowError:
        read = read.replace(tzinfo=HERE)
    return read.strftime("%d/%m/%Y %H:%M:%S")
