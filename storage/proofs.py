"""What judges said of the versions of documents: keeping it, and counting what nobody has judged or what failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from domain.documents import Nature, State
from domain.proof import JUDGED, Proof, Standing, proof_of
from storage.audit import Audit
from storage.clock import now
from storage.events import Events
from storage.tables import documents, versions

_GONE = (State.REJECTED, State.WITHDRAWN)
_OPEN = (Standing.UNCHECKED, Standing.FAILED)


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes to be judged: which row, of which document, under which name in the object store, and what is known of them."""

    id: int
    document_id: str
    kind: str
    sha256: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class ProofCounts:
    """How many documents have a version that nobody has judged, and how many one that failed."""

    unchecked: int
    failed: int


def kept_report(kind: str, report: Mapping[str, Any] | None) -> dict[str, Any]:
    """The columns of a version of this kind with what was said of it."""
    if kind not in JUDGED:
        return {"report": report}
    dated = {**(report or {}), "judged_at": now().isoformat()} if (report or {}).get("judge") else report
    return {"report": dated, "standing": proof_of(report).standing}


class Proofs:
    """Judgements inside a transaction: `Proofs(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, document_id: str | None = None) -> list[Version]:
        """Versions that have not passed, the oldest first: of one document or of all.

        A file that came in signed is not ours to judge: it is kept as it is.
        """
        query = (
            select(versions.c.id, versions.c.document_id, versions.c.kind, versions.c.sha256, versions.c.report)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.standing.in_(_OPEN), *_counting())
        )
        if document_id is not None:
            query = query.where(versions.c.document_id == document_id)
        rows = self._connection.execute(query.order_by(versions.c.id))
        return [Version(row.id, row.document_id, row.kind, row.sha256, proof_of(row.report)) for row in rows]

    def keep(self, version: Version, report: Mapping[str, Any], actor: str) -> Proof:
        """What a judge said of a version, beside what is known of it. Audited."""
        same = versions.c.id == version.id
        known = self._connection.scalar(select(versions.c.report).where(same)) or {}
        columns = kept_report(version.kind, {**known, **report})
        self._connection.execute(update(versions).where(same).values(columns))
        Audit(self._connection).add(
            actor, "judge", version.document_id, sha256=version.sha256, pdfa=columns["standing"], judge=report.get("judge")
        )
        Events(self._connection).add("document", version.document_id, judged=columns["standing"])
        return proof_of(columns["report"])

    def counts(self) -> ProofCounts:
        """See `ProofCounts`."""
        query = (
            select(versions.c.standing, func.count(func.distinct(versions.c.document_id)))
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.standing.in_(_OPEN), *_counting())
            .group_by(versions.c.standing)
        )
        found: dict[str, int] = dict(self._connection.execute(query).tuples().all())
        return ProofCounts(found.get(Standing.UNCHECKED, 0), found.get(Standing.FAILED, 0))


def _counting() -> list[Any]:
    """Of documents of ours that are not gone, versions since they were last bound: what was before does not count any more."""
    later = versions.alias()
    bound = select(func.max(later.c.id)).where(later.c.document_id == versions.c.document_id, later.c.kind == "bound")
    ours = or_(documents.c.nature.is_(None), documents.c.nature != Nature.SIGNED)
    return [ours, documents.c.state.not_in(_GONE), versions.c.id >= func.coalesce(bound.scalar_subquery(), 0)]
