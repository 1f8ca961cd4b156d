"""The token as the agent sees it: a child process that holds the vendor's module (`token_process.py`)."""

from __future__ import annotations

import base64
import json
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from asn1crypto.x509 import Certificate

from luuky_agent.errors import AgentError, away

ANSWERS_WITHIN = 60.0
"""Seconds: tokens are slow, but a module that takes longer hangs."""

_LOGIN = {
    "PinLocked": ("pin_locked", "USB ký số đã bị khóa. Mang tới nơi cấp để mở.", "The token is locked. Its issuer can open it."),
    "NoKey": ("no_key", "USB này không có khóa của chứng thư.", "This token does not hold the certificate's key."),
    "TokenNotPresent": (
        "token_missing",
        "Không thấy USB ký số. Cắm lại rồi thử lại.",
        "The token is not there. Plug it in again.",
    ),
}
_TRIES = {
    "final": ("Chỉ còn MỘT lần thử; sai nữa USB sẽ bị khóa.", "ONE try is left; another wrong PIN locks the token."),
    "low": ("Số lần thử còn ít.", "Few tries are left."),
    "locked": ("USB đã bị khóa.", "The token is locked."),
}


@dataclass(frozen=True, slots=True)
class TokenCertificate:
    """A signing certificate in a token. `flags`: what the token says of its PIN (`low`, `final`, `locked`, `change`)."""

    serial: str
    label: str
    flags: tuple[str, ...]
    certificate: bytes

    @property
    def subject(self) -> str:
        """The name it is made out to."""
        native = Certificate.load(self.certificate).subject.native
        return str(native.get("common_name") or Certificate.load(self.certificate).subject.human_friendly)

    @property
    def issuer(self) -> str:
        """Who issued it."""
        native = Certificate.load(self.certificate).issuer.native
        return str(native.get("common_name") or Certificate.load(self.certificate).issuer.human_friendly)

    @property
    def ends(self) -> datetime:
        """When it ends (aware, UTC)."""
        end: datetime = Certificate.load(self.certificate).not_valid_after
        return end

    @property
    def valid(self) -> bool:
        """Whether it is within its dates."""
        loaded = Certificate.load(self.certificate)
        return bool(loaded.not_valid_before <= datetime.now(UTC) <= loaded.not_valid_after)


class Token:
    """The module at a path, in a child process; a context manager. Nothing is ever tried twice."""

    def __init__(self, module: str) -> None:
        command = [sys.executable, "-m", "luuky_agent.token_process", module]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        if "error" in self._next():
            self.close()
            raise _no_module(module)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def certificates(self) -> list[TokenCertificate]:
        """The signing certificates in all tokens that are plugged in; needs no PIN."""
        answer = self._ask(do="tokens")
        if "error" in answer:
            raise _crashed()
        return [
            TokenCertificate(token["serial"], token["label"], tuple(token["flags"]), der)
            for token in answer["tokens"]
            for der in map(base64.b64decode, token["certificates"])
            if _signs(der)
        ]

    def login(self, chosen: TokenCertificate, pin: str) -> None:
        """One try, with the PIN a person just typed. Raises AgentError `wrong_pin`, `pin_locked`, `token_missing`, `no_key`."""
        certificate = base64.b64encode(chosen.certificate).decode()
        answer = self._ask(do="login", serial=chosen.serial, certificate=certificate, pin=pin)
        if "error" in answer:
            raise _login_error(answer)

    def sign(self, attributes: bytes) -> bytes:
        """The signature value over attributes. Raises AgentError."""
        answer = self._ask(do="sign", attributes=base64.b64encode(attributes).decode())
        if "signature" not in answer:
            raise AgentError(
                "token_failed",
                f"USB ký số không ký được ({answer.get('error')}).",
                f"The token could not sign ({answer.get('error')}).",
            )
        return base64.b64decode(answer["signature"])

    def logout(self) -> None:
        """Forget the login."""
        self._ask(do="logout")

    def close(self) -> None:
        """End the child process; the login ends with it."""
        self._process.kill()
        self._process.wait()

    def _ask(self, **request: str) -> dict[str, Any]:
        pipe = self._process.stdin
        try:
            if pipe is None:
                raise _crashed()
            pipe.write(json.dumps(request) + "\n")
            pipe.flush()
        except OSError as error:
            raise _crashed() from error
        return self._next()

    def _next(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=ANSWERS_WITHIN)
        except queue.Empty as error:
            self.close()
            raise _crashed() from error
        if not line:
            raise _crashed()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _listen(self) -> None:
        pipe = self._process.stdout
        for line in pipe or ():
            self._lines.put(line)
        self._lines.put("")


def _signs(der: bytes) -> bool:
    """Whether a certificate is made for signing documents, and is no authority's."""
    certificate = Certificate.load(der)
    usage = certificate.key_usage_value
    return not certificate.ca and (usage is None or "non_repudiation" in usage.native)


def tries(flags: tuple[str, ...]) -> tuple[str, str] | None:
    """What the token says about the tries that are left (PKCS#11 tells no number)."""
    return next((_TRIES[flag] for flag in ("locked", "final", "low") if flag in flags), None)


def _login_error(answer: dict[str, Any]) -> AgentError:
    if answer["error"] in _LOGIN:
        return AgentError(*_LOGIN[answer["error"]])
    left = tries(tuple(answer.get("flags", ()))) or ("", "")
    return AgentError(
        "wrong_pin",
        f"Mã PIN chưa đúng. Chưa tài liệu nào bị ký. {left[0]}".strip(),
        f"Wrong PIN. Nothing was signed. {left[1]}".strip(),
    )


def _crashed() -> AgentError:
    return away(
        "token_crashed",
        "Trình điều khiển USB ký số không trả lời. Rút USB, cắm lại rồi thử lại.",
        "The token's driver does not answer. Unplug the token, plug it in, try again.",
    )


def _no_module(module: str) -> AgentError:
    return away(
        "module",
        f"Không nạp được trình điều khiển USB ký số: {module}",
        f"The token's driver could not be loaded: {module}",
    )
