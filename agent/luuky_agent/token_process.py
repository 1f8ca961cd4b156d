"""The token's module, in a process of its own: a vendor's DLL may crash or hang without taking the agent with it.

`python -m luuky_agent.token_process MODULE`: one JSON request a line on standard input, one JSON answer a line on standard
output. `tokens`; `login` with `serial`, `certificate`, `pin`; `sign` with `attributes`; `logout`. Bytes are base64.
The PIN comes down the pipe, goes to C_Login and is forgotten, unless the key wants it at every signature.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import AttributeTypeInvalid, PinIncorrect, PinInvalid, PinLenRange, PinLocked, PKCS11Error
from pkcs11.util.ec import encode_ecdsa_signature

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS is what every token has."""
FLAGS = {
    "low": TokenFlag.USER_PIN_COUNT_LOW,
    "final": TokenFlag.USER_PIN_FINAL_TRY,
    "locked": TokenFlag.USER_PIN_LOCKED,
    "change": TokenFlag.USER_PIN_TO_BE_CHANGED,
}


class Tokens:
    """The state of the process: the module, and the session that is logged in."""

    def __init__(self, module: str) -> None:
        self._library = pkcs11.lib(module)
        self._session: Any = None
        self._key: Any = None
        self._pin: str | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request, one answer; what goes wrong is an answer too."""
        try:
            match request["do"]:
                case "tokens":
                    return {"tokens": [self._describe(token) for token in self._tokens()]}
                case "login":
                    return self._login(request)
                case "sign":
                    return {"signature": _text(self._sign(_bytes(request["attributes"])))}
                case _:
                    return self._logout()
        except PKCS11Error as error:
            return {"error": type(error).__name__}

    def _tokens(self) -> list[Any]:
        """The tokens that can be used: a slot may hold one that was never set up."""
        return [token for token in self._library.get_tokens() if TokenFlag.TOKEN_INITIALIZED in token.flags]

    def _describe(self, token: Any) -> dict[str, Any]:
        with token.open() as session:
            found = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
            certificates = [_text(one[Attribute.VALUE]) for one in found]
        flags = [name for name, flag in FLAGS.items() if flag in token.flags]
        return {"label": token.label, "serial": _serial(token), "flags": flags, "certificates": certificates}

    def _login(self, request: dict[str, Any]) -> dict[str, Any]:
        self._logout()
        token = next((t for t in self._tokens() if _serial(t) == request["serial"]), None)
        if token is None:
            return {"error": "TokenNotPresent"}
        try:
            session = token.open(user_pin=request["pin"])
        except (PinIncorrect, PinInvalid, PinLenRange, PinLocked) as error:
            return {"error": type(error).__name__, "flags": self._flags(request["serial"])}
        self._session = session
        self._key = _key_of(session, _bytes(request["certificate"]))
        if self._key is None:
            self._logout()
            return {"error": "NoKey"}
        self._pin = request["pin"] if _asks_each_time(self._key) else None
        return {}

    def _flags(self, serial: str) -> list[str]:
        """The flags after a wrong PIN: the library keeps those it saw when it found the token."""
        return next((self._describe(token)["flags"] for token in self._tokens() if _serial(token) == serial), [])

    def _sign(self, attributes: bytes) -> bytes:
        digest = hashlib.sha256(attributes).digest()
        if self._key.key_type == KeyType.EC:
            return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=Mechanism.ECDSA, pin=self._pin)))
        return bytes(self._key.sign(SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS, pin=self._pin))

    def _logout(self) -> dict[str, Any]:
        session, self._session, self._key, self._pin = self._session, None, None, None
        if session is not None:
            session.close()
        return {}


def _key_of(session: Any, certificate: bytes) -> Any:
    """The private key that belongs to a certificate: the same CKA_ID, else the only key there is."""
    same = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: certificate})
    ids = [one[Attribute.ID] for one in same]
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.SIGN: True}))
    matching = [key for key in keys if key.id in ids]
    return next(iter(matching), keys[0] if len(keys) == 1 and ids else None)


def _serial(token: Any) -> str:
    return token.serial.decode(errors="replace") if isinstance(token.serial, bytes) else str(token.serial)


def _asks_each_time(key: Any) -> bool:
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except (AttributeTypeInvalid, KeyError):
        return False


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def main() -> None:
    """Answer until the pipe closes."""
    try:
        tokens = Tokens(sys.argv[1])
    except (PKCS11Error, RuntimeError, OSError) as error:
        sys.stdout.write(json.dumps({"error": "Module", "detail": str(error)}) + "\n")
        return
    sys.stdout.write(json.dumps({"ready": True}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(tokens.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
