"""How long the proof in a document lasts, and what ends it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGER = 1.25
"""A new time stamp is worth having where it holds longer than what is left of the old one by this factor."""


@dataclass(frozen=True, slots=True)
class Ends:
    """When the last time stamp of a document proves nothing any more.

    `at` is the sooner of `dates`, when the first certificate of its chain ends, and of the day on which the first of its
    algorithms is trusted no more; `what` names that certificate or algorithm. `authority` names who stamped, `chain` is SHA-256
    of its certificate (hex).
    """

    at: datetime
    what: str
    dates: datetime
    authority: str
    chain: str

    def longer_than(self, old: Ends, moment: datetime, soon: datetime) -> bool:
        """Whether a stamp that ends thus is worth having in place of `old`.

        Where its certificates end by `soon` it is enough that the new ones do not: an algorithm that nobody offers better
        than is no reason to let the dates run out.
        """
        if _left(self.at, moment) > LONGER * max(0.0, _left(old.at, moment)):
            return True
        return old.dates <= soon and _left(self.dates, moment) > LONGER * _left(old.dates, moment)


def _left(end: datetime, moment: datetime) -> float:
    """Seconds."""
    return (end - moment).total_seconds()
