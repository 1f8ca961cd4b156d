"""Whether keys and digests of a certificate are strong enough to rely on (TT 15/2025/TT-BKHCN: RSA from 2048, ECDSA from 256
bits, SHA-1 no more).
"""

from __future__ import annotations

from asn1crypto.x509 import Certificate

LEAST = {"rsa": 2048, "rsassa_pss": 2048, "ec": 256}
BROKEN = frozenset({"md2", "md4", "md5", "sha1"})


def key_of(certificate: Certificate) -> str:
    """Such as `RSA 2048` or `EC 256`."""
    key = certificate.public_key
    return f"{key.algorithm.upper()} {_bits(certificate) or ''}".strip()


def digest_of(certificate: Certificate) -> str:
    """What it was signed with, such as `sha256`; empty where that is not said."""
    try:
        return str(certificate.hash_algo or "")
    except ValueError:
        return ""


def weak_key(certificate: Certificate) -> bool:
    """Whether its key can be broken, or is of a kind that is not known to hold."""
    least = LEAST.get(certificate.public_key.algorithm)
    return least is None or _bits(certificate) < least


def weak_digest(certificate: Certificate) -> bool:
    """Whether another certificate could be made that this signature fits as well."""
    return digest_of(certificate) in BROKEN


def weakness(certificate: Certificate) -> bool:
    """Either of both."""
    return weak_key(certificate) or weak_digest(certificate)


def _bits(certificate: Certificate) -> int:
    """0 where that cannot be told."""
    if certificate.public_key.algorithm not in LEAST:
        return 0
    try:
        return int(certificate.public_key.bit_size)
    except (ValueError, TypeError, KeyError):
        return 0
