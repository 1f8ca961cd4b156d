"""Figures and lists that screens show: read only, a few rows each, nothing that decides anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select

from domain.documents import Nature, State
from domain.pages import Flag
from storage.signing import BEING_SIGNED
from storage.tables import devices, documents, originals, page_results, pages, set_aside, signatures, versions


@dataclass(frozen=True, slots=True)
class BatchCount:
    """How far a batch is: its documents, their pages as far as known, and the pages read; pages set aside are among both."""

    documents: int
    pages: int
    read: int


@dataclass(frozen=True, slots=True)
class Glance:
    """A page as a strip shows it: whether it was read, its small picture if there is one, what to know about the scan, which page
    of which file (SHA-256) it is, and by how many degrees clockwise it is shown turned.
    """

    document_id: str
    number: int
    read: bool
    thumbnail: str | None
    flags: tuple[Flag, ...]
    original: str
    original_page: int
    rotation: int


class Overview:
    """Overviews inside a transaction: `Overview(tx.connection)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def batch_counts(self, batch_ids: Iterable[str]) -> dict[str, BatchCount]:
        """How far batches are; those without a document are left out, and documents whose pages went elsewhere."""
        of_these = documents.c.batch_id.in_(list(batch_ids))
        query = (
            select(
                documents.c.batch_id,
                func.count(),
                func.coalesce(func.sum(documents.c.pages), 0),
                func.coalesce(func.sum(documents.c.pages_read), 0),
            )
            .where(of_these, documents.c.state != State.WITHDRAWN)
            .group_by(documents.c.batch_id)
        )
        beside = select(documents.c.batch_id, func.count()).join_from(set_aside, documents).where(of_these)
        aside: dict[str | None, int] = dict(self._connection.execute(beside.group_by(documents.c.batch_id)).tuples().all())
        rows = [(row[0], row[1:], aside.get(row[0], 0)) for row in self._connection.execute(query)]
        return {name: BatchCount(number, known + more, read + more) for name, (number, known, read), more in rows}

    def documents_of_batch(self, batch_id: str) -> dict[str, int]:
        """Ids in the order of arrival, each with its number of pages (0: not known yet). One that was split off stands where its
        pages came in; one whose pages went elsewhere is left out.
        """
        return self._in_order(and_(documents.c.batch_id == batch_id, documents.c.state != State.WITHDRAWN))

    def documents_beside(self, document_id: str) -> dict[str, int]:
        """As `documents_of_batch`: all documents that have pages of the files that this one has, or had, pages of."""
        known = select(documents.c.original).where(documents.c.id == document_id)
        more = select(originals.c.sha256).where(originals.c.document_id == document_id)
        ids = select(originals.c.document_id).where(originals.c.sha256.in_(known.union(more)))
        return self._in_order(and_(documents.c.id.in_(ids), documents.c.state != State.WITHDRAWN))

    def being_signed(self, document_ids: Iterable[str]) -> set[str]:
        """Which documents somebody is just signing."""
        signing = signatures.c.state.in_(BEING_SIGNED)
        query = select(signatures.c.document_id).where(signatures.c.document_id.in_(list(document_ids)), signing)
        return set(self._connection.scalars(query))

    def glances(self, document_ids: Iterable[str]) -> dict[str, list[Glance]]:
        """The pages of documents, by document, in order."""
        reading = page_results.c.reading
        turned = func.coalesce(reading["rotation"].as_integer(), pages.c.turn, 0)
        columns = pages.c.document_id, pages.c.number, pages.c.fingerprint, pages.c.thumbnail
        query = (
            select(*columns, reading["quality"], pages.c.original, pages.c.original_page, turned)
            .join(page_results, page_results.c.fingerprint == pages.c.fingerprint, isouter=True)
            .where(pages.c.document_id.in_(list(document_ids)))
            .order_by(pages.c.document_id, pages.c.number)
        )
        found: dict[str, list[Glance]] = {}
        for document_id, number, fingerprint, thumbnail, flags, *leaf in self._connection.execute(query):
            seen = tuple(Flag(code, flag["value"], flag["rescan"]) for code, flag in (flags or {}).items())
            found.setdefault(document_id, []).append(Glance(document_id, number, bool(fingerprint), thumbnail, seen, *leaf))
        return found

    def sizes(self, document_id: str) -> dict[int, tuple[int, int]]:
        """Width and height of the upright picture of each page that was read, by its number: nothing else of what was read."""
        reading = page_results.c.reading
        query = (
            select(pages.c.number, reading["width"].as_integer(), reading["height"].as_integer())
            .join(page_results, page_results.c.fingerprint == pages.c.fingerprint)
            .where(pages.c.document_id == document_id)
        )
        return {number: (width, height) for number, width, height in self._connection.execute(query)}

    def pictured(self, document_ids: Iterable[str]) -> dict[str, str]:
        """The thumbnails of the first pages of documents that have one."""
        query = select(pages.c.document_id, pages.c.thumbnail).where(
            pages.c.document_id.in_(list(document_ids)), pages.c.number == 1, pages.c.thumbnail.is_not(None)
        )
        return {name: str(thumbnail) for name, thumbnail in self._connection.execute(query)}

    def signed(self, document_ids: Iterable[str]) -> set[str]:
        """Which documents bear a signature: made here, or brought along."""
        wanted = list(document_ids)
        standing = signatures.c.state == "signed", signatures.c.replaced.is_(None)
        made = select(signatures.c.document_id).where(signatures.c.document_id.in_(wanted), *standing)
        brought = select(documents.c.id).where(documents.c.id.in_(wanted), documents.c.nature == Nature.SIGNED)
        return {*self._connection.scalars(made), *self._connection.scalars(brought)}

    def read_since(self, since: datetime) -> list[datetime]:
        """When pages were read, from a moment on."""
        query = select(page_results.c.created_at).where(page_results.c.created_at >= since)
        return list(self._connection.scalars(query))

    def kept_since(self, since: datetime) -> int:
        """How many documents reached the end of the belt: a figure about work, not about anybody's papers."""
        renewed = select(versions.c.document_id).where(versions.c.kind == "renewed", versions.c.at >= since)
        query = select(func.count()).where(documents.c.state == State.KEPT, documents.c.updated_at >= since)
        query = query.where(documents.c.id.not_in(renewed))
        return self._connection.scalar(query) or 0

    def originals(self) -> int:
        """How many different scanned files are kept."""
        return self._connection.scalar(select(func.count(func.distinct(originals.c.sha256)))) or 0

    def devices(self) -> list[tuple[str, str, str, datetime, datetime | None]]:
        """All paired devices: id, person's id, name, paired, last seen."""
        query = select(devices.c.id, devices.c.person_id, devices.c.name, devices.c.paired_at, devices.c.seen_at)
        return [tuple(row) for row in self._connection.execute(query.where(devices.c.revoked_at.is_(None)))]

    def _in_order(self, condition: ColumnElement[bool]) -> dict[str, int]:
        first = and_(pages.c.document_id == documents.c.id, pages.c.number == 1)
        columns = documents.c.id, documents.c.pages, documents.c.original, pages.c.original_page
        query = select(*columns).join(pages, first, isouter=True).where(condition).order_by(documents.c.id)
        listed = self._connection.execute(query).tuples().all()
        arrived: dict[str, str] = {}
        for name, _, original, _ in listed:
            arrived.setdefault(original, name)
        ordered = sorted(listed, key=lambda row: (arrived[row[2]], row[3] or 0, row[0]))
        return {name: number or 0 for name, number, _, _ in ordered}
