"""Certificates that somebody wants to trust: taken out of a file or of pasted text, and looked at before they count.

PEM, DER or PKCS #7 (`.p7b`, `.p7c`), one certificate or many. Refused, each with its sentence: what is no authority's, is not
written as the standard has it, has ended, has a weak key, does not bear its own signature, an authority below a root signed with
MD5 or SHA-1, what is in the list already. One whose days cannot be told cannot be shown either: the file is refused.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator
from datetime import datetime

from asn1crypto import cms, pem
from asn1crypto.x509 import Certificate
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509 import InvalidVersion, load_der_x509_certificate

from domain.errors import Message, Refused
from domain.trust import Face, Offered
from signing.identity import called, common_name
from signing.strength import digest_of, key_of, weak_digest, weak_key
from signing.trust import dated

LARGEST = 1 << 20
"""Bytes."""
MOST = 200
"""Certificates in one file."""
_DAY = re.compile(rb"(\d\d)?\d{12}Z")
"""As a certificate must write it (RFC 5280, 4.1.2.5)."""


def offered(data: bytes, known: Collection[str], moment: datetime) -> list[Offered]:
    """What is in a file. `known`: what is in the list already (SHA-256, hex). Raises Refused `trust_file`, `trust_unreadable`."""
    if not data.strip() or len(data) > LARGEST:
        raise _no_certificates()
    try:
        found = {one.sha256: one for one in _certificates(data)}
        pool = list(found.values())
        candidates = [_looked_at(one, pool, known, moment) for one in pool]
    except (ValueError, TypeError, KeyError) as error:
        raise _no_certificates() from error
    if not 0 < len(candidates) <= MOST:
        raise _no_certificates()
    return sorted(candidates, key=lambda one: (not one.face.root, one.face.subject))


def face_of(certificate: Certificate) -> Face:
    """What can be seen of it. Raises ValueError for one that cannot be read."""
    return Face(
        certificate.sha256.hex(),
        common_name(certificate),
        called(certificate.issuer),
        certificate.not_valid_before,
        certificate.not_valid_after,
        key_of(certificate),
        digest_of(certificate),
        bool(certificate.self_issued),
        _authority(certificate),
    )


def _certificates(data: bytes) -> Iterator[Certificate]:
    data = data.removeprefix(BOM_UTF8)  # what Windows' Notepad writes first
    if not pem.detect(data):
        yield from _blocks(data)
        return
    for name, _, der in pem.unarmor(data, multiple=True):
        if "PRIVATE KEY" in name:
            raise _private()
        if "CERTIFICATE" in name or name in ("PKCS7", "CMS"):
            yield from _blocks(der)


def _blocks(der: bytes) -> Iterator[Certificate]:
    """A certificate, or those of a PKCS #7 container."""
    try:
        one = Certificate.load(der, strict=True)
        one.subject.native  # noqa: B018 - parses lazily: a container must fail here
    except (ValueError, TypeError, KeyError):
        holder = cms.ContentInfo.load(der, strict=True)
        if holder["content_type"].native != "signed_data":
            raise
        yield from (each.chosen for each in holder["content"]["certificates"] if each.name == "certificate")
    else:
        yield one


def _looked_at(certificate: Certificate, pool: list[Certificate], known: Collection[str], moment: datetime) -> Offered:
    if not dated(certificate):
        wrong = _undated(certificate)
        raise Refused(wrong.code, wrong.vi, wrong.en)
    face = face_of(certificate)
    return Offered(certificate.dump(), face, _wrong(certificate, face, known, moment), tuple(_notes(face, pool, known, moment)))


def _wrong(certificate: Certificate, face: Face, known: Collection[str], moment: datetime) -> Message | None:
    if face.sha256 in known:
        return _message("there", "Đã có trong danh sách.", "It is in the list already.")
    if not face.authority:
        return _message(
            "no_ca",
            "Không phải chứng thư của nơi cấp (CA), mà của người, máy hoặc dịch vụ. Hãy xin chứng thư gốc của nhà cung cấp.",
            "It is no authority's (CA) but a person's, a machine's or a service's. Ask the provider for its root certificate.",
        )
    unreadable = _unreadable_by_others(certificate)
    if unreadable is not None:
        return unreadable
    if face.ends <= moment:
        return _message(
            "ended",
            f"Đã hết hạn ngày {face.ends:%d/%m/%Y}. Hãy xin bản mới.",
            f"It ended on {face.ends:%Y-%m-%d}. Get the new one.",
        )
    if weak_key(certificate):
        return _message(
            "weak_key",
            f"Khóa {face.key} quá yếu: cần RSA từ 2048 bit hoặc ECDSA từ 256 bit.",
            f"The key {face.key} is too weak: RSA from 2048 bits or ECDSA from 256 are needed.",
        )
    if not face.root and weak_digest(certificate):
        return _message(
            "weak_digest",
            f"Chứng thư trung gian ký bằng {face.digest.upper()}, đã bị phá. Hãy xin bản ký bằng SHA-256.",
            f"An intermediate certificate signed with {face.digest.upper()}, which is broken. Get the one signed with SHA-256.",
        )
    if face.root and not _by_itself(certificate):
        return _message(
            "forged",
            "Tự xưng là chứng thư gốc nhưng chữ ký trong đó không phải của chính nó. Không được tin cậy.",
            "It calls itself a root but does not bear its own signature. It must not be trusted.",
        )
    return None


