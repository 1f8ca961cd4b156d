"""The token's module, in a process of its own: a vendor's DLL may crash or hang without taking the agent with it.

`python -m luuky_agent.token_process MODULE [SECONDS]`: one JSON request a line on standard input, one JSON answer a line on
standard output. MODULE is a path, or `windows-store`. `tokens`; `login` with `serial`, `certificate`, `pin`; `sign` with
`attributes` and perhaps `mechanism`. Bytes are base64.

1. The PIN comes down the pipe, goes to C_Login once, and only to the token that holds the certificate.
2. It is forgotten at once, unless the key wants it at every signature.
3. Whoever is logged in is logged out when the pipe closes, or after five minutes (SECONDS) without a request; then the process
   ends, and what it knew ends with it. It never leaves a core file.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import queue
import re
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO

import pkcs11
from pkcs11 import MGF, PROTECTED_AUTH, Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.exceptions import AttributeTypeInvalid, PKCS11Error
from pkcs11.util.ec import encode_ecdsa_signature

from luuky_agent import windows_store
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS, kind
from luuky_agent.windows_store import WindowsStore

if sys.platform != "win32":
    import resource

IDLE = 300.0
"""Seconds without a request after which a login ends."""
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
"""DigestInfo of SHA-256 (RFC 8017, 9.2): CKM_RSA_PKCS is what every token has."""
FLAGS = {
    "low": TokenFlag.USER_PIN_COUNT_LOW,
    "final": TokenFlag.USER_PIN_FINAL_TRY,
    "locked": TokenFlag.USER_PIN_LOCKED,
    "change": TokenFlag.USER_PIN_TO_BE_CHANGED,
    "own": TokenFlag.PROTECTED_AUTHENTICATION_PATH,
}
CAN = {RSA_PKCS1: Mechanism.RSA_PKCS, RSA_PSS: Mechanism.RSA_PKCS_PSS, ECDSA: Mechanism.ECDSA}
PSS = (Mechanism.SHA256, MGF.SHA256, 32)
UNNAMED = {"already initialized": "0x191", "not initialized": "0x190", "Buffer was too small": "0x150"}
"""Codes for which the library has words only."""


class Tokens:
    """The state of the process: the module, and the session that is logged in."""

    def __init__(self, module: str) -> None:
        self._library = pkcs11.lib(module)
        self._session: Any = None
        self._key: Any = None
        self._pin: Any = None

    @property
    def logged_in(self) -> bool:
        """Whether a token is open for signing."""
        return self._session is not None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request, one answer; what goes wrong is an answer too."""
        try:
            match request["do"]:
                case "tokens":
                    return self._describe_all()
                case "login":
                    return self._login(request)
                case _:
                    return {"signature": _text(self._sign(_bytes(request["attributes"]), request.get("mechanism")))}
        except PKCS11Error as error:
            return {"error": error_name(error)}

    def logout(self) -> None:
        """Close what is open. The token may be gone already."""
        session, self._session, self._key, self._pin = self._session, None, None, None
        if session is not None:
            with contextlib.suppress(PKCS11Error):
                session.close()

    def _tokens(self) -> Iterator[Any]:
        """The tokens that can be used: a slot may be empty, broken, or hold one that was never set up."""
        for slot in self._library.get_slots(token_present=True):
            with contextlib.suppress(PKCS11Error):
                token = slot.get_token()
                if TokenFlag.TOKEN_INITIALIZED in token.flags:
                    yield token

    def _describe_all(self) -> dict[str, Any]:
        """What is plugged in; `troubles` of what cannot be looked into beside it."""
        described, troubles = [], []
        for slot in self._library.get_slots(token_present=True):
            try:
                token = slot.get_token()
                described += [self._describe(token)] if TokenFlag.TOKEN_INITIALIZED in token.flags else []
            except PKCS11Error as error:
                troubles.append(error_name(error))
        return {"tokens": described, "troubles": troubles}

    def _describe(self, token: Any) -> dict[str, Any]:
        able = token.slot.get_mechanisms()
        return {
            "label": token.label,
            "serial": _serial(token),
            "flags": _flags(token),
            "certificates": list(map(_text, _certificates(token))),
            "mechanisms": [name for name, mechanism in CAN.items() if mechanism in able],
        }

    def _login(self, request: dict[str, Any]) -> dict[str, Any]:
        """Rule 1."""
        self.logout()
        certificate = _bytes(request["certificate"])
        same = [token for token in self._tokens() if _serial(token) == request["serial"] and certificate in _certificates(token)]
        if not same:
            return {"error": "TokenNotPresent"}
        pin = request["pin"] if TokenFlag.PROTECTED_AUTHENTICATION_PATH not in same[0].flags else PROTECTED_AUTH
        try:
            self._session = same[0].open(user_pin=pin)
        except PKCS11Error as error:
            return {"error": error_name(error), "flags": self._flags(request["serial"])}
        self._key = _key_of(self._session, certificate)
        if self._key is None:
            self.logout()
            return {"error": "NoKey"}
        self._pin = pin if pin is not PROTECTED_AUTH and _asks_each_time(self._key) else None
        return {}

    def _flags(self, serial: str) -> list[str]:
        """The flags after a failed login: the library keeps those it saw when it found the token."""
        return next((_flags(token) for token in self._tokens() if _serial(token) == serial), [])

    def _sign(self, attributes: bytes, mechanism: str | None) -> bytes:
        digest = hashlib.sha256(attributes).digest()
        if self._key is None:
            raise pkcs11.UserNotLoggedIn
        if self._key.key_type == KeyType.EC:
            return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=Mechanism.ECDSA, pin=self._pin)))
        if mechanism == RSA_PSS:
            return bytes(self._key.sign(digest, mechanism=Mechanism.RSA_PKCS_PSS, mechanism_param=PSS, pin=self._pin))
        return bytes(self._key.sign(SHA256_INFO + digest, mechanism=Mechanism.RSA_PKCS, pin=self._pin))


