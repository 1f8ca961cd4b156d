"""A key in a PKCS#11 token of this machine: the hospital's seal in an HSM, and the tests' SoftHSM."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Self

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error
from pkcs11.util.ec import encode_ecdsa_signature

from domain.errors import PartAway, PartMissing, Refused

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS and CKM_ECDSA over a ready hash are what every token has."""


class Pkcs11Key:
    """The one key in the token labelled `token`; a context manager. A wrong PIN is tried once and never again."""

    def __init__(self, module: Path, token: str, pin: str) -> None:
        try:
            self._session: Any = pkcs11.lib(str(module)).get_token(token_label=token).open(user_pin=pin)
            self._key: Any = next(iter(self._session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})))
            found = self._session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: self._key[Attribute.ID]})
            self._certificate = bytes(next(iter(found))[Attribute.VALUE])
        except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as error:
            raise Refused("pin", "Mã PIN của thiết bị ký không đúng.", "The PIN of the signing device is wrong.") from error
        except (PKCS11Error, RuntimeError, StopIteration) as error:
            raise PartMissing(
                "token",
                "Không thấy thiết bị ký, hoặc trong đó không có khóa kèm chứng thư.",
                "The signing device is not there, or holds no key with a certificate.",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    @property
    def certificate(self) -> bytes:
        """See `SigningKey`."""
        return self._certificate

    def sign(self, attributes: bytes) -> bytes:
        """See `SigningKey.sign`."""
        digest = hashlib.sha256(attributes).digest()
        try:
            if self._key.key_type == KeyType.EC:
                return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=Mechanism.ECDSA)))
            return bytes(self._key.sign(SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS))
        except PKCS11Error as error:
            raise PartAway("token_away", "Thiết bị ký không trả lời.", "The signing device does not answer.") from error
