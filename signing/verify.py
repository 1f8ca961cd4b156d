"""Judges any file, signed by us or not. A verdict is a value: a bad file never raises.

A file is `unreadable` (no PDF), `unsigned` (no signature dictionary), or as bad as its worst signature. A signature passes if all
of its rules do, fails if one fails, and is undetermined otherwise:

 1  the file is byte for byte the one in the register (asked only where there is a register)
 2  every field that the register names is signed (asked only where there is a register)
 3  the signature can be read and says who signed
 4  what was signed, and what later document timestamps cover, is unchanged; the value is by that certificate's key
 5  the certificate leads to a trusted root, may sign documents, and was not revoked then: AdES says PASSED
 6  the signature covers its whole revision; at level LTA the last document timestamp covers the whole file
 7  nothing but signatures, their evidence and timestamps came after it (strict: no changed metadata either)
 8  a trusted timestamp proves when it was made
 9  the certificate had begun and had not ended at that time
10  what is known of revocation still held, or is newer than, the time of the signature
11  the library's own summary of all its checks agrees

Rules 7 and 9 are not in rule 5: the library passes changed pages, and certificates that had ended before they signed.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import find_unique_cms_attribute
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict, worst
from signing.certificates import common_name
from signing.evidence import Evidence, claimed_time, document_timestamps, level, stamps_these_bytes, stored_evidence
from signing.judging import Judgement, Rules, judge
from signing.network import Network
from signing.pdf import BAD_FILE, quiet_library
from signing.revision import STRICT
from signing.trust import TrustList

NAMES = {
    1: "register", 2: "expected_fields", 3: "readable", 4: "unchanged", 5: "certificate", 6: "coverage", 7: "later_changes",
    8: "trusted_time", 9: "certificate_dates", 10: "evidence_current", 11: "summary",
}  # fmt: skip
_TAMPERED = frozenset({"HASH_FAILURE", "SIG_CRYPTO_FAILURE"})
_Found = tuple[RuleVerdict, ...]
_FROM_ADES = {"PASSED": Verdict.PASSED, "FAILED": Verdict.FAILED}


@dataclass(frozen=True, slots=True)
class Expected:
    """What the register says of a file: its SHA-256 (hex) and the names of the fields that must be signed."""

    sha256: str
    fields: tuple[str, ...] = ()


def verify_file(
    path: Path,
    trust: TrustList,
    register: Expected | None = None,
    online: Network | None = None,
    moment: datetime | None = None,
) -> FileVerdict:
    """Judges the file at `path` as of `moment` (None: now); offline unless it is given a network."""
    quiet_library()
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return _judged(str(path), file, sha256, register, _Court(trust, online, moment))
    except OSError:
        return FileVerdict(str(path), None, Verdict.UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Court:
    trust: TrustList
    online: Network | None
    moment: datetime | None


def _judged(name: str, file: BinaryIO, sha256: str, register: Expected | None, court: _Court) -> FileVerdict:
    reader = _reader(file)
    if reader is None:
        return FileVerdict(name, sha256, Verdict.UNREADABLE)
    fields = _signed_fields(reader)
    if fields is None or (not fields and _mentions_a_signature(file)):
        return FileVerdict(name, sha256, Verdict.UNDETERMINED)
    common = tuple(_register_rules(register, sha256, {field for field, _ in fields})) if register else ()
    found = asyncio.run(_signatures(reader, fields, common, court))
    missing = [one for one in (register.fields if register else ()) if one not in {each.field for each in found}]
    found += [SignatureVerdict(one, None, None, Verdict.FAILED, rules=common) for one in missing]
    return FileVerdict(name, sha256, worst([one.verdict for one in found]), tuple(found))


def _reader(file: BinaryIO) -> PdfFileReader | None:
    try:
        reader = PdfFileReader(file)
        if reader.security_handler is not None and reader.decrypt("").status is AuthStatus.FAILED:
            return None
        reader.root  # noqa: B018 - what has no catalog is no PDF
    except BAD_FILE:
        return None
    return reader


def _signed_fields(reader: PdfFileReader) -> list[tuple[str, Any]] | None:
    """Names and dictionaries of filled signature fields; None if the form cannot be read."""
    try:
        return [(name, field) for name, _, field in enumerate_sig_fields(reader, filled_status=True)]
    except BAD_FILE:
        return None


def _mentions_a_signature(file: BinaryIO) -> bool:
    """Whether there is a ByteRange that no field leads to: signature dictionaries are never compressed."""
    file.seek(0)
    return b"/ByteRange" in file.read()


def _register_rules(register: Expected, sha256: str, signed: set[str]) -> Iterator[RuleVerdict]:
    yield _rule(1, sha256 == register.sha256, f"SHA-256 {sha256}")
    missing = [field for field in register.fields if field not in signed]
    yield _rule(2, not missing, ", ".join(missing) or "all signed")


async def _signatures(
    reader: PdfFileReader, fields: list[tuple[str, Any]], common: _Found, court: _Court
) -> list[SignatureVerdict]:
    evidence, timestamps = _stored(reader)
    found = []
    async with AsyncExitStack() as stack:
        backend = await stack.enter_async_context(court.online.fetchers()) if court.online else None
        rules = Rules(court.trust, evidence, backend, court.moment)
        for name, field in fields:
            signature = _parsed(reader, field, name)
            if signature is None or signature.sig_object_type != "/DocTimeStamp":
                found.append(await _one(name, signature, rules, timestamps, common))
    return found


def _parsed(reader: PdfFileReader, field: Any, name: str) -> EmbeddedPdfSignature | None:
    try:
        return EmbeddedPdfSignature(reader, field, name)
    except BAD_FILE:
        return None


async def _one(
    name: str, signature: EmbeddedPdfSignature | None, rules: Rules, timestamps: list[EmbeddedPdfSignature], common: _Found
) -> SignatureVerdict:
    """One signature. Where the file around it cannot be read, whether what it signed is unchanged can still be said."""
    unreadable = RuleVerdict(3, NAMES[3], Verdict.UNDETERMINED, "unreadable")
    if signature is None:
        return _verdict(name, (*common, unreadable))
    try:
        return await _examined(signature, rules, timestamps, common)
    except BAD_FILE:
        altered = (_rule(4, held=False, evidence="HASH_FAILURE"),) if _altered(signature) else ()
        return _verdict(name, (*common, unreadable, *altered))


def _altered(signature: EmbeddedPdfSignature) -> bool:
    try:
        said = find_unique_cms_attribute(signature.signer_info["signed_attrs"], "message_digest").native
        return bool(said != signature.compute_digest())
    except BAD_FILE:
        return False


def _stored(reader: PdfFileReader) -> tuple[Evidence, list[EmbeddedPdfSignature]]:
    try:
        return stored_evidence(reader), document_timestamps(reader)
    except BAD_FILE:
        return Evidence(), []


async def _examined(
    signature: EmbeddedPdfSignature, rules: Rules, timestamps: list[EmbeddedPdfSignature], common: _Found
) -> SignatureVerdict:
    signature.compute_integrity_info(diff_policy=STRICT)
    here = level(signature, rules.evidence, timestamps)
    judgement = await judge(signature, here, rules)
    found = (
        *common,
        RuleVerdict(3, NAMES[3], Verdict.PASSED, common_name(signature.signer_cert)),
        _unchanged(judgement, [one for one in timestamps if one.signed_revision > signature.signed_revision]),
        RuleVerdict(5, NAMES[5], _FROM_ADES.get(judgement.status, Verdict.UNDETERMINED), judgement.reason),
        _coverage(signature, here, timestamps),
        _later_changes(signature),
        _trusted_time(judgement),
        _dates(signature, judgement),
        _evidence_current(signature, here, judgement, rules.evidence),
        _summary(judgement),
    )
    return _verdict(str(signature.field_name), found, signature, here, judgement.best_time)


def _unchanged(judgement: Judgement, later: list[EmbeddedPdfSignature]) -> RuleVerdict:
    """Rule 4."""
    if not all(stamps_these_bytes(one) for one in later):
        return _rule(4, held=False, evidence="changed after a document timestamp")
    if judgement.intact is None and judgement.reason not in _TAMPERED:
        return RuleVerdict(4, NAMES[4], Verdict.UNDETERMINED, judgement.reason)
    return _rule(4, held=bool(judgement.intact), evidence=judgement.reason)


def _coverage(signature: EmbeddedPdfSignature, here: str, timestamps: list[EmbeddedPdfSignature]) -> RuleVerdict:
    """Rule 6."""
    own = signature.evaluate_signature_coverage()
    last = timestamps[-1].evaluate_signature_coverage() if here == "LTA" else SignatureCoverageLevel.ENTIRE_FILE
    held = own >= SignatureCoverageLevel.ENTIRE_REVISION and last == SignatureCoverageLevel.ENTIRE_FILE
    return _rule(6, held, f"{own.name}, last timestamp {last.name}" if here == "LTA" else own.name)


def _later_changes(signature: EmbeddedPdfSignature) -> RuleVerdict:
    """Rule 7."""
    changes = signature.diff_result
    held = isinstance(changes, DiffResult) and bool(signature.summarise_integrity_info()["docmdp_ok"])
    return _rule(7, held, changes.modification_level.name if isinstance(changes, DiffResult) else "suspicious")


def _trusted_time(judgement: Judgement) -> RuleVerdict:
    """Rule 8."""
    if judgement.best_time is None:
        return RuleVerdict(8, NAMES[8], Verdict.UNDETERMINED, "none proven")
    return RuleVerdict(8, NAMES[8], Verdict.PASSED, judgement.best_time.isoformat())


def _dates(signature: EmbeddedPdfSignature, judgement: Judgement) -> RuleVerdict:
    """Rule 9."""
    start, end = signature.signer_cert.not_valid_before, signature.signer_cert.not_valid_after
    evidence = f"{start.isoformat()} – {end.isoformat()}"
    if judgement.best_time is None:
        return RuleVerdict(9, NAMES[9], Verdict.UNDETERMINED, evidence)
    return _rule(9, start <= judgement.best_time <= end, evidence)


def _evidence_current(signature: EmbeddedPdfSignature, here: str, judgement: Judgement, evidence: Evidence) -> RuleVerdict:
    """Rule 10. A signature without stored evidence passes rule 5 only with what was fetched just now."""
    stored = here in ("LT", "LTA")
    if judgement.status != "PASSED" or (stored and not evidence.covers(signature.signer_cert, judgement.best_time)):
        return RuleVerdict(10, NAMES[10], Verdict.UNDETERMINED, "stored" if stored else "none stored")
    return RuleVerdict(10, NAMES[10], Verdict.PASSED, "stored" if stored else "fetched")


def _summary(judgement: Judgement) -> RuleVerdict:
    """Rule 11: it says no to everything that is not proven, so it fails a signature only where rule 5 passed."""
    if judgement.bottom_line or judgement.status == "PASSED":
        return _rule(11, judgement.bottom_line, judgement.status)
    return RuleVerdict(11, NAMES[11], _FROM_ADES.get(judgement.status, Verdict.UNDETERMINED), judgement.status)


def _rule(number: int, held: bool, evidence: str) -> RuleVerdict:  # noqa: FBT001 - whether the rule holds is its point
    return RuleVerdict(number, NAMES[number], Verdict.PASSED if held else Verdict.FAILED, evidence)


def _verdict(
    field: str,
    rules: tuple[RuleVerdict, ...],
    signature: EmbeddedPdfSignature | None = None,
    here: str | None = None,
    best_time: datetime | None = None,
) -> SignatureVerdict:
    verdict = worst([rule.verdict for rule in rules])
    if signature is None:
        return SignatureVerdict(field, None, None, verdict, rules=rules)
    signer = common_name(signature.signer_cert)
    return SignatureVerdict(field, signer, here, verdict, claimed_time(signature), best_time, rules)
