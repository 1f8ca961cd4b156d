"""Whether a file that somebody brought is one of this house: which document, which of its revisions, void or not.

1. Which document it is, only somebody learns who may see it; that the file is of this house, everybody who holds it.
2. A file is known by its SHA-256 alone. One that merely says that it is a document of ours, and is no revision of it, was changed
   or made elsewhere: that is said.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from api.desk import Desk
from api.errors import NotThere
from api.views.check import Place, paper, place
from domain.documents import Document
from domain.signatures import Examined
from storage.store import Transaction


class Stranger(enum.StrEnum):
    """What a file is whose bytes no document of this house has had."""

    CHANGED = "changed"
    """It says that it is a document of ours, and is none of its revisions."""
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Ours:
    """What the register says of a file. `document`: None for somebody who may not see it; so is `roles` empty then."""

    standing: Place | Stranger
    document: Document | None = None
    newest_at: datetime | None = None
    void_at: datetime | None = None
    roles: dict[str, str] = field(default_factory=dict)
    """In which capacity each field was signed."""


def ours(tx: Transaction, desk: Desk, found: Examined) -> Ours:
    """What the register knows of a file that was judged."""
    known = tx.documents.with_bytes(found.verdict.sha256 or "")
    claimed = tx.documents.find(found.identifier) if found.identifier and known is None else None
    document = known or claimed
    held = paper(tx, document.id, {}) if document else None
    if document is None or held is None:
        return Ours(Stranger.FOREIGN)
    seen = _seen(tx, desk, document)
    roles = {one.field: one.capacity for one in tx.signing.of(document.id)} if seen else {}
    standing = place(held, found.verdict.sha256 or "") or Stranger.CHANGED
    return Ours(standing, document if seen else None, held.current.at, held.void_at, roles)


def _seen(tx: Transaction, desk: Desk, document: Document) -> bool:
    try:
        desk.document(tx, document.id)
    except NotThere:
        return False
    return True
