"""What waits for whom to sign: read only, a page at a time, however much waits.

A person is asked for what one of their hats fits (`domain.signers.Hat`) and whose turn it is; what somebody else is just signing
is not among it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from domain.signers import Hat
from storage.signing import WAITING, Signature, read_signature
from storage.tables import departments, documents, sign_jobs, signatures


class SignQueue:
    """One person's queue inside a transaction: `SignQueue(tx.connection, person.id, hats)`."""

    def __init__(self, connection: Connection, person_id: str, hats: Sequence[Hat]) -> None:
        self._connection = connection
        mine = select(sign_jobs.c.id).where(sign_jobs.c.person_id == person_id)
        sent = and_(signatures.c.state == "prepared", signatures.c.job_id.in_(mine))
        turn = or_(signatures.c.state == WAITING, sent)
        self._asked = and_(turn, signatures.c.replaced.is_(None), or_(*(_fits(hat) for hat in hats)) if hats else ~true())

    def documents(self) -> int:
        """How many documents wait for this person."""
        return self._connection.scalar(select(func.count(signatures.c.document_id.distinct())).where(self._asked)) or 0

    def listed(self) -> list[Signature]:
        """All signatures this person is asked for, the oldest document first."""
        query = select(signatures).where(self._asked).order_by(signatures.c.document_id, signatures.c.step, signatures.c.id)
        return [read_signature(row) for row in self._connection.execute(query)]

    def find(self, signature_id: str) -> Signature | None:
        """A signature, if this person is asked for it."""
        row = self._connection.execute(select(signatures).where(self._asked, signatures.c.id == signature_id)).first()
        return read_signature(row) if row else None

    def of_document(self, document_id: str) -> bool:
        """Whether this person is asked for a signature on a document."""
        query = select(signatures.c.id).where(self._asked, signatures.c.document_id == document_id).limit(1)
        return self._connection.scalar(query) is not None

    def outside(self, states: Sequence[str], units: Sequence[str] | None) -> set[str]:
        """Documents this person is asked to sign that are in none of `states`, or, unless `units` is None, of none of these
        departments.
        """
        seen: ColumnElement[bool] = documents.c.state.in_(states)
        if units is not None:
            theirs = select(departments.c.document_id).where(
                departments.c.document_id == documents.c.id, departments.c.department.in_(units)
            )
            seen = and_(seen, theirs.exists())
        query = select(signatures.c.document_id).join(documents).where(self._asked, ~seen)
        return set(self._connection.scalars(query))


def _fits(hat: Hat) -> Any:
    named = and_(signatures.c.signer_id == hat.person_id, _within(hat.named_in))
    to_all = and_(signatures.c.signer_id.is_(None), _within(hat.departments))
    return and_(signatures.c.capacity == hat.capacity, or_(named, to_all))


def _within(names: frozenset[str] | None) -> Any:
    """Of these departments, or, where the document's own is not known, of a patient who has been there."""
    if names is None:
        return true()
    if not names:
        return ~true()
    there = select(departments.c.document_id).where(departments.c.department.in_(sorted(names)))
    return or_(
        signatures.c.department.in_(sorted(names)), and_(signatures.c.department == "", signatures.c.document_id.in_(there))
    )
