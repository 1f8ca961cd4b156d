"""What each rule of a verdict saw, in plain words: a sentence for a doctor, in Vietnamese and English, beside the evidence.

1. A rule's evidence is looked up in the rows of its table (`plain_tables.py`), from the top; the first that fits says it.
2. Where it takes another rule to say it, what that one saw stands behind a bar: a certificate's dates mean little without the
   time of the signature, and a library that says no may mean the signature or its timestamp.
3. What the library says has no end of forms. What no row knows is said in general, and the evidence is there to be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from domain.errors import Message
from domain.signatures import RuleVerdict
from signing.plain_rows import FAILED, OPEN, PASSED, sentence
from signing.plain_tables import TABLES

_BESIDE: Final[Mapping[int, int]] = {5: 4, 9: 8, 10: 5}
"""The rule whose verdict and evidence stand behind a rule's own (2)."""
_IN_GENERAL: Final = {
    PASSED: ("Quy tắc này đạt.", "This rule holds."),
    FAILED: ("Quy tắc này không đạt; lý do chỉ có bằng lời kỹ thuật.", "This rule fails; the reason is in technical terms only."),
    OPEN: (
        "Quy tắc này chưa kết luận được; lý do chỉ có bằng lời kỹ thuật.",
        "This rule cannot be decided; the reason is in technical terms only.",
    ),
}


def in_words(rules: Sequence[RuleVerdict]) -> tuple[RuleVerdict, ...]:
    """The same rules of one signature, each with its words."""
    known = {one.number: one for one in rules}
    return tuple(replace(one, words=_words(one, known.get(_BESIDE.get(one.number, 0)))) for one in rules)


def _words(rule: RuleVerdict, beside: RuleVerdict | None) -> Message:
    more = f" | {beside.verdict} {beside.evidence}" if beside else ""
    said = sentence(TABLES.get(rule.number, ()), rule.verdict, rule.evidence + more)
    return Message(rule.name, *(said or _IN_GENERAL[rule.verdict]))
