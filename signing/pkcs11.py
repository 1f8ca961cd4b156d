"""A key in a PKCS#11 token of this machine: the hospital's seal in an HSM, and the tests' SoftHSM."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any, Self

import pkcs11
from pkcs11 import MGF, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import (
    FunctionNotSupported,
    KeyTypeInconsistent,
    MechanismInvalid,
    MechanismParamInvalid,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    PKCS11Error,
)
from pkcs11.util.ec import encode_ecdsa_signature

from domain.errors import PartAway, PartMissing, Refused
from signing.keys import Scheme
from signing.values import SALT, usual

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS and CKM_ECDSA over a ready hash are what every token has."""
_WRONG_PIN = (PinIncorrect, PinInvalid, PinLenRange, PinLocked)
_REFUSED = (MechanismInvalid, MechanismParamInvalid, FunctionNotSupported, KeyTypeInconsistent)


class Pkcs11Key:
    """The one key in the token labelled `token`; a context manager. A wrong PIN is tried once and never again.

    The last try that a token has is left to a person with the vendor's program.
    """

    def __init__(self, module: Path, token: str, pin: str) -> None:
        try:
            found_token: Any = pkcs11.lib(str(module)).get_token(token_label=token)
            if found_token.flags & (TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED):
                raise _last_try()
            self._session: Any = found_token.open(user_pin=pin)
            try:
                self._key: Any = next(iter(self._session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})))
                wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.ID: self._key[Attribute.ID]}
                self._certificate = bytes(next(iter(self._session.get_objects(wanted)))[Attribute.VALUE])
            except BaseException:
                self.close()
                raise
            self._makes_pss: bool | None = None
            self._mechanisms = frozenset(found_token.slot.get_mechanisms())
        except _WRONG_PIN as error:
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

    def close(self) -> None:
        """Leave the token, even one that is gone."""
        with contextlib.suppress(PKCS11Error):
            self._session.close()

    @property
    def certificate(self) -> bytes:
        """See `SigningKey`."""
        return self._certificate

    @property
    def schemes(self) -> tuple[Scheme, ...]:
        """What key and token can do, PSS first where it is there."""
        if self._key.key_type == KeyType.EC:
            return (Scheme.ECDSA,)
        if self._makes_pss is None:
            self._makes_pss = self._tries_pss() if Mechanism.RSA_PKCS_PSS in self._mechanisms else False
        return (Scheme.PKCS1,) if self._makes_pss is False else (Scheme.PSS, Scheme.PKCS1)

    def sign(self, attributes: bytes) -> bytes:
        """See `SigningKey.sign`."""
        return self.sign_digest(hashlib.sha256(attributes).digest(), usual(self._certificate))

    def sign_digest(self, digest: bytes, scheme: Scheme) -> bytes:
        """A value over a SHA-256 digest by one of the `schemes`. Raises PartAway if the token is gone."""
        try:
            return self._value(digest, scheme)
        except PKCS11Error as error:
            raise PartAway("token_away", "Thiết bị ký không trả lời.", "The signing device does not answer.") from error

    def _tries_pss(self) -> bool | None:
        """Some drivers list what they then refuse: one value is made over nothing, and thrown away. None: no answer."""
        try:
            self._value(hashlib.sha256().digest(), Scheme.PSS)
        except _REFUSED:
            return False
        except PKCS11Error:
            return None
        return True

    def _value(self, digest: bytes, scheme: Scheme) -> bytes:
        match scheme:
            case Scheme.ECDSA:
                return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=Mechanism.ECDSA)))
            case Scheme.PSS:
                parameters = (Mechanism.SHA256, MGF.SHA256, SALT)
                return bytes(self._key.sign(digest, mechanism=Mechanism.RSA_PKCS_PSS, mechanism_param=parameters))
            case Scheme.PKCS1:
                return bytes(self._key.sign(SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS))


def look_again(module: Path) -> None:
    """Let a module find tokens that came back. Every session of this process with the module ends."""
    with contextlib.suppress(PKCS11Error, RuntimeError):
        pkcs11.lib(str(module)).reinitialize()


def _last_try() -> Refused:
    return Refused(
        "pin_last_try",
        "Thiết bị ký đã khóa hoặc chỉ còn một lần nhập PIN. Hãy kiểm tra mã PIN bằng phần mềm của nhà cung cấp.",
        "The signing device is locked or has one try left. Check the PIN with the vendor's program.",
    )
