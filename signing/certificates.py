"""May this certificate sign now? Asked before anything is prepared. The checks, numbered as `docs/reference/signing-checks.md`
lists them:

 1  it can be read
 2  it is no authority's own certificate
 3  it is no service's (time stamps, OCSP)
 4  its extended key usage, where there is one, has to do with signing documents
 5  its key usage allows non-repudiation (EN 319 412-2, 4.3.2)
 6  key and digests are strong enough, its own and its authorities' (TT 15/2025/TT-BKHCN)
 7  it has begun and has not ended, and so its authorities
 8  it leads to a root that is trusted for signers' certificates now
 9  nobody has revoked it or its authority, and its authority knows it: fresh OCSP answers or lists, or the signature waits
10  it is a person's, no organisation's
11  it bears the person's name
12  the number of the identity card in it is the person's
13  an administrator has confirmed that it is the person's, where 12 could not be told

1 to 9 are here; 10 to 12 too (`belongs_to`); 13 and the person's right to sign (14) are asked in `admission.py`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiohttp import ClientError
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from domain.errors import LuukyError, PartAway, Refused
from signing.identity import bears, citizen_id, common_name, of_organisation
from signing.network import AWAY, Network
from signing.published import answers
from signing.strength import digest_of, key_of, weak_key, weakness
from signing.trust import TrustList

KEY_USAGE = frozenset({"non_repudiation"})
"""What a certificate for signatures must allow (EN 319 412-2, 4.3.2)."""
SIGNING_USES = frozenset(
    {"any_extended_key_usage", "email_protection", "client_auth", "microsoft_document_signing", "adobe_authentic_documents_trust"}
    | {"1.3.6.1.5.5.7.3.36"}
)
"""Extended key usages beside which a certificate may sign documents (RFC 9336 and what authorities write); one is enough."""
SERVICES = {"time_stamping": "cấp dấu thời gian", "ocsp_signing": "trả lời tình trạng chứng thư (OCSP)"}


class NotFit(Refused):
    """A certificate that may not sign; `check` is the number of the check that says so."""

    def __init__(self, code: str, vi: str, en: str, check: int) -> None:
        super().__init__(code, vi, en)
        self.check = check

    def __reduce__(self) -> tuple[type[NotFit], tuple[object, ...]]:
        return type(self), (self.message.code, self.message.vi, self.message.en, self.check)


@dataclass(frozen=True, slots=True)
class Signatory:
    """A certificate that may sign now, with its chain from the issuer upwards without the root (DER). Made by `may_sign`."""

    certificate: bytes
    chain: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """The signer's name as the certificate has it."""
        return common_name(Certificate.load(self.certificate))


def belongs_to(certificate: bytes, person: str, number: str | None = None) -> None:
    """Checks 1 and 10 to 12: the certificate (DER) is this person's, by name, and by the number of their identity card where both
    are known. Raises Refused `certificate_…`.
    """
    loaded = load(certificate)
    if of_organisation(loaded):
        raise refused(
            10,
            "organisation",
            "Đây là chứng thư số của tổ chức, chỉ dùng làm con dấu. Hãy cắm USB ký số cá nhân của bạn rồi ghép lại.",
            "This certificate is an organisation's and only good for its seal. Plug in your own token and pair again.",
        )
    if not bears(loaded, person):
        raise refused(
            11,
            "name",
            "Chứng thư số không mang tên của tài khoản này. Cắm đúng USB ký số của bạn; nếu tên tài khoản viết sai, nhờ người "
            "quản trị sửa.",
            "The certificate does not bear the name of this account. Plug in your own token; if the account's name is misspelt, "
            "have an administrator correct it.",
        )
    own = citizen_id(loaded)
    if own is not None and number is not None and own != number:
        raise refused(
            12,
            "citizen_id",
            "Số CCCD trong chứng thư số không phải số của tài khoản này. Cắm đúng USB ký số của bạn; nếu số ghi ở tài khoản sai, "
            "nhờ người quản trị sửa.",
            "The identity number in the certificate is not this account's. Plug in your own token; if the account's number is "
            "wrong, have an administrator correct it.",
        )


def for_seal(certificate: bytes) -> None:
    """Check 10 for a seal: the certificate (DER) is no person's. Raises Refused `certificate_personal`."""
    if citizen_id(load(certificate)) is not None:
        raise refused(
            10,
            "personal",
            "Đây là chứng thư số cá nhân (có số CCCD), không dùng làm con dấu được. Hãy cấu hình chứng thư số của tổ chức.",
            "This certificate is a person's (it has an identity number) and no seal. Configure the organisation's certificate.",
        )


