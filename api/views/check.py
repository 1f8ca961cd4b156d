"""What anybody may learn of a document by its code: nothing of the person it is about.

1. A code that is unknown, a document that was refused or withdrawn, and one that is not bound yet are one answer: there is none.
2. A kind is named only as the catalogue names it: what else a title says was read from the paper.
3. A file is compared by its SHA-256 alone.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.documents import Document, Nature, State
from storage.store import Transaction

_GONE = (State.REJECTED, State.WITHDRAWN)
_ENTRIES = 600


class Place(enum.StrEnum):
    """What bytes are to the document that has had them."""

    CURRENT = "current"
    OLDER = "older"
    ORIGINAL = "original"
    """A file that it was made of."""
    COPY = "copy"
    """A certified copy that was made of it."""


class Stray(enum.StrEnum):
    """What a file is that the document has never been."""

    OTHER = "other"
    """Of another document of this house."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes that the document consisted of from a moment on."""

    kind: str
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """The document as the page shows it. `kind` is None for what no catalogue lists; `converter` where paper was converted."""

    document: Document
    kind: str | None
    converter: str | None
    versions: Sequence[Version]
    originals: frozenset[str]
    void_at: datetime | None = None
    """When it was made void; why stays inside the house."""

    @property
    def current(self) -> Version:
        """The newest."""
        return self.versions[-1]

    @property
    def from_paper(self) -> bool:
        """Whether any of it was converted, rather than born digital."""
        return self.converter is not None or self.document.nature not in (Nature.TEXT, Nature.SIGNED)

    @property
    def bound(self) -> Version:
        """As it was first bound, unsigned, in its present form."""
        return next((one for one in reversed(self.versions) if one.kind == "bound"), self.versions[0])


def paper(tx: Transaction, document_id: str, kinds: Mapping[str, str]) -> Paper | None:
    """The document with this code (rule 1). `kinds`: titles of the catalogues by code."""
    document = tx.documents.find(document_id)
    if document is None or document.state in _GONE or document.current is None:
        return None
    versions = [Version(one["kind"], one["sha256"], one["at"]) for one in tx.documents.versions(document_id)]
    known = [one for one in versions if one.sha256 != document.current]
    newest = next((one for one in reversed(versions) if one.sha256 == document.current), None)
    if newest is None:
        return None
    originals = frozenset(source.sha256 for source in tx.documents.sources(document_id))
    converter = _converter(tx, document_id)
    void = tx.signing.voided([document_id]).get(document_id)
    kind = kinds.get(document.kind_code or "")
    return Paper(document, kind, converter, [*known, newest], originals, void.signed_at if void else None)


def place(held: Paper, sha256: str) -> Place | None:
    """What a file with this SHA-256 (hex) is to a document; None: nothing."""
    if sha256 == held.current.sha256:
        return Place.CURRENT
    if sha256 in held.originals:
        return Place.ORIGINAL
    kinds = {one.kind for one in held.versions if one.sha256 == sha256}
    if "copy" in kinds:
        return Place.COPY
    return Place.OLDER if kinds else None


def compared(tx: Transaction, held: Paper, sha256: str) -> Place | Stray:
    """What a file with this SHA-256 (hex) is (rule 3)."""
    found = place(held, sha256)
    if found is not None:
        return found
    other = tx.documents.with_bytes(sha256)
    return Stray.NONE if other is None or other.state in _GONE else Stray.OTHER


def _converter(tx: Transaction, document_id: str) -> str | None:
    """Whom the mark of the newest binding names."""
    notes: list[dict[str, Any]] = [entry.details for entry in tx.audit.of(document_id, _ENTRIES) if entry.act == "move"]
    return next((note.get("converter") for note in notes if note.get("end") == State.BOUND), None)
