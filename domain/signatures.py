"""Who must sign what, and what a verification found."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class Verdict(enum.StrEnum):
    """A verdict is a value; what could not be decided is `UNDETERMINED`, never called invalid."""

    PASSED = "passed"
    FAILED = "failed"
    UNDETERMINED = "undetermined"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SigningRule:
    """Documents of kind `kind_code` need a signature in field `field` by somebody with `capacity` (`domain/signers.py`).

    Empty `kind_code`: of every kind; empty `department`: of every department. `signer_id` names the one person who may. What
    stands in a later `step` waits until all of the earlier ones is signed; it is due `days` days after its turn has come.
    """

    kind_code: str
    field: str
    capacity: str
    department: str = ""
    signer_id: str | None = None
    step: int = 1
    days: int | None = None


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One numbered check of a signature (`signing/verify.py` lists them), with what it saw."""

    number: int
    name: str
    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """What was found about one signature. `level` is `B`, `T`, `LT` or `LTA`; times are UTC; `best_time` is the proven one."""

    field: str
    signer: str | None
    level: str | None
    verdict: Verdict
    signing_time: datetime | None = None
    best_time: datetime | None = None
    rules: tuple[RuleVerdict, ...] = ()


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What was found about one file; `pdfa_valid` is None where no judge is installed."""

    file: str
    sha256: str | None
    verdict: Verdict
    signatures: tuple[SignatureVerdict, ...] = ()
    pdfa_claimed: str | None = None
    pdfa_valid: bool | None = None


_WORST_FIRST = (Verdict.FAILED, Verdict.UNDETERMINED, Verdict.PASSED)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a file from those of its signatures: failed before undetermined before passed; none: unsigned."""
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), Verdict.UNSIGNED)
