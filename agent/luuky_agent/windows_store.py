"""The second engine: keys that Windows knows (its certificate store), for tokens whose vendor installs no PKCS#11 module.

Held by the same child process and asked in the same words as a PKCS#11 module (`token_process.py`). The PIN is asked for by the
vendor's or Windows' own dialog, once or at each signature as the vendor has it; it never passes through us.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from pkcs11.util.ec import encode_ecdsa_signature

from luuky_agent import cng
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS, kind

NAME = "windows-store"
"""What stands in the place of a module's path."""
SALT = 32
_CAN = {"rsa": [RSA_PKCS1, RSA_PSS], "ec": [ECDSA]}
_CAN_OLD = {"rsa": [RSA_PKCS1]}
"""By kind of key: in a provider of CNG, in one of CryptoAPI."""


class WindowsStore:
    """The state of the process: the key that is signed with."""

    def __init__(self, system: cng.Libraries | None = None) -> None:
        self._system = system or cng.libraries()
        self._key: cng.Key | None = None
        self._kind = ""

    @property
    def logged_in(self) -> bool:
        """Whether a key is open for signing."""
        return self._key is not None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """One request, one answer; what goes wrong is an answer too."""
        try:
            match request["do"]:
                case "tokens":
                    return {"tokens": list(map(_described, cng.certificates(self._system))), "troubles": []}
                case "login":
                    return self._login(base64.b64decode(request["certificate"]))
                case _:
                    value = self._sign(base64.b64decode(request["attributes"]), request.get("mechanism"))
                    return {"signature": base64.b64encode(value).decode()}
        except cng.CngError as error:
            return {"error": error.name}

    def logout(self) -> None:
        """Let the key go."""
        key, self._key = self._key, None
        if key is not None:
            cng.free(self._system, key)

    def _login(self, certificate: bytes) -> dict[str, Any]:
        self.logout()
        self._key, self._kind = cng.key_of(self._system, certificate), kind(certificate)
        return {}

    def _sign(self, attributes: bytes, mechanism: str | None) -> bytes:
        digest = hashlib.sha256(attributes).digest()
        if self._key is None:
            raise cng.CngError(0x8009_000D)
        if self._kind == "ec":
            return bytes(encode_ecdsa_signature(cng.sign(self._system, self._key, digest, None)))
        padding = cng.PssPadding(cng.SHA256, SALT) if mechanism == RSA_PSS else cng.Pkcs1Padding(cng.SHA256)
        return cng.sign(self._system, self._key, digest, padding)


def _described(stored: cng.Stored) -> dict[str, Any]:
    able = _CAN_OLD if stored.old else _CAN
    return {
        "label": stored.provider or "Windows",
        "serial": hashlib.sha256(stored.der).hexdigest(),
        "flags": ["own"],
        "certificates": [base64.b64encode(stored.der).decode()],
        "mechanisms": able.get(kind(stored.der), []),
    }
