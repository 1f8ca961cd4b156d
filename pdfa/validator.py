"""Who says whether a file is PDF/A: an independent judge. "Not valid" and "could not judge" never mix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict. `compliant` is None where none was reached: no judge is installed, or the file is beyond it.

    `profile` is what the file was judged against (`PDF/A-2U`); `failed_rules` hold clause and test of the standard
    (`6.2.11.4.1-1`), or the judge's own word for what it does not know. `version`: which edition of the judge it was.
    """

    compliant: bool | None
    profile: str | None
    failed_rules: tuple[str, ...]
    judge: str
    version: str = ""

    def as_report(self) -> dict[str, Any]:
        """What is kept with the version that was judged (`domain.proof`)."""
        return {
            "compliant": self.compliant,
            "profile": self.profile,
            "failed_rules": list(self.failed_rules),
            "judge": self.judge,
            "judge_version": self.version,
        }


class Validator(Protocol):
    """A judge of PDF/A conformance."""

    def judge(self, path: Path) -> Judgement:
        """Judges one file; never raises for what the file holds."""
        ...


def first_verdict(judges: Iterable[Validator], path: Path) -> Judgement:
    """What the first judge says that reaches a verdict; where none does, that the first was asked. The surest comes first."""
    asked = []
    for judge in judges:
        asked.append(judge.judge(path))
        if asked[-1].compliant is not None:
            return asked[-1]
    return asked[0] if asked else Judgement(None, None, (), "")
