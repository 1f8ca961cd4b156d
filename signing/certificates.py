"""May this certificate sign now? Asked before anything is prepared: chain to a trusted root, dates, key usage, not revoked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from aiohttp import ClientError
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from domain.errors import LuukyError, PartAway, Refused
from domain.text import fold
from signing.network import AWAY, Network
from signing.trust import TrustList

KEY_USAGE = frozenset({"non_repudiation"})
"""What a certificate for signatures must allow (EN 319 412-2, 4.3.2)."""
TITLES = frozenset(
    {"bs", "ths", "ts", "pgs", "gs", "ck1", "ck2", "cki", "ckii", "bsck1", "bsck2", "bscki", "bsckii", "dd", "ktv"}
)
"""Words before a doctor's name, folded."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """A certificate that may sign now, with its chain from the issuer upwards without the root (DER). Made by `may_sign`."""

    certificate: bytes
    chain: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """The signer's name as the certificate has it."""
        return common_name(Certificate.load(self.certificate))


def common_name(certificate: Certificate) -> str:
    """CN of the subject, else the whole subject."""
    native = certificate.subject.native
    value = native.get("common_name") or certificate.subject.human_friendly
    return str(value[0] if isinstance(value, list) else value)


def belongs_to(certificate: bytes, person: str) -> None:
    """Raises Refused `certificate_name` unless the certificate (DER) bears the person's name: every word of it, titles aside."""
    owner = common_name(_loaded(certificate))
    words = [word for word in fold(person).replace(",", " ").split() if not word.endswith(".") and word not in TITLES]
    if not words or not set(words) <= set(fold(owner).split()):
        raise _refused(
            "name", "Chứng thư số không mang tên của tài khoản này.", "The certificate does not bear the name of this account."
        )


def may_sign(certificate: bytes, trust: TrustList, network: Network, moment: datetime | None = None) -> Signatory:
    """Checks a certificate (DER) online. Raises Refused with the reason, PartAway if its authority does not answer."""
    return asyncio.run(_may_sign(certificate, trust, network, moment))


async def _may_sign(der: bytes, trust: TrustList, network: Network, moment: datetime | None) -> Signatory:
    certificate = _loaded(der)
    async with network.context(trust, moment) as context:
        validator = CertificateValidator(certificate, validation_context=context)
        try:
            path = await validator.async_validate_usage(set(KEY_USAGE))
        except (*AWAY, PathBuildingError, PathValidationError, InvalidCertificateError) as error:
            raise _answer(error) from error
    return Signatory(der, tuple(one.dump() for one in list(path)[1:-1][::-1]))


def _loaded(der: bytes) -> Certificate:
    try:
        certificate = Certificate.load(der, strict=True)
        certificate.subject.native  # noqa: B018 - parses lazily: a damaged certificate must fail here
    except (ValueError, TypeError) as error:
        raise _refused("unreadable", "Chứng thư số không đọc được.", "The certificate cannot be read.") from error
    return certificate


def _answer(error: Exception) -> LuukyError:
    match error:
        case RevokedError():
            return _refused("revoked", "Chứng thư số đã bị thu hồi.", "The certificate was revoked.")
        case ExpiredError():
            return _refused("expired", "Chứng thư số đã hết hạn.", "The certificate has expired.")
        case NotYetValidError():
            return _refused("not_yet_valid", "Chứng thư số chưa có hiệu lực.", "The certificate is not valid yet.")
        case InsufficientRevinfoError() | TimeoutError() | ClientError():
            return PartAway(
                "ocsp_away",
                "Chưa hỏi được nhà cung cấp xem chứng thư số còn hiệu lực không; hãy ký lại sau.",
                "The authority does not say whether the certificate is still valid; sign later.",
            )
        case InvalidCertificateError():
            return _refused("key_usage", "Chứng thư số không dùng để ký được.", "The certificate is not made for signing.")
        case _:
            return _refused(
                "untrusted",
                "Chứng thư số không do nơi được tin cậy cấp.",
                "The certificate was not issued by a trusted authority.",
            )


def _refused(code: str, vi: str, en: str) -> Refused:
    return Refused(f"certificate_{code}", f"{vi} Chưa ký tài liệu nào.", f"{en} Nothing was signed.")