def fit(certificate: bytes, moment: datetime | None = None) -> Certificate:
    """Checks 1 to 7, which ask nobody else. Raises Refused `certificate_…`."""
    loaded = load(certificate)
    _no_authority(loaded)
    _no_service(loaded)
    _usages(loaded)
    weak = weakness(loaded)
    if weak:
        raise _weak(f"{key_of(loaded)}, {digest_of(loaded) or '?'}")
    at = moment or datetime.now(UTC)
    if at > loaded.not_valid_after:
        raise _expired(loaded.not_valid_after)
    if at < loaded.not_valid_before:
        raise _not_yet(loaded.not_valid_before)
    return loaded


def may_sign(certificate: bytes, trust: TrustList, network: Network, moment: datetime | None = None) -> Signatory:
    """Checks 1 to 9 of a certificate (DER), online. Raises Refused with the reason, PartAway if its authority does not answer."""
    return asyncio.run(_may_sign(certificate, trust, network, moment))


async def _may_sign(der: bytes, trust: TrustList, network: Network, moment: datetime | None) -> Signatory:
    certificate = fit(der, moment)
    now_trusted = trust.at(moment or datetime.now(UTC))
    async with network.context(replace(now_trusted, roots=now_trusted.signers), moment) as context:
        validator = CertificateValidator(certificate, validation_context=context)
        try:
            path = await validator.async_validate_usage(set(KEY_USAGE))
        except (*AWAY, PathBuildingError, PathValidationError, InvalidCertificateError) as error:
            raise _answer(error, certificate, context) from error
        if _unknown(certificate, context):
            raise _not_known()
    if any(weak_key(one) for one in path):
        raise _weak("của nơi cấp / of its authority")
    return Signatory(der, tuple(one.dump() for one in list(path)[1:-1][::-1]))


def load(der: bytes) -> Certificate:
    """Check 1. Raises Refused `certificate_unreadable`."""
    try:
        certificate = Certificate.load(der, strict=True)
        certificate.subject.native  # noqa: B018 - parses lazily: a damaged certificate must fail here
        certificate.public_key.native  # noqa: B018
        certificate["tbs_certificate"]["extensions"].native  # noqa: B018
    except (ValueError, TypeError, KeyError) as error:
        raise refused(
            1,
            "unreadable",
            "Chứng thư số không đọc được. Rút USB ký số ra cắm lại; nếu vẫn vậy, hãy báo bộ phận CNTT.",
            "The certificate cannot be read. Plug the token in again; if that does not help, tell IT.",
        ) from error
    return certificate


def refused(number: int, code: str, vi: str, en: str) -> NotFit:
    """A check that failed, with what to do."""
    vi, en = f"{vi} Chưa ký tài liệu nào. (Kiểm tra số {number})", f"{en} Nothing was signed. (Check {number})"
    return NotFit(f"certificate_{code}", vi, en, number)


def _no_authority(certificate: Certificate) -> None:
    """Check 2."""
    if certificate.ca:
        raise refused(
            2,
            "ca",
            "Đây là chứng thư của nơi cấp chứng thư, không phải của người ký. Hãy chọn chứng thư số cá nhân trong USB ký số.",
            "This is a certification authority's own certificate, no signer's. Choose the personal certificate on the token.",
        )


def _no_service(certificate: Certificate) -> None:
    """Check 3."""
    service = next((vi for use, vi in SERVICES.items() if use in extended(certificate)), None)
    if service:
        raise refused(
            3,
            "service",
            f"Chứng thư này chỉ để {service}, không để ký tài liệu. Hãy chọn chứng thư số cá nhân trong USB ký số.",
            "This certificate is a service's (time stamps or OCSP), not made to sign documents. Choose the personal one.",
        )


def _usages(certificate: Certificate) -> None:
    """Checks 4 and 5."""
    uses = extended(certificate)
    if uses and not SIGNING_USES & set(uses):
        raise refused(
            4,
            "extended_usage",
            "Chứng thư số này cấp cho việc khác (như máy chủ web hoặc ký phần mềm). Hãy dùng chứng thư số để ký tài liệu.",
            "This certificate was issued for something else (such as a web server or code). Use one made to sign documents.",
        )
    usage = certificate.key_usage_value
    if usage is not None and "non_repudiation" not in usage.native:
        raise _key_usage()


def extended(certificate: Certificate) -> list[str]:
    """Its extended key usage; empty where there is none."""
    value = certificate.extended_key_usage_value
    return [] if value is None else [str(one) for one in value.native]


def _unknown(certificate: Certificate, context: ValidationContext) -> bool:
    return any(one.unknown for one in answers(certificate, context))


def _issuer_away(certificate: Certificate, context: ValidationContext) -> bool:
    """Whether the issuer is said to be had from somewhere, and was not."""
    access = certificate.authority_information_access_value or ()
    said = any(one["access_method"].native == "ca_issuers" for one in access)
    return said and not context.certificate_registry.retrieve_by_name(certificate.issuer)


