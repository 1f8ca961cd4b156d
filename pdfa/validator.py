"""Who says whether a file is PDF/A: an independent judge. "Not valid" and "could not judge" never mix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict. `compliant` is None where none was reached: no judge is installed, or the file is beyond it.

    `profile` is what the file was judged against (`PDF/A-2U`); `failed_rules` hold clause and test of the standard
    (`6.2.11.4.1-1`), or the judge's own word for what it does not know.
    """

    compliant: bool | None
    profile: str | None
    failed_rules: tuple[str, ...]
    judge: str


class Validator(Protocol):
    """A judge of PDF/A conformance."""

    def judge(self, path: Path) -> Judgement:
        """Judges one file; never raises for what the file holds."""
        ...


def first_verdict(judges: Iterable[Validator], path: Path) -> Judgement:
    """What the first judge says that reaches a verdict; none where none does. The strictest and surest judge comes first."""
    verdict = Judgement(None, None, (), "")
    for judge in judges:
        verdict = judge.judge(path)
        if verdict.compliant is not None:
            break
    return verdict