def _notes(face: Face, pool: list[Certificate], known: Collection[str], moment: datetime) -> Iterator[Message]:
    if face.begins > moment:
        yield _message(
            "later",
            f"Chưa có hiệu lực: bắt đầu từ {face.begins:%d/%m/%Y}.",
            f"Not valid yet: it begins on {face.begins:%Y-%m-%d}.",
        )
    if not face.root:
        yield _message(
            "chain_only",
            "Chứng thư trung gian: chỉ giúp nối chuỗi, không tự được tin cậy.",
            "An intermediate: it only helps to build chains and is not trusted by itself.",
        )
    if not face.root and not known and not any(one.self_issued for one in pool):
        yield _message("no_root", "Chưa có chứng thư gốc của nó.", "Its root is not there.")
    if face.root and face.digest in ("md5", "sha1"):
        yield _message(
            "old_digest",
            f"Chứng thư gốc đời cũ (tự ký bằng {face.digest.upper()}); chỉ vân tay mới nói nó là thật.",
            f"An old root (signed by itself with {face.digest.upper()}); only its fingerprint says that it is the real one.",
        )


def _authority(certificate: Certificate) -> bool:
    usage = certificate.key_usage_value
    may_issue = usage is None or "key_cert_sign" in usage.native
    return bool(certificate.ca and may_issue)


def _unreadable_by_others(certificate: Certificate) -> Message | None:
    """Signatures are checked by a library that reads more strictly: it could never use such a certificate."""
    try:
        load_der_x509_certificate(certificate.dump())
    except (ValueError, InvalidVersion) as error:
        validity = certificate["tbs_certificate"]["validity"]
        if not all(_DAY.fullmatch(validity[one].chosen.contents) for one in ("not_before", "not_after")):
            return _undated(certificate)
        return _unreadable(certificate, "không được viết đúng chuẩn X.509", f"is not written as X.509 has it ({error})")
    return None


def _undated(certificate: Certificate) -> Message:
    vi = "ghi ngày bắt đầu hoặc ngày hết hạn không đúng chuẩn (RFC 5280)"
    return _unreadable(certificate, vi, "does not write its days as RFC 5280 has them")


def _unreadable(certificate: Certificate, vi: str, en: str) -> Message:
    name = common_name(certificate)
    return _message(
        "unreadable",
        f"Không đọc được: chứng thư {name} {vi}. Hãy xin nơi cấp một bản đúng chuẩn.",
        f"It cannot be read: the certificate {name} {en}. Ask its authority for one that is right.",
    )


def _by_itself(certificate: Certificate) -> bool:
    if certificate.subject != certificate.issuer:
        return False
    try:
        own = load_der_x509_certificate(certificate.dump())
        own.verify_directly_issued_by(own)
    except (InvalidSignature, ValueError, TypeError):
        return False
    except UnsupportedAlgorithm:  # MD5: nothing rests on a root's own signature
        return True
    return True


def _message(code: str, vi: str, en: str) -> Message:
    return Message(f"trust_{code}", vi, en)


def _no_certificates() -> Refused:
    return Refused(
        "trust_file",
        "Không thấy chứng thư nào đọc được. Chọn tệp .cer, .crt, .pem, .der hoặc .p7b, hoặc dán cả khối BEGIN CERTIFICATE.",
        "No certificate that can be read. Choose a .cer, .crt, .pem, .der or .p7b file, or paste a BEGIN CERTIFICATE block.",
    )


def _private() -> Refused:
    return Refused(
        "trust_private",
        "Trong tệp có khóa riêng. Không được gửi khóa riêng đi đâu cả: hãy xóa tệp này và chỉ dùng chứng thư.",
        "There is a private key in the file. Never send one anywhere: delete this file and use the certificate alone.",
    )
