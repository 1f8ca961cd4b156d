"""Candidates as Duyệt shows them, with the doubt that keeps one from being taken with a single key.

Rules
1. Whoever differs from the paper anywhere is doubtful.
2. Two who both do not differ are both doubtful: the paper does not say which is meant.
3. Whose name alone agrees is doubtful: somebody missing from the index may be meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.patients import Agreement, Candidate, Comparison

_WEAK = frozenset({"name", "sex", "department"})
"""Facts that many people share."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate with its number on the screen and its doubt: `differs`, `rival`, `thin`, or None for the likely one."""

    number: int
    candidate: Candidate
    doubt: str | None

    @property
    def compared(self) -> list[Comparison]:
        """What agrees or differs."""
        return [one for one in self.candidate.comparisons if one.agreement is not Agreement.NOTHING]

    @property
    def silent(self) -> list[str]:
        """Facts that only one side knows."""
        return [one.fact for one in self.candidate.comparisons if one.agreement is Agreement.NOTHING]


def choices(found: Sequence[Candidate]) -> list[Choice]:
    """Candidates in the order given."""
    return [Choice(number, one, doubt(one, found)) for number, one in enumerate(found, start=1)]


def doubt(candidate: Candidate, found: Sequence[Candidate]) -> str | None:
    """Why this one is not taken with a single key (the numbers of the module's rules)."""
    if candidate.differs:  # 1
        return "differs"
    if any(not other.differs for other in found if other.patient.id != candidate.patient.id):  # 2
        return "rival"
    agreeing = {one.fact for one in candidate.comparisons if one.agreement is Agreement.AGREES}
    return None if agreeing - _WEAK else "thin"  # 3
