"""Whom we trust: roots, for what and until when. Certificates that are not self-issued only help to build chains.

`load_trust` reads a folder, PEM or DER: the roots that the settings name, trusted for everything and without end. What an
administrator decided beside it is added in `trusted.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from asn1crypto import parser, pem
from asn1crypto.x509 import Certificate, Name

from domain.errors import PartMissing, Refused
from domain.trust import Purpose
from signing.shared import shared

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})


@dataclass(frozen=True)
class TrustList:
    """Roots that are trusted, and other certificates that are merely known.

    `purposes`: of roots that are not trusted for everything; `until`: of roots that are no longer trusted for what is made from
    then on; both by SHA-256 (hex).
    """

    roots: tuple[Certificate, ...] = ()
    others: tuple[Certificate, ...] = ()
    purposes: Mapping[str, Purpose] = field(default_factory=dict)
    until: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def signers(self) -> tuple[Certificate, ...]:
        """Roots of persons' and organisations' certificates, those of the past too."""
        return tuple(one for one in self.roots if self.purpose(one).signers)

    @property
    def stamps(self) -> tuple[Certificate, ...]:
        """Roots of time-stamp services, those of the past too."""
        return tuple(one for one in self.roots if self.purpose(one).stamps)

    def purpose(self, root: Certificate) -> Purpose:
        """What a root is trusted for."""
        return self.purposes.get(root.sha256.hex(), Purpose.BOTH)

    def ended(self, root: Certificate, moment: datetime) -> bool:
        """Whether a root is no longer trusted for what is made at `moment`."""
        until = self.until.get(root.sha256.hex())
        return until is not None and until <= moment

    def at(self, moment: datetime) -> TrustList:
        """What is trusted for what is made at `moment`."""
        return replace(self, roots=tuple(one for one in self.roots if not self.ended(one, moment)))

    def __reduce__(self) -> tuple[object, ...]:
        """As bytes, for another process: the library's objects work only where their classes have parsed something before."""
        written = ([one.dump() for one in some] for some in (self.roots, self.others))
        return _read_again, (*written, dict(self.purposes), dict(self.until))


def _read_again(roots: list[bytes], others: list[bytes], purposes: dict[str, Purpose], until: dict[str, datetime]) -> TrustList:
    return TrustList(tuple(map(Certificate.load, roots)), tuple(map(Certificate.load, others)), purposes, until)


def load_trust(folder: Path | None) -> TrustList:
    """The certificates of a folder. Raises PartMissing if there is no such folder, Refused `trust` that names the files that hold
    none.
    """
    if folder is None or not folder.is_dir():
        raise no_trust()
    read = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES}
    odd = [name for name, certificates in read.items() if not certificates]
    if odd:
        raise _unreadable(odd)
    found = [certificate for certificates in read.values() for certificate in certificates]
    roots = tuple(certificate for certificate in found if certificate.self_issued)
    return TrustList(roots, tuple(certificate for certificate in found if not certificate.self_issued))


def no_trust() -> PartMissing:
    """Nobody is trusted yet."""
    return PartMissing(
        "trust",
        "Chưa tin cậy chứng thư gốc nào: người quản trị thêm ở Quản trị → Nơi tin cậy, hoặc đặt thư mục LUUKY_SIGNING_TRUST.",
        "No root certificate is trusted yet: an administrator adds one in Administration → Trust, or LUUKY_SIGNING_TRUST names "
        "their folder.",
    )


def reached(certificate: Certificate, known: Iterable[Certificate], roots: Iterable[Certificate]) -> frozenset[bytes]:
    """SHA-256 of the roots to which a certificate may lead, by the names and key identifiers of issuers alone: no root to which
    it does lead is missing.
    """
    pool = {one.sha256: one for one in known}
    anchors = {one.sha256: one for one in roots}
    seen: set[bytes] = set()
    waiting = [certificate]
    while waiting:
        here = waiting.pop()
        seen.add(here.sha256)
        above = [one for one in (*pool.values(), *anchors.values()) if may_have_issued(one, here)]
        waiting += [one for one in above if one.sha256 not in seen]
    return frozenset(seen & anchors.keys())


def may_have_issued(issuer: Certificate, certificate: Certificate) -> bool:
    """By name and key identifier alone."""
    wanted, key = certificate.authority_key_identifier, issuer.key_identifier
    return (wanted is None or key is None or wanted == key) and same_name(issuer.subject, certificate.issuer)


def same_name(one: Name, other: Name) -> bool:
    """To prepare names for comparison (RFC 4518) takes longer than all else; nearly all are alike byte for byte."""
    return bool(one.dump() == other.dump() or one == other)


def dated(certificate: Certificate) -> bool:
    """Whether it can be told from when and until when it holds."""
    try:
        ends = certificate.not_valid_before, certificate.not_valid_after
    except ValueError:
        return False
    return all(isinstance(one, datetime) and one.tzinfo is not None for one in ends)


def _read(path: Path) -> list[Certificate]:
    """None of a file that cannot be read, or holds anything else."""
    try:
        data = path.read_bytes()
        blocks = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        found = [one for one in map(_certificate, blocks) if one.subject]
        return found if all(map(dated, found)) else []
    except (OSError, ValueError):
        return []


def _unreadable(files: list[str]) -> Refused:
    named = ", ".join(files)
    return Refused(
        "trust",
        f"Trong thư mục tin cậy có tệp không đọc được chứng thư: {named}. Thay bằng chứng thư gốc dạng PEM hoặc DER, hoặc bỏ tệp "
        "đó ra khỏi thư mục.",
        f"The trust folder has files that cannot be read as certificates: {named}. Put certificates in PEM or DER in their "
        "place, or remove them.",
    )


def _certificate(der: bytes) -> Certificate:
    """Screens ask for the list with each refresh: what lies in the folder is parsed once. Raises ValueError."""
    if parser.peek(der) != len(der):
        raise ValueError("bytes after the certificate")
    found: Certificate = shared(Certificate, der)
    return found
