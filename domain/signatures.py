"""Who must sign what, and what a verification found."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.errors import Message


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
    `certifies`: the signature certifies the document, and what that permits (`domain/certification.py`); `locks`: it is the last.
    """

    kind_code: str
    field: str
    capacity: str
    department: str = ""
    signer_id: str | None = None
    step: int = 1
    days: int | None = None
    certifies: int | None = None
    locks: bool = False


_NO_WORDS = Message("", "", "")


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """One numbered check of a signature (`signing/verify.py` lists them), with what it saw: for experts, and in plain `words`."""

    number: int
    name: str
    verdict: Verdict
    evidence: str
    words: Message = _NO_WORDS

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        return {
            "number": self.number,
            "name": self.name,
            "verdict": str(self.verdict),
            "evidence": self.evidence,
            "words": {"vi": self.words.vi, "en": self.words.en},
        }


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
    certifies: int | None = None
    """What it permits as a certification: 1 nothing, 2 signatures, 3 annotations too; None: it is none."""

    def as_json(self) -> dict[str, Any]:
        """The same in plain values; times in ISO 8601."""
        return {
            "field": self.field,
            "signer": self.signer,
            "level": self.level,
            "verdict": str(self.verdict),
            "signing_time": self.signing_time.isoformat() if self.signing_time else None,
            "best_time": self.best_time.isoformat() if self.best_time else None,
            "certifies": self.certifies,
            "rules": [rule.as_json() for rule in self.rules],
        }


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What was found about one file; `pdfa_valid` is None where no judge is installed."""

    file: str
    sha256: str | None
    verdict: Verdict
    signatures: tuple[SignatureVerdict, ...] = ()
    pdfa_claimed: str | None = None
    pdfa_valid: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """One entry of the list that `luuky verify --json` prints, without its report."""
        return {
            "version": 1,
            "file": self.file,
            "sha256": self.sha256,
            "verdict": str(self.verdict),
            "signatures": [signature.as_json() for signature in self.signatures],
            "pdfa": {"claimed": self.pdfa_claimed, "valid": self.pdfa_valid},
        }


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that somebody brought, judged: the verdict, the report for a court (plain values) and the same as PDF/A.

    `identifier`: the code of a document that it says it is (`dc:identifier`). `hindrance`: why it could not be read: `not_pdf`,
    `password`, `broken`, or `deadly` for one whose judge died of it; empty if it could. Without a report nothing could be said.
    """

    verdict: FileVerdict
    report: dict[str, Any] = field(default_factory=dict)
    paper: bytes = b""
    identifier: str | None = None
    hindrance: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `luuky verify --json` says it."""
        return {**self.verdict.as_json(), "report": self.report or None}


_WORST_FIRST = (Verdict.FAILED, Verdict.UNDETERMINED, Verdict.PASSED)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of a file from those of its signatures: failed before undetermined before passed; none: unsigned."""
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), Verdict.UNSIGNED)
