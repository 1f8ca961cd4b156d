"""How this server makes itself known to a Cloud Signature Consortium service: four ways to an access token.

`ClientLogin` (OAuth 2.0 client credentials) and `BasicLogin` (`auth/login`) speak for the hospital; with `CodeLogin` each person
logs in at the service's own page, and the refresh token is kept in a folder of files that only the owner reads. The fourth is
in `mysign.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from domain.errors import PartAway, Refused
from signing.service import Answer, Service

EARLY = 30
"""Seconds before its end at which a token is renewed."""
LASTS = 3600
"""Seconds a token lasts of which the service does not say it."""


class Login(Protocol):
    """A way to an access token."""

    def token(self, user: str) -> str:
        """A token to speak for `user`, renewed if need be. Raises PartAway, Refused `provider_login` or `provider_visit`."""
        ...

    def forget(self, user: str) -> None:
        """The service does not know the token any more."""
        ...


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, the time it ends (`time.time`), and what renews it, if anything."""

    access: str = field(repr=False)
    ends: float
    renews: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Pages:
    """The service's pages for a person, and where their codes are changed for tokens: the address of `oauth2/authorize`, the
    service and path of `oauth2/token`, our own address to come back to, our name and password.
    """

    oauth: Service
    authorize: str = ""
    token: str = ""
    back: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)

    def visit(self, state: str, asked: Mapping[str, str]) -> str:
        """Where a browser must go. `state`: unguessable; the browser brings it back."""
        known = {"response_type": "code", "client_id": self.client, "redirect_uri": self.back, "state": state}
        digest = hashlib.sha256(self._verifier(state).encode()).digest()
        return (
            f"{self.authorize}?{urlencode({**known, 'code_challenge': _text(digest), 'code_challenge_method': 'S256', **asked})}"
        )

    def redeem(self, state: str, code: str) -> Answer:
        """Change what the browser brought back for a token. Raises PartAway."""
        return self.ask({"grant_type": "authorization_code", "code": code, "code_verifier": self._verifier(state)})

    def ask(self, form: Mapping[str, str]) -> Answer:
        """Ask for a token. Raises PartAway."""
        known = {"client_id": self.client, "client_secret": self.secret, "redirect_uri": self.back}
        return self.oauth.form(self.token, {**form, **known})

    def _verifier(self, state: str) -> str:
        """Of PKCE (RFC 7636). It need not be kept: only this server can make it of the state."""
        return _text(hashlib.sha256(f"{self.secret}\0{state}".encode()).digest())


