"""pikepdf's own checker as the judge that is always there. It knows level B only, and its word counts where it says no.

It rejects what it does not know to be right, so it can never approve of a file of ours; `proof.py` makes it look at everything.
What is broken is a failure, all else no verdict, unless it approves of the file as it is.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pikepdf.pdfa

from pdfa import proof
from pdfa.claim import claimed
from pdfa.validator import Judgement

_NAME = "pikepdf"
_BEYOND_IT = {"6.6.2.3.1-1", "6.6.2.3.1-2", "6.6.4-3"}
"""Rules on extension schemas and on the claimed level, where it allows less than the standard does."""


class PikepdfCheck:
    """A judge that needs nothing installed."""

    def judge(self, path: Path) -> Judgement:
        """Not compliant where a rule is broken; compliant where it approves of everything; otherwise no verdict."""
        flavour = _claimed_flavour(path)
        report = pikepdf.pdfa.validate_written(path, flavour)
        try:
            below = proof.broken_rules(path, flavour)
        except (pikepdf.PdfError, OSError):
            below = ()
        broken = tuple(sorted({*proof.rules(report.violations), *below} - _BEYOND_IT))
        return Judgement(False if broken else report.passed or None, f"PDF/A-{flavour.upper()}", broken, _NAME)


def _claimed_flavour(path: Path) -> str:
    """The part of the standard that the file claims to follow, at level B; part 2 where it claims none that is known here."""
    part = (claimed(path) or "").removeprefix("PDF/A-")[:1]
    return f"{part}b" if part in ("1", "2", "3") else "2b"
