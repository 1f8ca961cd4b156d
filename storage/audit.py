"""The audit log: it only grows, and it can be proven that nothing was altered or cut off.

Rules
1. An entry is written in the transaction it describes.
2. The sealer (one process, the dispatcher) chains committed entries: link n holds SHA-256(hash of link n-1, entry n).
3. The newest link and its hash, signed with the server's key, is the head; heads also go to an append-only file outside the
   database, so that cutting off the tail shows.
4. Entries not yet chained are "unsealed": newer than the last second, or the sealer stands still.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from storage.clock import now
from storage.tables import audit, audit_heads

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: who did what to which object; `link` and `hash` once sealed."""

    id: int
    at: datetime
    actor: str
    act: str
    object: str | None
    details: dict[str, Any]
    link: int | None
    hash: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """A signed statement: up to link `link` the log hashes to `hash`. `signature` is base64 (Ed25519 over `statement`)."""

    link: int
    hash: str
    at: datetime
    signature: str


def statement(link: int, digest: str) -> bytes:
    """The bytes a head signs."""
    return f"luuky audit head {link} {digest}".encode()


def chained(previous: str, entry: Entry) -> str:
    """The hash of an entry that follows one hashed `previous` (rule 2)."""
    content = [entry.id, entry.at.isoformat(), entry.actor, entry.act, entry.object, entry.details]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


class Audit:
    """The audit log inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, actor: str, act: str, obj: str | None = None, **details: Any) -> None:
        """Write down an act. `actor` is a login, `cli:<system user>` or the name of a part of the belt."""
        row = {"at": now(), "actor": actor, "act": act, "object": obj, "details": details}
        self._connection.execute(insert(audit).values(row))

    def of(self, obj: str, limit: int = 200) -> list[Entry]:
        """What happened to one object, newest first."""
        return self._entries(select(audit).where(audit.c.object == obj).order_by(audit.c.id.desc()).limit(limit))

    def by(self, actor: str, act: str, since: datetime) -> list[Entry]:
        """What one actor did by one act from a moment on, oldest first."""
        query = select(audit).where(audit.c.act == act, audit.c.actor == actor, audit.c.at >= since)
        return self._entries(query.order_by(audit.c.id))

    def newest(self, limit: int = 200, acts: tuple[str, ...] = ()) -> list[Entry]:
        """The newest entries, optionally of certain acts only."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit)
        return self._entries(query.where(audit.c.act.in_(acts)) if acts else query)

    def sealed(self) -> Iterator[Entry]:
        """All chained entries in the order of the chain."""
        rows = self._connection.execute(select(audit).where(audit.c.link.is_not(None)).order_by(audit.c.link))
        return (Entry(**row._mapping) for row in rows)

    def unsealed(self) -> int:
        """How many entries are not chained yet."""
        return self._connection.scalar(select(func.count()).where(audit.c.link.is_(None))) or 0

    def heads(self) -> list[Head]:
        """All heads, oldest first."""
        return [Head(**row._mapping) for row in self._connection.execute(select(audit_heads).order_by(audit_heads.c.link))]

    def head(self) -> Head | None:
        """The newest head."""
        row = self._connection.execute(select(audit_heads).order_by(audit_heads.c.link.desc()).limit(1)).first()
        return Head(**row._mapping) if row else None

    def seal(self, sign: Callable[[bytes], str], limit: int = 1000) -> Head | None:
        """Chain what is not chained yet and sign the new head; None if there was nothing to do. For the one sealer only."""
        fresh = self._entries(select(audit).where(audit.c.link.is_(None)).order_by(audit.c.id).limit(limit))
        if not fresh:
            return None
        head = self.head()
        link, digest = (head.link, head.hash) if head else (0, GENESIS)
        for entry in fresh:
            link, digest = link + 1, chained(digest, entry)
            self._connection.execute(update(audit).where(audit.c.id == entry.id).values(link=link, hash=digest))
        sealed = Head(link, digest, now(), sign(statement(link, digest)))
        row = {"link": link, "hash": digest, "at": sealed.at, "signature": sealed.signature}
        self._connection.execute(insert(audit_heads).values(row))
        return sealed

    def _entries(self, query: Any) -> list[Entry]:
        return [Entry(**row._mapping) for row in self._connection.execute(query)]