class Kept:
    """Tokens in memory, one for each user."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()

    def forget(self, user: str) -> None:
        """See `Login`."""
        with self._lock:
            kept = self._tokens.pop(self._key(user), None)
            if kept is not None and kept.renews:
                self._tokens[self._key(user)] = Token("", 0, kept.renews)

    def token(self, user: str) -> str:
        """See `Login`."""
        with self._lock:
            key = self._key(user)
            kept = self._tokens.get(key)
            if kept is None or kept.ends - EARLY < time.time():
                kept = self._tokens[key] = self._fresh(user, kept)
            return kept.access

    def _key(self, user: str) -> str:  # noqa: ARG002 - who speaks for the hospital needs one token
        return ""

    def _fresh(self, user: str, old: Token | None) -> Token:
        raise NotImplementedError


class ClientLogin(Kept):
    """OAuth 2.0 client credentials. `path`: of the token endpoint."""

    def __init__(self, service: Service, path: str, client: str, secret: str) -> None:
        super().__init__()
        self._service, self._path, self._client, self._secret = service, path, client, secret

    def _fresh(self, user: str, old: Token | None) -> Token:  # noqa: ARG002
        form = {"grant_type": "client_credentials", "client_id": self._client, "client_secret": self._secret}
        return token_of(self._service, self._service.form(self._path, form))


class BasicLogin(Kept):
    """`auth/login` with name and password, renewed with a refresh token where the service gives one."""

    def __init__(self, service: Service, path: str, client: str, secret: str) -> None:
        super().__init__()
        self._service, self._path = service, path
        self._basic = "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()

    def _fresh(self, user: str, old: Token | None) -> Token:  # noqa: ARG002
        if old is not None and old.renews:
            answer = self._service.post(self._path, {"refresh_token": old.renews})
            if answer.status == 200:
                return token_of(self._service, answer, old.renews)
        answer = self._service.post(self._path, {"rememberMe": True}, headers={"Authorization": self._basic})
        return token_of(self._service, answer)


class CodeLogin(Kept):
    """OAuth 2.0 authorization code with PKCE. `folder`: where the refresh tokens are kept."""

    def __init__(self, pages: Pages, folder: Path) -> None:
        super().__init__()
        self._pages, self._folder = pages, folder

    def visit(self, state: str) -> str:
        """Where the person's browser must go. `state`: unguessable, kept by the caller, and the same when the browser is back."""
        return self._pages.visit(state, {"scope": "service"})

    def arrive(self, user: str, state: str, code: str) -> None:
        """The browser is back. Raises PartAway, Refused `provider_login`."""
        token = token_of(self._pages.oauth, self._pages.redeem(state, code))
        with self._lock:
            self._tokens[user] = token
            self._keep(user, token)

    def _key(self, user: str) -> str:
        return user

    def _fresh(self, user: str, old: Token | None) -> Token:
        for renews in filter(None, dict.fromkeys((self._read(user), old.renews if old else ""))):
            answer = self._pages.ask({"grant_type": "refresh_token", "refresh_token": renews})
            if answer.status == 200:
                token = token_of(self._pages.oauth, answer, renews)
                self._keep(user, token)
                return token
        raise _visit(self._pages.oauth.name)

    def _keep(self, user: str, token: Token) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder)  # 0600
        with os.fdopen(handle, "w") as file:
            json.dump({"renews": token.renews}, file)
        Path(name).replace(self._file(user))

    def _read(self, user: str) -> str:
        try:
            return str(json.loads(self._file(user).read_text())["renews"])
        except (OSError, ValueError, KeyError):
            return ""

    def _file(self, user: str) -> Path:
        return self._folder / f"{hashlib.sha256(user.encode()).hexdigest()[:32]}.json"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(service: Service, answer: Answer, renews: str = "") -> Token:
    """The token in an answer; `renews` where it brings nothing new to renew it with. Raises Refused `provider_login`."""
    access, lasts = answer.text("access_token"), answer.text("expires_in")
    if answer.status != 200 or not access or not (access.isascii() and access.isprintable()):
        raise Refused(
            "provider_login",
            f"Dịch vụ ký {service.name} không chấp nhận tài khoản kết nối; hãy kiểm tra cài đặt và mã người dùng.",
            f"The signing service {service.name} does not accept our account; check the settings and the person's id there.",
        )
    return Token(access, time.time() + (float(lasts) if lasts.isdigit() else LASTS), answer.text("refresh_token") or renews)


def _visit(name: str) -> Refused:
    return Refused(
        "provider_visit",
        f"Hãy đăng nhập dịch vụ ký {name} một lần từ màn hình Ký, rồi gửi ký lại.",
        f"Log in at the signing service {name} once from the screen Ký, then send for signing again.",
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """A service that is asked in somebody's name."""

    service: Service
    login: Login
    user: str

    def post(self, path: str, body: Mapping[str, Any], seconds: float | None = None) -> Answer:
        """See `Service.post`. A token that the service no longer knows is renewed once."""
        answer = self._post(path, body, seconds)
        if answer.status == 401:
            self.login.forget(self.user)
            answer = self._post(path, body, seconds)
        if answer.status == 401:
            raise PartAway(
                "provider_login",
                f"Dịch vụ ký {self.service.name} không nhận phiên đăng nhập; hãy thử lại sau.",
                f"The signing service {self.service.name} does not take our session; try again later.",
            )
        return answer

    def _post(self, path: str, body: Mapping[str, Any], seconds: float | None) -> Answer:
        bearer = {"Authorization": f"Bearer {self.login.token(self.user)}"}
        return self.service.post(path, body, headers=bearer, seconds=seconds)
