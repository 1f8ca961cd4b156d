"""Who asks: the session cookie, the token against forged requests, and what a role opens.

Cookies are HttpOnly and SameSite=Lax, Secure when there is TLS. Every deed (anything but GET and HEAD) must carry the session's
token, in the header `X-CSRF-Token` or the form field `csrf`. Before login the token lives in a cookie of its own.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.params import Depends as Dependency

from api.errors import FormExpired, LoginNeeded, NotAllowed
from api.services import Services
from domain.people import Person, Role
from storage.people import SESSION_LASTS, Session

SESSION_COOKIE = "luuky_session"
GATE_COOKIE = "luuky_gate"
CSRF_HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOUCH_EVERY = 30.0
"""Seconds between two notes that a person is still there: not every page image costs a write."""


class Presence:
    """Remembers when a session was last written down as alive."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def due(self, token: str) -> bool:
        """Whether it is time to write it down again."""
        moment = time.monotonic()
        if moment - self._seen.get(token, -TOUCH_EVERY) < TOUCH_EVERY:
            return False
        self._seen = {known: at for known, at in self._seen.items() if moment - at < SESSION_LASTS.total_seconds()}
        self._seen[token] = moment
        return True


def services(request: Request) -> Services:
    """What the application was given."""
    given: Services = request.app.state.services
    return given


def session(request: Request) -> Session:
    """The session of this browser. Raises LoginNeeded."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        raise LoginNeeded
    store = services(request).store
    with store.read() as tx:
        found = tx.people.session(token)
        request.state.heard = tx.events.last()  # before anything that a page shows is read
    if found is None:
        raise LoginNeeded
    if request.app.state.presence.due(token):
        with store.write() as tx:
            tx.people.touch_session(token)
    return found


def person(found: Annotated[Session, Depends(session)]) -> Person:
    """Who is logged in."""
    return found.person


async def guarded(request: Request, found: Annotated[Session, Depends(session)]) -> None:
    """Lets a deed through only with the session's token. Raises FormExpired."""
    if request.method not in SAFE and not await _carries(request, found.csrf):
        raise FormExpired


async def gate_guarded(request: Request) -> None:
    """The same before login. Raises FormExpired."""
    if request.method not in SAFE and not await _carries(request, request.cookies.get(GATE_COOKIE) or secrets.token_hex()):
        raise FormExpired


def only(*roles: Role) -> Dependency:
    """A dependency that lets only certain roles in. Raises NotAllowed."""

    def check(asking: Annotated[Person, Depends(person)]) -> None:
        if asking.role not in roles:
            raise NotAllowed

    return Dependency(check)


def give_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send along."""
    secure = services(request).settings.secure_cookies
    lasts = int(SESSION_LASTS.total_seconds())
    response.set_cookie(name, value, max_age=lasts, httponly=True, samesite="lax", secure=secure, path="/")


async def _carries(request: Request, token: str) -> bool:
    given = request.headers.get(CSRF_HEADER)
    if given is None and request.headers.get("content-type", "").startswith(("application/x-www-form", "multipart/form")):
        field = (await request.form()).get("csrf")
        given = field if isinstance(field, str) else None
    return given is not None and hmac.compare_digest(given.encode(), token.encode())
