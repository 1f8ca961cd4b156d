"""Signature values: which scheme a key needs, and whether a value that came back is one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from domain.errors import Refused
from signing.keys import Scheme

SALT = 32
"""Bytes of salt in RSASSA-PSS: as long as the hash."""
_SHA256 = Prehashed(hashes.SHA256())


def schemes_of(certificate: bytes) -> tuple[Scheme, ...]:
    """What the key of a certificate (DER) is good for in principle. Raises Refused `certificate_key` for other kinds of keys."""
    match _public(certificate):
        case ec.EllipticCurvePublicKey():
            return (Scheme.ECDSA,)
        case rsa.RSAPublicKey():
            return (Scheme.PKCS1, Scheme.PSS)
        case _:
            raise Refused(
                "certificate_key",
                "Loại khóa của chứng thư số này chưa được hỗ trợ; cần RSA hoặc ECDSA.",
                "Keys of this kind are not supported; RSA or ECDSA is needed.",
            )


def usual(certificate: bytes) -> Scheme:
    """What every key of its kind can do: PKCS #1 v1.5 or ECDSA. Raises Refused `certificate_key`."""
    return schemes_of(certificate)[0]


def chosen(certificate: bytes, able: Collection[str], first: Scheme) -> Scheme:
    """How a key is to sign that can do what stands in `able`: as `first` says, else in the usual way.

    Raises Refused `certificate_key`.
    """
    good = schemes_of(certificate)
    return first if first in able and first in good else good[0]


def fits(certificate: bytes, scheme: Scheme, digest: bytes, value: bytes) -> bool:
    """Whether a value is a signature by the certificate's key over a SHA-256 digest."""
    key = _public(certificate)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and scheme is Scheme.ECDSA:
            key.verify(value, digest, ec.ECDSA(_SHA256))
            return True
        if isinstance(key, rsa.RSAPublicKey) and scheme is not Scheme.ECDSA:
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), SALT)
            key.verify(value, digest, pss if scheme is Scheme.PSS else padding.PKCS1v15(), _SHA256)
            return True
    except InvalidSignature:
        pass
    return False


def checked(
    certificate: bytes, scheme: Scheme, digests: Mapping[str, bytes], values: Mapping[str, str | bytes]
) -> dict[str, bytes]:
    """The values by item, base64 undone, all there and each verified. Raises Refused `provider_values`."""
    found = {item: _plain(certificate, scheme, values.get(item)) for item in digests}
    if not all(fits(certificate, scheme, digest, found[item]) for item, digest in digests.items()):
        raise Refused(
            "provider_values",
            "Dịch vụ ký trả về chữ ký không khớp với tài liệu và chứng thư số. Chưa ký tài liệu nào; hãy báo cho bộ phận CNTT.",
            "The signing service sent values that do not fit documents and certificate. Nothing was signed; tell IT.",
        )
    return found


def in_order(items: Sequence[str], values: object) -> dict[str, str | bytes]:
    """A service's list of values, by item; a list of another length or of other things gives fewer."""
    listed = values if isinstance(values, list) else []
    if len(listed) != len(items):
        return {}
    return {item: value for item, value in zip(items, listed, strict=True) if isinstance(value, str)}


def valid_until(certificate: bytes) -> datetime:
    """The end of a certificate's (DER) time, in UTC."""
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc


def _plain(certificate: bytes, scheme: Scheme, value: str | bytes | None) -> bytes:
    if isinstance(value, str):
        try:
            value = base64.b64decode("".join(value.split()), validate=True)
        except (binascii.Error, ValueError):
            value = None
    return _der(certificate, value) if value and scheme is Scheme.ECDSA else value or b""


def _der(certificate: bytes, value: bytes) -> bytes:
    """Some services send the two numbers of ECDSA as they are, one behind the other."""
    key = _public(certificate)
    size = (key.key_size + 7) // 8 if isinstance(key, ec.EllipticCurvePublicKey) else 0
    if len(value) != 2 * size:
        return value
    return encode_dss_signature(int.from_bytes(value[:size]), int.from_bytes(value[size:]))


def _public(certificate: bytes) -> object:
    return x509.load_der_x509_certificate(certificate).public_key()
