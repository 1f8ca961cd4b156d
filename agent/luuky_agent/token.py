"""A token as the agent sees it: a child process that holds the vendor's module (`token_process.py`)."""

from __future__ import annotations

import base64
import contextlib
import json
import queue
import subprocess
import threading
from typing import Any, Self

from luuky_agent import token_errors
from luuky_agent.errors import AgentError
from luuky_agent.helper import command
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS, TokenCertificate, kind, signs

LOADS_WITHIN = 15.0
"""Seconds for loading a module and looking what is plugged in: one that takes longer hangs."""
ANSWERS_WITHIN = 60.0
"""Seconds for anything else: tokens are slow."""
PERSON_WITHIN = 300.0
"""Seconds where a dialog or a reader asks a person for the PIN."""
LEAVES_WITHIN = 3.0
"""Seconds for logging out."""
_MADE_BY = {"rsa": (RSA_PKCS1, RSA_PSS), "ec": (ECDSA,)}


class Token:
    """The module at a path, in a child process; a context manager. Nothing is ever tried twice."""

    def __init__(self, module: str, helper: str | None = None, idle: float | None = None) -> None:
        self._patience = ANSWERS_WITHIN
        line = [*command(module, helper), *([] if idle is None else [str(idle)])]
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                line, stdin=pipe, stdout=pipe, stderr=nowhere, text=True, encoding="utf-8", creationflags=hidden
            )
        except OSError as error:
            raise token_errors.no_module(module) from error
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        if "error" in self._next(token_errors.LOOKING, LOADS_WITHIN):
            self.close()
            raise token_errors.no_module(module)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def certificates(self) -> list[TokenCertificate]:
        """The signing certificates in all tokens that are plugged in; needs no PIN."""
        answer = self._ask({"do": "tokens"}, token_errors.LOOKING, LOADS_WITHIN)
        if "error" in answer:
            raise token_errors.spoken(answer, token_errors.LOOKING)
        seen = [(token, der) for token in answer["tokens"] for der in map(base64.b64decode, token["certificates"])]
        found = [_certificate(token, der) for token, der in seen if signs(der)]
        if not found and answer["troubles"]:
            raise token_errors.spoken({"error": answer["troubles"][0]}, token_errors.LOOKING)
        return found

    def login(self, chosen: TokenCertificate, pin: str) -> None:
        """One try, with the PIN a person just typed. Raises AgentError: `wrong_pin`, `pin_locked`, `token_missing` or another."""
        certificate = base64.b64encode(chosen.certificate).decode()
        self._patience = PERSON_WITHIN if "own" in chosen.flags else ANSWERS_WITHIN
        request = {"do": "login", "serial": chosen.serial, "certificate": certificate, "pin": pin}
        answer = self._ask(request, token_errors.LOGIN)
        if "error" in answer:
            raise token_errors.spoken(answer, token_errors.LOGIN)

    def sign(self, attributes: bytes, mechanism: str | None = None) -> bytes:
        """The value over attributes. Raises AgentError."""
        request = {"do": "sign", "attributes": base64.b64encode(attributes).decode()}
        request |= {} if mechanism is None else {"mechanism": mechanism}
        answer = self._ask(request, token_errors.SIGNING)
        if "signature" not in answer:
            raise token_errors.spoken(answer, token_errors.SIGNING)
        return base64.b64decode(answer["signature"])

    def close(self) -> None:
        """Log out and end the child process; one that does not leave by itself is killed."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(LEAVES_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, request: dict[str, str], when: token_errors.Words, patience: float | None = None) -> dict[str, Any]:
        """A child that ended has said why in its last line."""
        pipe = self._process.stdin
        with contextlib.suppress(OSError, ValueError):
            if pipe is not None:
                pipe.write(json.dumps(request) + "\n")
                pipe.flush()
        return self._next(when, patience or self._patience)

    def _next(self, when: token_errors.Words, patience: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            self._process.kill()
            raise self._crashed(when) from None
        if not line:
            self._lines.put("")
            raise self._crashed(when)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _crashed(self, when: token_errors.Words) -> AgentError:
        self._process.wait()
        return token_errors.spoken({"error": "Crashed"}, when)

    def _listen(self) -> None:
        pipe = self._process.stdout
        for line in pipe or ():
            self._lines.put(line)
        self._lines.put("")


def _certificate(token: dict[str, Any], der: bytes) -> TokenCertificate:
    able = tuple(name for name in _MADE_BY.get(kind(der), ()) if name in token["mechanisms"])
    return TokenCertificate(token["serial"], token["label"], tuple(token["flags"]), der, able)
