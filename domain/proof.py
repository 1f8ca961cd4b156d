"""Whether a version of a document was found to be PDF/A: what an independent judge said, as it is kept with the version.

1. Only an independent judge says yes. The checker of the library that wrote the file is believed when it says no.
2. No verdict is no failure: the version is not checked, and can be judged later.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import Message

JUDGED = frozenset({"bound", "signed", "proven", "renewed"})
"""The kinds of versions that are judged; what lies between (fields that wait for a signature) is judged once it is signed."""
_OURS = "pikepdf"
_NAMED = 5


class Standing(enum.StrEnum):
    """What is known of a version."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Proof:
    """A judge's report. `judge`: its name with its edition (`veraPDF 1.30`), empty where none was asked; `profile`: `PDF/A-2U`;
    `failed`: clauses of the standard with the number of the test (`6.1.2-1`).
    """

    standing: Standing
    judge: str = ""
    profile: str | None = None
    failed: tuple[str, ...] = ()
    at: datetime | None = None

    def said(self) -> Message:
        """In plain words."""
        profile = self.profile or "PDF/A"
        if self.standing is Standing.PASSED:
            return Message("pdfa_passed", f"Đạt {profile} — {self.judge}", f"Valid {profile} — {self.judge}")
        if self.standing is Standing.FAILED:
            vi, en = named(self.failed)
            return Message("pdfa_failed", f"Không đạt {profile}: {vi} — {self.judge}", f"Not {profile}: {en} — {self.judge}")
        if self.judge:
            return Message(
                "pdfa_no_verdict",
                f"Chưa kiểm định ({self.judge} không kết luận được)",
                f"Not checked ({self.judge} gave no verdict)",
            )
        return Message("pdfa_unchecked", "Chưa kiểm định", "Not checked")


def proof_of(report: Mapping[str, Any] | None) -> Proof:
    """What is kept with a version, `report`, understood."""
    found = report or {}
    judge, compliant = found.get("judge") or "", found.get("compliant")
    if judge == _OURS and compliant is not False:
        return Proof(Standing.UNCHECKED)
    standing = Standing.UNCHECKED if compliant is None else Standing.PASSED if compliant else Standing.FAILED
    name = f"{judge} {found.get('judge_version') or ''}".strip()
    at = datetime.fromisoformat(found["judged_at"]) if found.get("judged_at") else None
    return Proof(standing, name, found.get("profile"), tuple(found.get("failed_rules") or ()), at)


def named(failed: tuple[str, ...]) -> tuple[str, str]:
    """Failed clauses as people read them, in Vietnamese and English."""
    listed = ", ".join(failed[:_NAMED])
    more = len(failed) - _NAMED
    vi, en = f"điều {listed}", f"clause {listed}"
    return (f"{vi} và {more} điều nữa", f"{en} and {more} more") if more > 0 else (vi, en)
