"""Exit status: 0 done (all passed), 1 judged bad, 2 usage, 3 undetermined or unsigned, 4 input refused or unreadable, 5 a needed
part is missing or away; of several, the first of 5, 4, 1, 3, 0 that occurred.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import LuukyError, PartAway, PartMissing, Refused

DONE, BAD, USAGE, UNDETERMINED, REFUSED, MISSING = 0, 1, 2, 3, 4, 5
_ORDER = (MISSING, REFUSED, BAD, UNDETERMINED, DONE)


def of_error(error: LuukyError) -> int:
    """The status that tells of an error."""
    if isinstance(error, PartMissing | PartAway):
        return MISSING
    return REFUSED if isinstance(error, Refused) else BAD


def of_several(statuses: Iterable[int]) -> int:
    """The one status of a command that did several things."""
    seen = set(statuses)
    return next((status for status in _ORDER if status in seen), DONE)
