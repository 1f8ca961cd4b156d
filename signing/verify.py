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
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.signatures import FileVerdict, RuleVerdict, SignatureVerdict, Verdict, worst
from signing.certifying import misplaced, permitted
from signing.changes import OnlySignatures
from signing.digests import Digests
from signing.evidence import Evidence, claimed_time, evidence_by_revision, level, supplied, together
from signing.identity import common_name
from signing.judging import Held, Judge
from signing.network import Network
from signing.pdf import quiet_library
from signing.plain_words import in_words
from signing.quickened import quicken
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
    stamps_of,
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
    return verify_as_of(path, trust, [moment], register, online)[0]


def verify_as_of(
    path: Path,
    trust: TrustList,
    moments: Sequence[datetime | None],
    register: Expected | None = None,
    online: Network | None = None,
    *,
    begun: Digests | None = None,
) -> list[FileVerdict]:
    """A verdict for each moment; the file is read, hashed and compared with its revisions once. `begun`: those of a file that
    stands at its beginning.
    """
    quiet_library()
    quicken()
    try:
        with path.open("rb") as file:
            case = _Case(str(path), file, begun.grown(file) if begun else Digests(file), register, trust, online)
            try:
                return _judged(case, moments, "")
            except Sloppy as flaw:
                return _judged(case, moments, str(flaw) or "broken")
    except OSError:
        return [FileVerdict(str(path), None, Verdict.UNREADABLE) for _ in moments]


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    file: BinaryIO
    digests: Digests
    register: Expected | None
    trust: TrustList
    online: Network | None

    def verdict(self, verdict: Verdict, signatures: Sequence[SignatureVerdict] = ()) -> FileVerdict:
        return FileVerdict(self.name, self.sha256, verdict, tuple(signatures))

    @property
    def sha256(self) -> str:
        """Of all of it."""
        return self.digests.whole("sha256")


@dataclass(frozen=True, slots=True)
class _Around:
    """What all signatures of a file share: rules that concern the file, what it holds, what breaks the format."""

    common: tuple[RuleVerdict, ...]
    held: Held
    known: tuple[Certificate, ...]
    flaw: str


def _judged(case: _Case, moments: Sequence[datetime | None], flaw: str) -> list[FileVerdict]:
    """Raises Sloppy where strict reading fails; `flaw` is what it said then."""
    reader = opened(case.file, strict=not flaw, digests=case.digests)
    if reader is None:
        return [case.verdict(Verdict.UNREADABLE) for _ in moments]
    fields = signed_fields(reader)
    if fields is None or (not fields and mentions_a_signature(case.file)):
        return [case.verdict(Verdict.UNDETERMINED) for _ in moments]
    register = case.register
    common = tuple(_register_rules(register, case.sha256, {name for name, _ in fields})) if register else ()
    signatures = [(name, parsed(reader, one, name)) for name, one in fields]
    around = _around(case, reader, [one for _, one in signatures if isinstance(one, Signature)], common, flaw)
    asked = [(name, one) for name, one in signatures if not isinstance(one, Signature) or not is_timestamp(one)]
    found = asyncio.run(_all(case, asked, around, moments))
    return [case.verdict(worst([one.verdict for one in each]), each) for each in found]


def _around(
    case: _Case, reader: PdfFileReader, signatures: list[Signature], common: tuple[RuleVerdict, ...], flaw: str
) -> _Around:
    parts, last = _stored(reader, signatures)
    stamps = stamps_of(signatures)
    evidence = together(parts.values())
    known = (*case.trust.roots, *case.trust.others, *evidence.certificates)
    held = Held(parts, evidence, last, stamps, OnlySignatures())
    return _Around((*common, overlap(overlapping_page(reader))), held, known, flaw)


async def _all(
    case: _Case, asked: list[tuple[str, Signature | Verdict]], around: _Around, moments: Sequence[datetime | None]
) -> list[list[SignatureVerdict]]:
    """For each moment, all signatures and what the register misses, in the order of the form; the newest is judged first."""
    missing = [one for one in (case.register.fields if case.register else ()) if one not in {name for name, _ in asked}]
    lost = [SignatureVerdict(one, None, None, Verdict.FAILED, rules=in_words(around.common)) for one in missing]
    newest = sorted(range(len(asked)), key=lambda index: -_revision(asked[index][1]))
    found = []
    async with AsyncExitStack() as stack:
        backend = await stack.enter_async_context(case.online.fetchers()) if case.online else None
        for moment in moments:
            judge = Judge(case.trust, around.held, backend, moment)
            by_index = {index: await _one(*asked[index], around, judge) for index in newest}
            found.append([*(by_index[index] for index in range(len(asked))), *lost])
    return found


def _revision(signature: Signature | Verdict) -> int:
    return signature.signed_revision if isinstance(signature, Signature) else 0


def _register_rules(register: Expected, sha256: str, signed: set[str]) -> Iterator[RuleVerdict]:
    yield rule(1, sha256 == register.sha256, f"SHA-256 {sha256}")
    missing = [name for name in register.fields if name not in signed]
    yield rule(2, not missing, ", ".join(missing) or "all signed")


def _stored(reader: PdfFileReader, signatures: list[Signature]) -> tuple[dict[int, Evidence], int]:
    try:
        return evidence_by_revision(reader, signatures), supplied(reader)
    except BAD as error:
        unless_sloppy(reader, error)
        return {}, -1


async def _one(name: str, signature: Signature | Verdict, around: _Around, judge: Judge) -> SignatureVerdict:
    """One signature. Where the file around it cannot be read, whether what it signed is unchanged can still be said."""
    unreadable = RuleVerdict(3, NAMES[3], Verdict.UNDETERMINED, around.flaw or "unreadable")
    if isinstance(signature, Verdict):
        return _verdict(name, (*around.common, replace(unreadable, verdict=signature)))
    try:
        return await _examined(name, signature, around, judge)
    except BAD as error:
        unless_sloppy(signature.reader, error)
        return _verdict(name, (*around.common, unreadable, *despite_all(signature, error)))


async def _examined(name: str, signature: Signature, around: _Around, judge: Judge) -> SignatureVerdict:
    held = around.held
    signature.compute_integrity_info(diff_policy=held.changes)  # type: ignore[no-untyped-call]
    here = level(signature, held.evidence, held.stamps)
    judgement = await judge.of(signature, here)
    who = common_name(signature.signer_cert)
    last = max((signature, *held.stamps), key=lambda one: one.signed_revision)
    odd = around.flaw or misplaced(signature) or (oddity(last, around.known, judge.roots) if judgement.status == "PASSED" else "")
    readable = RuleVerdict(3, NAMES[3], Verdict.UNDETERMINED if odd else Verdict.PASSED, odd or who)
    found = (readable, *rules_of(Seen(signature, here, judgement, held.evidence, held.stamps)))
    rules = _ordered((*around.common, *found))
    verdict = worst([one.verdict for one in rules])
    certifies = permitted(signature.sig_object)
    return SignatureVerdict(name, who, here, verdict, claimed_time(signature), judgement.best_time, rules, certifies)


def _verdict(name: str, found: tuple[RuleVerdict, ...]) -> SignatureVerdict:
    return SignatureVerdict(name, None, None, worst([one.verdict for one in found]), rules=_ordered(found))


def _ordered(found: tuple[RuleVerdict, ...]) -> tuple[RuleVerdict, ...]:
    return in_words(sorted(found, key=lambda one: one.number))
