"""Facts to look at again, since people corrected the words that they were taken from. Nothing is changed: it is offered.

1. A fact is looked at if a person vouched for a word in its place, later than anybody vouched for the fact.
2. What filing would take from the same place now is offered beside it; None where it would take nothing, or find it elsewhere.
3. A fact that says the same, capitals aside, is no question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.corrections import moment
from domain.findings import Facts, Finding, present
from domain.pages import Reading
from filing.examine import examine


@dataclass(frozen=True, slots=True)
class Offer:
    """A fact, what it says, and what filing would take from these words now (rule 2)."""

    fact: str
    value: str
    now: str | None


def offers(facts: Facts, reading: Reading, vouched: Mapping[str, datetime]) -> list[Offer]:
    """Rules 1 to 3; `reading` as people corrected it, `vouched`: when a person last wrote a fact."""
    asked = {name: one for name, one in _all(facts).items() if _told_since(one, reading, vouched.get(name))}
    if not asked:
        return []
    fresh = _all(examine(reading).facts)
    found = [Offer(name, str(one.value), _same_place(one, fresh.get(name))) for name, one in asked.items()]
    return [offer for offer in found if (offer.now or "").casefold() != offer.value.casefold()]


def _all(facts: Facts) -> dict[str, Finding[Any]]:
    found = {**present(facts.patient), **present(facts.episode)}
    if "birth_date" in found:  # the year goes with it
        found.pop("birth_year", None)
    return found


def _told_since(finding: Finding[Any], reading: Reading, vouched: datetime | None) -> bool:
    last = moment(vouched) if vouched else ""
    words = (word for page in reading.pages if page.number == finding.page for word in page.words)
    told = (word.changed.at for word in words if word.changed and word.changed.at and finding.box.holds(*word.box.middle))
    return any(at > last for at in told)


def _same_place(before: Finding[Any], now: Finding[Any] | None) -> str | None:
    if now is None or now.page != before.page:
        return None
    return str(now.value) if now.box.holds(*before.box.middle) or before.box.holds(*now.box.middle) else None
