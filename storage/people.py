"""Accounts and sessions. Passwords are kept as argon2id; five wrong ones in a row lock an account for a while.

A session's token is only known to its browser: the database holds its SHA-256.
"""

from __future__ import annotations

import functools
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, Row, delete, insert, select, update

from domain.people import Person, Role
from storage.clock import new_id, now
from storage.tables import people, sessions

LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
IDLE_ENDS = timedelta(minutes=60)
_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Session:
    """A logged-in browser."""

    person: Person
    csrf: str
    expires_at: datetime


class People:
    """Accounts inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, login: str, name: str, role: Role, password: str, departments: tuple[str, ...] = ()) -> Person:
        """A new account."""
        row = {
            "id": new_id(), "login": login.casefold(), "name": name, "role": role, "departments": list(departments),
            "active": True,
            "password": _HASHER.hash(password), "failures": 0,
        }  # fmt: skip
        self._connection.execute(insert(people).values(row))
        return Person(row["id"], row["login"], name, role, departments)  # type: ignore[arg-type]

    def get(self, person_id: str) -> Person | None:
        """By id."""
        return self._one(people.c.id == person_id)

    def by_login(self, login: str) -> Person | None:
        """By login name."""
        return self._one(people.c.login == login.casefold())

    def listed(self) -> list[Person]:
        """Everybody, by login."""
        return [_person(row) for row in self._connection.execute(select(people).order_by(people.c.login))]

    def change(self, person_id: str, **values: Any) -> None:
        """Change `name`, `role`, `departments`, `active` or `certificate` (base64 DER of the signing certificate)."""
        self._connection.execute(update(people).where(people.c.id == person_id).values(values))

    def set_password(self, person_id: str, password: str) -> None:
        """A new password; ends all sessions."""
        values = {"password": _HASHER.hash(password), "failures": 0, "locked_until": None}
        self._connection.execute(update(people).where(people.c.id == person_id).values(values))
        self._connection.execute(delete(sessions).where(sessions.c.person_id == person_id))

    def certificate(self, person_id: str) -> str | None:
        """The signing certificate this person paired (base64 DER)."""
        return self._connection.scalar(select(people.c.certificate).where(people.c.id == person_id))

    def log_in(self, login: str, password: str) -> Person | None:
        """The person if the password is right and the account is open; counts failures. Takes the same time for unknown names."""
        row = self._connection.execute(select(people).where(people.c.login == login.casefold())).first()
        right = _right(row.password if row else _nobody(), password)
        if row is None or (row.locked_until and row.locked_until > now()):
            return None
        failures = 0 if right else row.failures + 1
        locked = now() + LOCK_FOR if failures >= LOCK_AFTER else None
        self._connection.execute(update(people).where(people.c.id == row.id).values(failures=failures, locked_until=locked))
        return _person(row) if right and row.active else None

    def locked(self, login: str) -> bool:
        """Whether an account is locked just now."""
        until = self._connection.scalar(select(people.c.locked_until).where(people.c.login == login.casefold()))
        return until is not None and until > now()

    def open_session(self, person: Person) -> tuple[str, Session]:
        """A session and its token, which is nowhere stored."""
        token, csrf, moment = secrets.token_urlsafe(32), secrets.token_urlsafe(24), now()
        row = {
            "token": _digest(token), "person_id": person.id, "csrf": csrf, "created_at": moment, "seen_at": moment,
            "expires_at": moment + SESSION_LASTS,
        }  # fmt: skip
        self._connection.execute(insert(sessions).values(row))
        return token, Session(person, csrf, moment + SESSION_LASTS)

    def session(self, token: str) -> Session | None:
        """The session of a token, unless it ended, idled too long, or its person was closed out."""
        query = select(sessions).where(sessions.c.token == _digest(token), sessions.c.expires_at > now())
        row = self._connection.execute(query.where(sessions.c.seen_at > now() - IDLE_ENDS)).first()
        person = self.get(row.person_id) if row else None
        return Session(person, row.csrf, row.expires_at) if row and person and person.active else None

    def touch_session(self, token: str) -> None:
        """The person is still there."""
        self._connection.execute(update(sessions).where(sessions.c.token == _digest(token)).values(seen_at=now()))

    def close_session(self, token: str) -> None:
        """Log out."""
        self._connection.execute(delete(sessions).where(sessions.c.token == _digest(token)))

    def _one(self, condition: Any) -> Person | None:
        row = self._connection.execute(select(people).where(condition)).first()
        return _person(row) if row else None


@functools.cache
def _nobody() -> str:
    """A password nobody has, so that an unknown name takes as long as a wrong password."""
    return _HASHER.hash(secrets.token_urlsafe())


def _right(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except VerificationError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _person(row: Row[Any]) -> Person:
    return Person(row.id, row.login, row.name, Role(row.role), tuple(row.departments), row.active)
