"""Whom this house trusts, and which files' proofs rest on whom."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, select

from domain.trust import Purpose, Trusted
from storage.database import insert_new
from storage.lasting import PROVEN_KINDS, PROVEN_STATES
from storage.tables import documents, resting, trusted, versions

NOBODY = ""
"""Stands for the root of a file whose proof rests on none that is known: it was looked at."""


class TrustBook:
    """The list inside a transaction: `TrustBook(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def listed(self) -> list[Trusted]:
        """Everything that was ever in it, removed ones too."""
        rows = self._connection.execute(select(trusted).order_by(trusted.c.added_at, trusted.c.sha256))
        return [_entry(row) for row in rows]

    def put(self, entry: Trusted) -> None:
        """Write an entry down as it is now."""
        row = _row(entry)
        query = insert_new(self._connection, trusted).values(row)
        self._connection.execute(query.on_conflict_do_update(index_elements=["sha256"], set_=row))

    def edition(self) -> str:
        """Another value whenever the list is another one."""
        rows = self._connection.execute(select(trusted).order_by(trusted.c.sha256))
        said = [(row.sha256, row.purpose, str(row.until), row.removed) for row in rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    # ---- what rests on it

    def note(self, file: str, roots: Iterable[str]) -> None:
        """The proof in a file (SHA-256 of its bytes) rests on these roots (SHA-256)."""
        rows = [{"file": file, "root": root} for root in sorted(set(roots)) or [NOBODY]]
        self._connection.execute(insert_new(self._connection, resting).values(rows).on_conflict_do_nothing())

    def look_again(self) -> None:
        """Files whose proofs rested on nobody may rest on somebody now."""
        self._connection.execute(delete(resting).where(resting.c.root == NOBODY))

    def documents_on(self, root: str) -> int:
        """How many documents' newest proofs rest on a root, as far as files were looked at."""
        query = select(func.count(documents.c.id.distinct())).join(resting, resting.c.file == documents.c.current)
        return self._connection.scalar(query.where(resting.c.root == root, documents.c.state.in_(PROVEN_STATES))) or 0

    def not_looked_at(self, limit: int) -> list[str]:
        """Names of proven documents' newest files of which it is not known what they rest on."""
        return list(self._connection.scalars(select(documents.c.current).where(_unknown()).order_by(documents.c.id).limit(limit)))

    def not_looked_at_count(self) -> int:
        """How many there are."""
        return self._connection.scalar(select(func.count()).select_from(documents).where(_unknown())) or 0


def _unknown() -> ColumnElement[bool]:
    ours = exists().where(
        versions.c.document_id == documents.c.id, versions.c.sha256 == documents.c.current, versions.c.kind.in_(PROVEN_KINDS)
    )
    return and_(documents.c.state.in_(PROVEN_STATES), ours, ~exists().where(resting.c.file == documents.c.current))


def _row(entry: Trusted) -> dict[str, Any]:
    return {
        "sha256": entry.sha256, "certificate": base64.b64encode(entry.certificate).decode(), "purpose": entry.purpose,
        "added_at": entry.added_at, "added_by": entry.added_by, "reason": entry.reason, "until": entry.until,
        "removed": entry.removed, "ended_at": entry.ended_at, "ended_by": entry.ended_by, "ended_reason": entry.ended_reason,
    }  # fmt: skip


def _entry(row: Row[Any]) -> Trusted:
    values = dict(row._mapping)
    return Trusted(**{**values, "certificate": base64.b64decode(row.certificate), "purpose": Purpose(row.purpose)})