def error_name(error: PKCS11Error) -> str:
    """The name of a PKCS#11 error, or `0x…` for a code that the library has no name for."""
    if type(error) is not PKCS11Error:
        return type(error).__name__
    code = re.search(r"0x[0-9a-f]+", str(error))
    return code[0] if code else next((name for words, name in UNNAMED.items() if words in str(error)), "PKCS11Error")


def _flags(token: Any) -> list[str]:
    return [name for name, flag in FLAGS.items() if flag in token.flags]


def _certificates(token: Any) -> list[bytes]:
    with token.open() as session:
        return [bytes(one[Attribute.VALUE]) for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})]


def _key_of(session: Any, certificate: bytes) -> Any:
    """The private key that belongs to a certificate: the same CKA_ID, else the only key of its kind that there is."""
    same = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.VALUE: certificate})
    ids = [one[Attribute.ID] for one in same]
    wanted = KeyType.EC if kind(certificate) == "ec" else KeyType.RSA
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: wanted}))
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


def _own_output() -> TextIO:
    """Standard output for answers alone: what a driver prints goes elsewhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _read(lines: queue.Queue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put("")


def _serve(tokens: Tokens | WindowsStore, answers: TextIO, idle: float) -> None:
    """Rule 3."""
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=idle if tokens.logged_in else None)
        except queue.Empty:
            tokens.logout()
            _say(answers, {"error": "LoggedOut"})
            return
        if not line:
            tokens.logout()
            return
        _say(answers, tokens.answer(json.loads(line)))


def _say(answers: TextIO, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def main() -> None:
    """Answer until the pipe closes. A driver that hangs while it is unloaded keeps nobody waiting."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = _own_output()
    try:
        tokens = WindowsStore() if sys.argv[1] == windows_store.NAME else Tokens(sys.argv[1])
    except (PKCS11Error, RuntimeError, OSError) as error:
        _say(answers, {"error": "Module", "detail": str(error)})
        return
    _say(answers, {"ready": True})
    with contextlib.suppress(BrokenPipeError):
        _serve(tokens, answers, float(sys.argv[2]) if len(sys.argv) > 2 else IDLE)
    os._exit(0)


if __name__ == "__main__":
    main()
