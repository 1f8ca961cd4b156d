"""The register of certified copies: what was copied, for whom and why, under a running number."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from domain.copies import CertifiedCopy, CopyForm
from storage.signer_tables import certified_copies


class CertifiedCopies:
    """The register inside a transaction: `CertifiedCopies(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The number of the next copy."""
        return (self._connection.scalar(select(func.max(certified_copies.c.number))) or 0) + 1

    def add(self, copy: CertifiedCopy) -> None:
        """Enter a copy."""
        self._connection.execute(insert(certified_copies).values(asdict(copy)))

    def get(self, copy_id: str) -> CertifiedCopy | None:
        """One copy."""
        return next(iter(self._many(select(certified_copies).where(certified_copies.c.id == copy_id))), None)

    def of(self, document_id: str) -> list[CertifiedCopy]:
        """The copies of a document, oldest first."""
        return self._many(select(certified_copies).where(certified_copies.c.document_id == document_id))

    def listed(self) -> list[CertifiedCopy]:
        """All of them, oldest first."""
        return self._many(select(certified_copies))

    def _many(self, query: Select[Any]) -> list[CertifiedCopy]:
        rows = self._connection.execute(query.order_by(certified_copies.c.number))
        return [CertifiedCopy(**{**row._mapping, "form": CopyForm(row.form)}) for row in rows]
