"""Rules 4 to 12 of a verdict (`verify.py` lists them all): each looks at what is known of one signature and says what it saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import extract_certificate_info, find_unique_cms_attribute
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from domain.signatures import RuleVerdict, Verdict
from signing.evidence import CLOCKS_DIFFER, Evidence, claimed_time, own_timestamps, stamped_at, stamps_these_bytes
from signing.form_changes import honest
from signing.judging import Judgement
from signing.reading import BAD, Signature, ends_cleanly, inherited, items

NAMES = {
    1: "register", 2: "expected_fields", 3: "readable", 4: "unchanged", 5: "certificate", 6: "coverage", 7: "later_changes",
    8: "trusted_time", 9: "certificate_dates", 10: "evidence_current", 11: "summary", 12: "overlap",
}  # fmt: skip
_LONGEST = 200
"""Characters of what the library says about a change; it may list every object of a file."""
_TAMPERED = frozenset({"HASH_FAILURE", "SIG_CRYPTO_FAILURE"})
_PLAIN_ECDSA = "0.4.0.127.0.7.1.1.4.1."
_NOT_KNOWN = RuleVerdict(4, NAMES[4], Verdict.UNDETERMINED, "plain ECDSA, which is not known here")
_FROM_ADES = {"PASSED": Verdict.PASSED, "FAILED": Verdict.FAILED}


@dataclass(frozen=True, slots=True)
class Seen:
    """A signature whose integrity was computed, its level, and what its file holds."""

    signature: Signature
    level: str
    judgement: Judgement
    evidence: Evidence
    timestamps: Sequence[EmbeddedPdfSignature]

    @property
    def time(self) -> datetime | None:
        """When it was there: as proven; without any timestamp, the moment at which it passed."""
        if self.judgement.best_time is None and self.level == "B" and self.judgement.status == "PASSED":
            return self.judgement.now
        return self.judgement.best_time

    @property
    def later(self) -> list[EmbeddedPdfSignature]:
        """Timestamps over the document that came after it, oldest first."""
        return [one for one in self.timestamps if one.signed_revision > self.signature.signed_revision]


def rules_of(seen: Seen) -> Iterator[RuleVerdict]:
    """Rules 4 to 11."""
    yield _unchanged(seen)
    yield RuleVerdict(5, NAMES[5], _decided(seen), seen.judgement.reason)
    yield _coverage(seen)
    yield _later_changes(seen.signature)
    yield _trusted_time(seen)
    yield _dates(seen)
    yield _evidence_current(seen)
    yield _summary(seen)


def plain_ecdsa(signature: Signature) -> bool:
    """Whether the value is in a form of ECDSA (BSI TR-03111, 5.2.1) that the library does not know, and would call wrong."""
    return bool(signature.signer_info["signature_algorithm"]["algorithm"].dotted.startswith(_PLAIN_ECDSA))


def _decided(seen: Seen) -> Verdict:
    """Rules 5 and 11. The library hands on what is wrong with a timestamp of a signature as if it were wrong with the signature;
    EN 319 102-1 decides nothing there: no time is proven.
    """
    judgement = seen.judgement
    if judgement.status == "FAILED" and (judgement.intact or plain_ecdsa(seen.signature)):
        return Verdict.UNDETERMINED
    return _FROM_ADES.get(judgement.status, Verdict.UNDETERMINED)


def overlap(page: int | None) -> RuleVerdict:
    """Rule 12."""
    return rule(12, page is None, "none" if page is None else f"page {page}")


def despite_all(signature: Signature, error: BaseException) -> Iterator[RuleVerdict]:
    """Rules 4 and 7 where the file around a signature cannot be read: what can still be said of it.

    A reference that leads nowhere (a KeyError of the library) is no fault (ISO 32000-1, 7.3.10); it only cannot be compared.
    """
    try:
        digest = signature.compute_digest()
        if find_unique_cms_attribute(signature.signer_info["signed_attrs"], "message_digest").native != digest:
            yield rule(4, held=False, evidence="HASH_FAILURE")
        elif plain_ecdsa(signature):
            yield _NOT_KNOWN
        elif not all(validate_sig_integrity(signature.signer_info, signature.signer_cert, "data", digest)):
            yield rule(4, held=False, evidence="SIG_CRYPTO_FAILURE")
        if signature.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
            said = Verdict.UNDETERMINED if isinstance(error, KeyError) else Verdict.FAILED
            yield RuleVerdict(7, NAMES[7], said, "what came after the signature cannot be read")
    except BAD:
        return


def _unchanged(seen: Seen) -> RuleVerdict:
    """Rule 4."""
    if not all(stamps_these_bytes(one) for one in seen.later):
        return rule(4, held=False, evidence="changed after a document timestamp")
    if not _has_digest(seen.signature):
        return rule(4, held=False, evidence="no message digest")
    if plain_ecdsa(seen.signature):
        return _NOT_KNOWN
    if seen.judgement.intact is None and seen.judgement.reason not in _TAMPERED:
        return RuleVerdict(4, NAMES[4], Verdict.UNDETERMINED, seen.judgement.reason)
    return rule(4, held=bool(seen.judgement.intact), evidence=seen.judgement.reason)


def _has_digest(signature: Signature) -> bool:
    attributes = signature.signer_info["signed_attrs"]
    return not len(attributes) or any(one["type"].native == "message_digest" for one in attributes)


def _coverage(seen: Seen) -> RuleVerdict:
    """Rule 6. What came after the last timestamp, such as evidence for it, is for rule 7 to judge."""
    own, lasting = seen.signature.evaluate_signature_coverage(), seen.level == "LTA"
    last = seen.timestamps[-1].evaluate_signature_coverage() if lasting else own
    whole = min(own, last) >= SignatureCoverageLevel.ENTIRE_REVISION
    clean = SignatureCoverageLevel.ENTIRE_FILE in (own, last) or ends_cleanly(seen.signature.reader)
    evidence = f"{own.name}, last timestamp {last.name}" if lasting else own.name
    return rule(6, whole and clean, evidence if clean else f"{evidence}, then bytes of no revision")


def _later_changes(signature: Signature) -> RuleVerdict:
    """Rule 7."""
    changes = signature.diff_result
    if not isinstance(changes, DiffResult):
        return rule(7, held=False, evidence=f"suspicious: {changes}"[:_LONGEST])
    filled = {name: _may_be_filled(signature, name) for name in sorted(changes.changed_form_fields)}
    wrong = [name for name, allowed in filled.items() if allowed is False] or [name for name in filled if filled[name] is None]
    if wrong:
        said = Verdict.FAILED if False in filled.values() else Verdict.UNDETERMINED
        return RuleVerdict(7, NAMES[7], said, f"filled in: {', '.join(wrong)}"[:_LONGEST])
    return rule(7, bool(signature.summarise_integrity_info()["docmdp_ok"]), changes.modification_level.name)


def _may_be_filled(signature: Signature, name: str) -> bool | None:
    """A field that changed after signing: to sign in it is allowed; else only to fill it in, where the signer said so (DocMDP).

    That the value changed is asked too: who changes the look of a field and not its value shows what was never filled in. None:
    whether it shows its value cannot be told.
    """
    reader = signature.reader
    now, before = (_field(root, name) for root in (reader.root, reader.get_historical_root(signature.signed_revision)))
    if now is None or inherited(now, "/FT") == "/Sig":
        return True
    changed = before is not None and repr(inherited(now, "/V")) != repr(inherited(before, "/V"))
    allowed = changed and signature.docmdp_level in (MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE)
    return honest(now, before, reader.root["/AcroForm"]) if allowed else False


def _field(root: Any, name: str) -> Any:
    """A field of the form by its full name; None where there is none."""
    found, kids = None, items(root["/AcroForm"], "/Fields") if "/AcroForm" in root else []
    for part in name.split("."):
        found = next((kid for kid in kids if str(kid.get("/T", "")) == part), None)
        if found is None:
            return None
        kids = items(found, "/Kids")
    return found


def _trusted_time(seen: Seen) -> RuleVerdict:
    """Rule 8. The library asks neither whether a service's certificate held when it stamped, nor in which order stamps came."""
    stamps = [*own_timestamps(seen.signature), *(one.signed_data for one in seen.later)]
    moments = [stamped_at(one) for one in stamps]
    doubt = "none proven" if seen.time is None else ""
    if claimed_time(seen.signature) is None:
        doubt = "no time is claimed"
    elif any(moment > seen.judgement.now + CLOCKS_DIFFER for moment in moments):
        doubt = "a timestamp says a time that has not come"
    elif moments != sorted(moments):
        doubt = "timestamps say an order that cannot be"
    elif not all(_held(one, moment) for one, moment in zip(stamps, moments, strict=True)):
        doubt = "the certificate of a timestamp did not hold at its time"
    if doubt or seen.time is None:
        return RuleVerdict(8, NAMES[8], Verdict.UNDETERMINED, doubt)
    return RuleVerdict(
        8, NAMES[8], Verdict.PASSED, seen.time.isoformat() if seen.judgement.best_time else "none; judged as of now"
    )


