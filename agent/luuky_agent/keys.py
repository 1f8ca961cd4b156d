"""Keys that sign at this desk: the idea. `token.py` reaches them through a token's PKCS#11 module, `windows_store.py` through
the certificate store of Windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

from asn1crypto.x509 import Certificate, Name

HERE = timezone(timedelta(hours=7))
"""Vietnam's time."""
RSA_PKCS1, RSA_PSS, ECDSA = "rsa-pkcs1", "rsa-pss", "ecdsa"
"""How a value may be made: PKCS #1 v1.5; PSS with MGF1, a salt of 32 bytes; ECDSA in DER. All over SHA-256."""


@dataclass(frozen=True, slots=True)
class TokenCertificate:
    """A signing certificate and where it is. `flags`: what the token says of its PIN (`low`, `final`, `locked`, `change`), and
    `own` where the PIN is typed elsewhere (a reader's own keys, a vendor's dialog). `mechanisms`: what its key can do.
    """

    serial: str
    label: str
    flags: tuple[str, ...]
    certificate: bytes
    mechanisms: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The name it is made out to."""
        return _name(Certificate.load(self.certificate).subject)

    @property
    def issuer(self) -> str:
        """Who issued it."""
        return _name(Certificate.load(self.certificate).issuer)

    @property
    def last_day(self) -> str:
        """The day on which it ends, in Vietnam: `31/12/2027`."""
        end: datetime = Certificate.load(self.certificate).not_valid_after
        return end.astimezone(HERE).strftime("%d/%m/%Y")

    @property
    def valid(self) -> bool:
        """Whether it is within its dates."""
        loaded = Certificate.load(self.certificate)
        return bool(loaded.not_valid_before <= datetime.now(UTC) <= loaded.not_valid_after)


class Keys(Protocol):
    """Where signing keys are. Nothing is ever tried twice."""

    def certificates(self) -> list[TokenCertificate]:
        """The signing certificates that are there; needs no PIN. Raises AgentError."""
        ...

    def login(self, chosen: TokenCertificate, pin: str) -> None:
        """One try, with the PIN a person just typed (empty where `own`). Raises AgentError."""
        ...

    def sign(self, attributes: bytes, mechanism: str | None = None) -> bytes:
        """The value over attributes; without a mechanism PKCS #1 v1.5 or ECDSA, as the key is. Raises AgentError."""
        ...

    def close(self) -> None:
        """Log out and let go."""
        ...


def signs(der: bytes) -> bool:
    """Whether a certificate is made for signing documents, and is no authority's. False for bytes that are none."""
    try:
        certificate = Certificate.load(der, strict=True)
        usage = certificate.key_usage_value
    except (ValueError, TypeError):
        return False
    return not certificate.ca and (usage is None or "non_repudiation" in usage.native)


def usual(der: bytes) -> tuple[str, ...]:
    """What any key of a certificate's kind can do."""
    return (ECDSA,) if kind(der) == "ec" else (RSA_PKCS1,)


def kind(der: bytes) -> str:
    """`rsa` or `ec`; `other` for a key that does not sign here."""
    algorithm = str(Certificate.load(der).public_key.algorithm)
    return algorithm if algorithm in ("rsa", "ec") else "other"


def _name(name: Name) -> str:
    """The CN; of a name without one all that it says."""
    parts = [(pair["type"].native, str(pair["value"].native)) for relative in name.chosen for pair in relative]
    return next((value for kind, value in parts if kind == "common_name"), ", ".join(value for _, value in reversed(parts)))
