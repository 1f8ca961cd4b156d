"""Whom we trust: the roots in a folder, PEM or DER. Certificates there that are not self-issued only help to build chains."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem
from asn1crypto.x509 import Certificate

from domain.errors import PartMissing, Refused

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})


@dataclass(frozen=True)
class TrustList:
    """Roots that are trusted, and other certificates that are merely known."""

    roots: tuple[Certificate, ...] = ()
    others: tuple[Certificate, ...] = ()


def load_trust(folder: Path | None) -> TrustList:
    """The certificates of a folder. Raises PartMissing if there is no such folder, Refused `trust` for a file that is none."""
    if folder is None or not folder.is_dir():
        raise PartMissing(
            "trust",
            "Chưa có thư mục chứng thư gốc được tin cậy (LUUKY_SIGNING_TRUST).",
            "There is no folder of trusted root certificates yet (LUUKY_SIGNING_TRUST).",
        )
    found = [certificate for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES for certificate in _read(path)]
    roots = tuple(certificate for certificate in found if certificate.self_issued)
    return TrustList(roots, tuple(certificate for certificate in found if not certificate.self_issued))


def _read(path: Path) -> list[Certificate]:
    data = path.read_bytes()
    try:
        blocks = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        return [Certificate.load(der, strict=True) for der in blocks if Certificate.load(der, strict=True).subject]
    except ValueError as error:
        raise Refused(
            "trust",
            f"Tệp {path.name} trong thư mục tin cậy không phải là chứng thư.",
            f"{path.name} in the trust folder is not a certificate. Remove it.",
        ) from error