def _held(timestamp: cms.SignedData, moment: datetime) -> bool:
    certificate = extract_certificate_info(timestamp).signer_cert
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def _dates(seen: Seen) -> RuleVerdict:
    """Rule 9. What was there after the end may have been made before it: that alone proves nothing."""
    start, end = seen.signature.signer_cert.not_valid_before, seen.signature.signer_cert.not_valid_after
    evidence = f"{start.isoformat()} – {end.isoformat()}"
    if seen.time is None or seen.time > end:
        return RuleVerdict(9, NAMES[9], Verdict.UNDETERMINED, evidence)
    return rule(9, start <= seen.time, evidence)


def _evidence_current(seen: Seen) -> RuleVerdict:
    """Rule 10. A signature without stored evidence passes rule 5 only with what was fetched just now."""
    certificate, stored = seen.signature.signer_cert, seen.level in ("LT", "LTA")
    ended = not stored and certificate.not_valid_after < seen.judgement.now  # an authority forgets what has ended
    outdated = stored and not seen.evidence.covers(certificate, seen.judgement.best_time)
    if seen.judgement.status != "PASSED" or outdated or ended:
        return RuleVerdict(10, NAMES[10], Verdict.UNDETERMINED, "stored" if stored else "none stored")
    return RuleVerdict(10, NAMES[10], Verdict.PASSED, "stored" if stored else "fetched")


def _summary(seen: Seen) -> RuleVerdict:
    """Rule 11: it says no to everything that is not proven, so it fails a signature only where rule 5 passed."""
    judgement = seen.judgement
    if judgement.status == "PASSED":
        return rule(11, judgement.bottom_line, judgement.status)
    return RuleVerdict(11, NAMES[11], _decided(seen), judgement.status)


def rule(number: int, held: bool, evidence: str) -> RuleVerdict:  # noqa: FBT001 - whether the rule holds is its point
    """A rule that was decided."""
    return RuleVerdict(number, NAMES[number], Verdict.PASSED if held else Verdict.FAILED, evidence)
