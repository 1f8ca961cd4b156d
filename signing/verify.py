"""Judges any file, signed by us or not. A verdict is a value: a bad file never raises.

A file is `unreadable` (no PDF), `unsigned` (no signature dictionary), or as bad as its worst signature. A signature passes if all
of its rules do, fails if one fails, and is undetermined otherwise:

 1  the file is byte for byte the one in the register (asked only where there is a register)
 2  every field that the register names is signed (asked only where there is a register)
 3  file, signature and timestamps can be read without leniency, are as their standards have them, and say who signed
 4  what was signed, and what later document timestamps cover, is unchanged; the value is by that certificate's key
 5  the certificate leads to a trusted root, may sign documents, and was not revoked then: AdES says PASSED
 6  the signature covers its whole revision, at level LTA the last document timestamp its own; nothing comes after the last
 7  nothing but signatures, their evidence and timestamps came after it (strict: no changed metadata either)
 8  a trusted timestamp proves when it was made; one without any is judged as of now, while its certificate holds
 9  the certificate had begun and had not ended at that time
10  what is known of revocation still held, or is newer than, the time of the signature
11  the library's own summary of all its checks agrees
12  no signature or other annotation lies over another on a page, hiding what it shows

Rules 7, 9 and 12 are not in rule 5: the library passes changed pages, and certificates that had ended before they signed.
`rules.py` holds 4 to 12.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict, worst
from signing.certificates import common_name
from signing.certifying import misplaced, permitted
from signing.changes import OnlySignatures
from signing.evidence import Evidence, claimed_time, document_timestamps, level, stored_evidence
from signing.judging import Rules, judge
from signing.network import Network
from signing.pdf import quiet_library
from signing.reading import (
    BAD,
    Signature,
    Sloppy,
    is_timestamp,
    mentions_a_signature,
    opened,
    overlapping_page,
    parsed,
    signed_fields,
    unless_sloppy,
)
from signing.rules import NAMES, Seen, despite_all, overlap, rule, rules_of
from signing.trust import TrustList
from signing.wellformed import oddity


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
            judged = _Case(str(path), file, sha256, register, _Court(trust, online, moment))
            try:
                return _judged(judged, "")
            except Sloppy as flaw:
                return _judged(judged, str(flaw) or "broken")
    except OSError:
        return FileVerdict(str(path), None, Verdict.UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Court:
    trust: TrustList
    online: Network | None
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    file: BinaryIO
    sha256: str
    register: Expected | None
    court: _Court


@dataclass(frozen=True, slots=True)
class _Around:
    """What all signatures of a file share: rules that concern the file, its timestamps, what breaks the format."""

    common: tuple[RuleVerdict, ...]
    timestamps: list[EmbeddedPdfSignature]
    flaw: str
    rules: Rules = field(repr=False)

    @property
    def known(self) -> tuple[Certificate, ...]:
        return (*self.rules.trust.roots, *self.rules.trust.others, *self.rules.evidence.certificates)


def _judged(case: _Case, flaw: str) -> FileVerdict:
    """Raises Sloppy where strict reading fails; `flaw` is what it said then."""
    reader = opened(case.file, strict=not flaw)
    if reader is None:
        return FileVerdict(case.name, case.sha256, Verdict.UNREADABLE)
    fields = signed_fields(reader)
    if fields is None or (not fields and mentions_a_signature(case.file)):
        return FileVerdict(case.name, case.sha256, Verdict.UNDETERMINED)
    register = case.register
    common = tuple(_register_rules(register, case.sha256, {name for name, _ in fields})) if register else ()
    found = asyncio.run(_signatures(reader, fields, common, flaw, case.court)) if fields else []
    missing = [one for one in (register.fields if register else ()) if one not in {each.field for each in found}]
    found += [SignatureVerdict(one, None, None, Verdict.FAILED, rules=common) for one in missing]
    return FileVerdict(case.name, case.sha256, worst([one.verdict for one in found]), tuple(found))


def _register_rules(register: Expected, sha256: str, signed: set[str]) -> Iterator[RuleVerdict]:
    yield rule(1, sha256 == register.sha256, f"SHA-256 {sha256}")
    missing = [name for name in register.fields if name not in signed]
    yield rule(2, not missing, ", ".join(missing) or "all signed")


async def _signatures(
    reader: PdfFileReader, fields: list[tuple[str, Any]], common: tuple[RuleVerdict, ...], flaw: str, court: _Court
) -> list[SignatureVerdict]:
    evidence, timestamps = _stored(reader)
    common = (*common, overlap(overlapping_page(reader)))
    found = []
    async with AsyncExitStack() as stack:
        backend = await stack.enter_async_context(court.online.fetchers()) if court.online else None
        around = _Around(common, timestamps, flaw, Rules(court.trust, evidence, backend, court.moment, OnlySignatures()))
        for name, one in fields:
            signature = parsed(reader, one, name)
            if not isinstance(signature, Signature) or not is_timestamp(signature):
                found.append(await _one(name, signature, around))
    return found


def _stored(reader: PdfFileReader) -> tuple[Evidence, list[EmbeddedPdfSignature]]:
    try:
        return stored_evidence(reader), document_timestamps(reader)
    except BAD as error:
        unless_sloppy(reader, error)
        return Evidence(), []


async def _one(name: str, signature: Signature | Verdict, around: _Around) -> SignatureVerdict:
    """One signature. Where the file around it cannot be read, whether what it signed is unchanged can still be said."""
    unreadable = RuleVerdict(3, NAMES[3], Verdict.UNDETERMINED, around.flaw or "unreadable")
    if isinstance(signature, Verdict):
        return _verdict(name, (*around.common, replace(unreadable, verdict=signature)))
    try:
        return await _examined(name, signature, around)
    except BAD as error:
        unless_sloppy(signature.reader, error)
        return _verdict(name, (*around.common, unreadable, *despite_all(signature)))


async def _examined(name: str, signature: Signature, around: _Around) -> SignatureVerdict:
    signature.compute_integrity_info(diff_policy=around.rules.changes)  # type: ignore[no-untyped-call]
    here = level(signature, around.rules.evidence, around.timestamps)
    judgement = await judge(signature, here, around.rules)
    who = common_name(signature.signer_cert)
    containers = (signature, *around.timestamps) if judgement.status == "PASSED" else ()
    odd = around.flaw or misplaced(signature) or next(filter(None, (oddity(one, around.known) for one in containers)), "")
    readable = RuleVerdict(3, NAMES[3], Verdict.UNDETERMINED if odd else Verdict.PASSED, odd or who)
    found = (readable, *rules_of(Seen(signature, here, judgement, around.rules.evidence, around.timestamps)))
    rules = _ordered((*around.common, *found))
    verdict = worst([one.verdict for one in rules])
    certifies = permitted(signature.sig_object)
    return SignatureVerdict(name, who, here, verdict, claimed_time(signature), judgement.best_time, rules, certifies)


def _verdict(name: str, found: tuple[RuleVerdict, ...]) -> SignatureVerdict:
    return SignatureVerdict(name, None, None, worst([one.verdict for one in found]), rules=_ordered(found))


def _ordered(found: tuple[RuleVerdict, ...]) -> tuple[RuleVerdict, ...]:
    return tuple(sorted(found, key=lambda one: one.number))
