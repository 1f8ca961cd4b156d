"""pikepdf's own checker as the judge that is always there. It knows level B only, and its word counts where it says no.

It rejects what it does not know to be right, so it can never approve of a file of ours, which claims level U and has properties
of its own. Those two points are put aside, and so is what breaks its own rules without breaking a clause of the standard; what is
left is a failure, or no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pikepdf.pdfa

from pdfa.claim import claimed
from pdfa.validator import Judgement

_NAME = "pikepdf"
_BEYOND_IT = {"6.6.2.3.1-1", "6.6.2.3.1-2", "6.6.4-3"}
"""Rules on extension schemas and on the claimed level, where it allows less than the standard does."""
_STANDARD = "ISO_"
_NOT_EMBEDDED = "6.2.11.4.1-1"
"""It leaves open whether a font that is not embedded is used; we take it that it is."""


class PikepdfCheck:
    """A judge that needs nothing installed."""

    def judge(self, path: Path) -> Judgement:
        """Not compliant where a rule is broken; compliant where it approves of everything; otherwise no verdict."""
        flavour = _claimed_flavour(path)
        report = pikepdf.pdfa.validate_written(path, flavour)
        broken = _clauses(report.violations) - _BEYOND_IT | _clauses(report.unsupported) & {_NOT_EMBEDDED}
        compliant = False if broken else report.passed or None
        return Judgement(compliant, f"PDF/A-{flavour.upper()}", tuple(sorted(broken)), _NAME)


def _clauses(findings: Iterable[pikepdf.pdfa.Finding]) -> set[str]:
    return {finding.rule.rpartition(":")[2] for finding in findings if finding.rule.startswith(_STANDARD)}


def _claimed_flavour(path: Path) -> str:
    """The part of the standard that the file claims to follow, at level B; part 2 where it claims none that is known here."""
    part = (claimed(path) or "").removeprefix("PDF/A-")[:1]
    return f"{part}b" if part in ("1", "2", "3") else "2b"
