"""What is known of a document when its pages are arranged anew: what stays, and what must be found out again.

Rules
1. A fact stands on a page: it goes with it, and is gone where the page is. The kind goes with the first page.
2. Filing examines the new pages afresh; what a person had written goes before, as long as the page it stands on is there.
3. A patient whom a person had confirmed stays confirmed where the same pages are there, in whatever order. Where some are gone,
   something on those left must agree and nothing differ. Where pages came in, a person decides anew: they may be another's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from domain.arrangement import Held
from domain.errors import Message
from domain.findings import EpisodeFacts, Facts, KindFinding, PatientFacts
from domain.pages import Box
from domain.patients import Agreement, Candidate
from filing import reasons
from filing.corrections import KIND
from filing.matching import Decision
from filing.people import TWO_PATIENTS

Side = TypeVar("Side", PatientFacts, EpisodeFacts)
_TOGETHER = {"birth_date": ("birth_date", "birth_year"), "birth_year": ("birth_date", "birth_year")}
_NOWHERE = Box(0, 0, 0, 0)


def moved(facts: Facts, places: Mapping[int, int], turned: Collection[int] = ()) -> Facts:
    """Rule 1. `places`: new page numbers by old ones; those not in it left. On pages that were `turned` nothing has a place
    until they are read again.
    """
    kind = facts.kind if 1 in places else KindFinding()
    return Facts(kind, _moved(facts.patient, places, turned), _moved(facts.episode, places, turned))


def taken_up(before: Facts, fresh: Facts, said: Mapping[str, str | None]) -> Facts:
    """Rule 2. `before`: as `moved` left them; `said`: what a person last wrote for each fact, None: that it is unknown."""
    stays = KIND in said and (before.kind != KindFinding() or said[KIND] is None)
    return Facts(
        before.kind if stays else fresh.kind,
        _taken_up(before.patient, fresh.patient, said),
        _taken_up(before.episode, fresh.episode, said),
    )


def decided(decision: Decision, held: Held | None, before: Candidate | None, doubts: Collection[Message]) -> Decision:
    """Rule 3. `decision`: by the pages alone; `before`: whom a person had confirmed, beside the paper as it is now."""
    if held is None:
        return decision
    if held.came_in:
        return _ask(decision, reasons.PAGES_CAME_IN)
    if before is None:
        return decision
    if held.whole or _stands(before, doubts):
        return Decision(before.patient.id, (reasons.CONFIRMED_BEFORE,))
    if decision.patient_id == before.patient.id:
        return decision
    return _ask(decision, reasons.PAGES_WENT)


def _ask(decision: Decision, why: Message) -> Decision:
    return Decision(None, (why, *(() if decision.patient_id else decision.reasons)))


def _stands(before: Candidate, doubts: Collection[Message]) -> bool:
    agrees = any(one.agreement is Agreement.AGREES for one in before.comparisons)
    return agrees and not before.differs and TWO_PATIENTS not in doubts


def _moved(side: Side, places: Mapping[int, int], turned: Collection[int]) -> Side:
    return replace(side, **{f.name: _placed(getattr(side, f.name), places, turned) for f in fields(side)})


def _placed(finding: Any, places: Mapping[int, int], turned: Collection[int]) -> Any:
    if finding is None or finding.page not in places:
        return None
    there = replace(finding, page=places[finding.page])
    return replace(there, box=_NOWHERE, evidence="") if finding.page in turned else there


def _taken_up(before: Side, fresh: Side, said: Mapping[str, str | None]) -> Side:
    for fact, value in said.items():
        names = _TOGETHER.get(fact, (fact,))
        known = {name: getattr(before, name) for name in names if hasattr(before, name)}
        if known and (value is None or any(finding is not None for finding in known.values())):
            fresh = replace(fresh, **known)
    return fresh