def _answer(error: Exception, certificate: Certificate, context: ValidationContext) -> LuukyError:
    if isinstance(error, InsufficientRevinfoError) and _unknown(certificate, context):
        return _not_known()
    if isinstance(error, PathBuildingError) and _issuer_away(certificate, context):
        return PartAway(
            "issuer_away",
            "Chưa tải được chứng thư của nơi cấp chứng thư số này. Máy tự thử lại, không phải gửi ký lại; nếu chờ lâu, nhờ người "
            "quản trị thêm chứng thư trung gian ở Quản trị → Nơi tin cậy. Chưa ký tài liệu nào. (Kiểm tra số 8)",
            "The certificate of this certificate's authority cannot be fetched. It is tried again by itself, nothing need be "
            "sent again; if it takes long, have an administrator add the intermediate in Administration → Trust. Nothing was "
            "signed. (Check 8)",
        )
    match error:
        case RevokedError():
            return _revoked(error)
        case ExpiredError():
            return _expired(error.expired_dt)
        case NotYetValidError():
            return _not_yet(None)
        case InsufficientRevinfoError() | TimeoutError() | ClientError():
            return PartAway(
                "ocsp_away",
                "Chưa hỏi được nhà cung cấp xem chứng thư số còn hiệu lực không. Máy tự hỏi lại, không phải làm gì thêm. Chưa ký "
                "tài liệu nào. (Kiểm tra số 9)",
                "The authority does not say whether the certificate is still valid. It is asked again by itself, there is "
                "nothing to do. Nothing was signed. (Check 9)",
            )
        case DisallowedAlgorithmError():
            return _weak("của nơi cấp / of its authority")
        case InvalidCertificateError():
            return _key_usage()
        case _:
            return refused(
                8,
                "untrusted",
                "Chứng thư số không do nơi được tin cậy cấp. Nhờ người quản trị xem Quản trị → Nơi tin cậy và thêm chứng thư gốc "
                "của nhà cung cấp này.",
                "The certificate was not issued by a trusted authority. Have an administrator look at Administration → Trust and "
                "add this provider's root.",
            )


def _revoked(error: RevokedError) -> Refused:
    when = f"{error.revocation_dt:%d/%m/%Y}", f"{error.revocation_dt:%Y-%m-%d}"
    return refused(
        9,
        "revoked",
        f"Chứng thư số (hoặc nơi cấp nó) đã bị thu hồi ngày {when[0]}. Hãy liên hệ nhà cung cấp để xin chứng thư mới.",
        f"The certificate (or its authority's) was revoked on {when[1]}. Ask its provider for a new one.",
    )


def _not_known() -> Refused:
    return refused(
        9,
        "unknown",
        "Nhà cung cấp trả lời rằng không biết chứng thư số này. Hãy liên hệ nhà cung cấp trước khi ký.",
        "Its authority answers that it does not know this certificate. Ask the provider before you sign.",
    )


def _expired(end: datetime) -> Refused:
    return refused(
        7,
        "expired",
        f"Chứng thư số (hoặc nơi cấp nó) đã hết hạn ngày {end:%d/%m/%Y}. Hãy gia hạn ở nhà cung cấp rồi ghép lại USB ký số.",
        f"The certificate (or its authority's) ended on {end:%Y-%m-%d}. Renew it at its provider, then pair the token again.",
    )


def _not_yet(begin: datetime | None) -> Refused:
    vi, en = (f" đến {begin:%d/%m/%Y}", f" until {begin:%Y-%m-%d}") if begin else ("", "")
    return refused(
        7,
        "not_yet_valid",
        f"Chứng thư số chưa có hiệu lực{vi}. Kiểm tra ngày giờ của máy chủ; nếu đúng thì hãy chờ.",
        f"The certificate is not valid yet{en}. Check the server's clock; if that is right, wait.",
    )


def _weak(what: str) -> Refused:
    return refused(
        6,
        "weak",
        f"Chứng thư số dùng thuật toán quá yếu ({what}). Xin nhà cung cấp cấp lại: RSA từ 2048 bit hoặc ECDSA từ 256 bit, "
        "SHA-256.",
        f"The certificate's algorithms are too weak ({what}). Ask its provider for one with RSA 2048 or ECDSA 256, and SHA-256.",
    )


def _key_usage() -> Refused:
    return refused(
        5,
        "key_usage",
        "Chứng thư số không được cấp để ký tài liệu (thiếu “chống chối bỏ”). Hãy dùng chứng thư số để ký.",
        "The certificate is not made for signing documents (no non-repudiation). Use one that is.",
    )
