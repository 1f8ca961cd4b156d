"""Named reasons for which our verdict on a file and that of EU DSS differ. A reason counts only where its predicate holds.

`deliberate`: one of our rules asks for more than DSS does, and is meant to. The others are what one of the two cannot read or
work out. `docs/reference/verdicts.md` holds the table; a test compares it with this file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from domain.signatures import FileVerdict, RuleVerdict, Verdict
from signing.evidence import Evidence, document_timestamps, evidence_by_revision, stamped_at, together
from signing.reading import BAD, opened
from signing.trust import TrustList

_UNREAD = "cannot be read"


@dataclass(frozen=True)
class Difference:
    """A file on which the two do not say the same; `theirs` is the verdict of DSS in our words, `answer` all it said."""

    path: Path
    ours: FileVerdict
    theirs: str
    answer: dict[str, Any]
    trust: TrustList = field(repr=False)

    def against(self, number: int, verdict: Verdict | None = None) -> list[RuleVerdict]:
        """Where a rule did not pass, or was decided so."""
        rules = [one for signature in self.ours.signatures for one in signature.rules if one.number == number]
        return [one for one in rules if one.verdict is verdict or (verdict is None and one.verdict is not Verdict.PASSED)]

    def because(self, *reasons: str) -> bool:
        """Whether rule 5 names one of these sub-indications."""
        return any(one.evidence in reasons for one in self.against(5))

    @property
    def errors(self) -> str:
        """All that DSS complains of."""
        return " ".join(error for one in self.answer["signatures"] for error in one["errors"])


@dataclass(frozen=True)
class Reason:
    """`why` is a sentence of the reference."""

    name: str
    why: str
    holds: Callable[[Difference], bool]
    deliberate: bool = True


def _changes(one: Difference) -> bool:
    failed = one.against(7, Verdict.FAILED)
    return bool(failed) and one.ours.verdict is Verdict.FAILED and not any(_UNREAD in rule.evidence for rule in failed)


def _unread_changes(one: Difference) -> bool:
    return any(_UNREAD in rule.evidence for rule in one.against(7)) and one.theirs != "unreadable"


def _form(one: Difference) -> bool:
    several = any(rule.verdict is Verdict.FAILED for rule in one.against(3))
    digest = any(rule.evidence == "no message digest" for rule in one.against(4))
    return several or digest or any(rule.evidence == "FORMAT_FAILURE" for rule in one.against(5, Verdict.FAILED))


def _stamp(one: Difference) -> bool:
    bad = any(stamp["indication"] != "PASSED" for stamp in one.answer["timestamps"])
    return one.theirs == "passed" and bad and bool(one.against(5))


def _impossible(one: Difference) -> bool:
    said = any("time that has not come" in rule.evidence or "cannot be" in rule.evidence for rule in one.against(8))
    return said or bool(not one.against(5) and (one.against(8) or one.against(10)))


def _younger(one: Difference) -> bool:
    """Evidence that says it is younger than the first timestamp over it."""
    parts, stamps = _evidence(one.path) or ({}, [])
    return any(
        part.issued_by(stamped_at(stamp.signed_data)) != part
        for revision, part in parts.items()
        for stamp in stamps
        if stamp.signed_revision >= revision
    )


def _evidence(path: Path) -> tuple[dict[int, Evidence], list[EmbeddedPdfSignature]] | None:
    """Evidence by revision, and the timestamps over the document; None where they cannot be read."""
    try:
        with path.open("rb") as file:
            reader = opened(file, strict=False)
            if reader is None:
                return None
            parts = evidence_by_revision(reader, reader.embedded_signatures)
            for certificate in together(parts.values()).certificates:
                certificate.dump(force=True)
            return parts, document_timestamps(reader)
    except BAD:
        return None


def _middle(one: Difference) -> bool:
    named = {each.issuer.dump() for each in one.trust.roots if not each.self_issued}
    return one.theirs == "passed" and bool(named) and one.because("CERTIFICATE_CHAIN_GENERAL_FAILURE")


def _unknown(one: Difference) -> bool:
    said = any(words in one.errors for words in ("has been not identified", "is not authorised for"))
    return one.ours.verdict is Verdict.UNDETERMINED and one.theirs == "failed" and said


REASONS = (
    Reason(
        "changes after signing",
        "Rule 7: after the signature came more than signatures, evidence and timestamps: annotations, swapped pages, another "
        "look, changed metadata, values filled in without permission. DSS fails some kinds of change only.",
        _changes,
    ),
    Reason(
        "not all is covered",
        "Rule 6: the signature does not cover its whole revision, or bytes come after the last revision. DSS reads on.",
        lambda one: bool(one.against(6, Verdict.FAILED)),
    ),
    Reason(
        "form of the CMS",
        "Rules 3 to 5: several signers in one CMS, no message digest, the content inside: PAdES has none of it, so it fails. DSS "
        "says that it cannot tell.",
        _form,
    ),
    Reason(
        "weak key or digest",
        "Rule 5: RSA below 2048 bits or SHA-1, also of a timestamp. DSS takes what its policy still allowed then.",
        lambda one: one.because("CRYPTO_CONSTRAINTS_FAILURE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),
    ),
    Reason(
        "certificate for something else",
        "Rule 5: the certificate is not meant to sign documents, or not to stamp (key usage, a CA, a server).",
        lambda one: one.because("CHAIN_CONSTRAINTS_FAILURE"),
    ),
    Reason(
        "a timestamp that does not hold",
        "Rule 5: DSS leaves a bad timestamp out and judges by what else there is. Here it is not passed over: somebody may have "
        "put it there, or damaged it.",
        _stamp,
    ),
    Reason(
        "impossible times",
        "Rules 5, 8 and 10: evidence that says it is younger than the timestamp over it, timestamps in an order that cannot be, "
        "or evidence that had run out when the signature was made.",
        lambda one: _impossible(one) or _younger(one),
    ),
    Reason(
        "garbage among the evidence",
        "Rule 5: what stands among the evidence and is none makes all of it useless here. DSS leaves it out.",
        lambda one: one.theirs == "passed" and _evidence(one.path) is None,
    ),
    Reason(
        "ended without proof",
        "Rule 5: the certificate has ended, and no timestamp over the evidence proves that it was there before.",
        lambda one: one.theirs == "passed" and one.because("OUT_OF_BOUNDS_NO_POE"),
    ),
    Reason(
        "unsound file",
        "Rule 3: the file breaks the rules of PDF, so that two programs may read it as two documents. Ours passes none such, or "
        "does not read it; DSS repairs it.",
        lambda one: not one.answer["error"] and (one.ours.verdict is Verdict.UNREADABLE or bool(one.against(3))),
    ),
    Reason(
        "no signature to DSS",
        "A signature is there that DSS does not count, since it cannot read it: a ByteRange of one part, a damaged CMS.",
        lambda one: one.theirs == "unsigned" and bool(one.ours.signatures),
    ),
    Reason(
        "a revision that cannot be compared",
        "What came after the signature refers to objects that are nowhere, or cannot be parsed. DSS repairs it, or fails.",
        _unread_changes,
        deliberate=False,
    ),
    Reason(
        "a look that only eyes can read",
        "Rule 7: a field was filled in where that is allowed, and shown in letters or drawings of which no program says whether "
        "they are its value. DSS fails some such looks.",
        lambda one: any(rule.evidence.startswith("filled in") for rule in one.against(7, Verdict.UNDETERMINED)),
        deliberate=False,
    ),
    Reason(
        "a middle authority is the anchor",
        "In the comparison every CA is trusted, middle ones too. The library wants to know who issued the CRLs of such a one.",
        _middle,
        deliberate=False,
    ),
    Reason(
        "unknown to DSS",
        "DSS calls failed what it cannot compute, such as Ed448 or a digest under another's name. Ours cannot tell, or can.",
        _unknown,
        deliberate=False,
    ),
    Reason(
        "DSS gives up",
        "DSS breaks off with an error.",
        lambda one: one.theirs == "unreadable" and bool(one.answer["error"]),
        deliberate=False,
    ),
)


def reason_for(one: Difference) -> Reason | None:
    """The first reason that holds."""
    return next((reason for reason in REASONS if reason.holds(one)), None)


def table() -> str:
    """The reasons in Markdown, as the reference has them."""
    lines = ["| reason | why | meant |", "|---|---|---|"]
    lines += [f"| {one.name} | {one.why} | {'yes' if one.deliberate else 'no'} |" for one in REASONS]
    return "\n".join(lines)
