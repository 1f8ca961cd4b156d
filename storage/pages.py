"""Pages of documents and what was read on them. A reading is stored once under its fingerprint, whoever needs it.

A page's number may change while it is read (`arrangements.py`): what was read is kept only where the page still stands.
What people corrected is put in when a reading is given out. What is bound and signed is made of the reading `as_read`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from domain.corrections import applied
from domain.errors import Broken
from domain.pages import Box, PageImage, PageReading, Reading, Word
from domain.sidecar import page_as_json, page_from_json
from storage import leases
from storage.clock import now
from storage.corrections import WordCorrections
from storage.database import insert_new
from storage.leases import LEASE
from storage.outbox import Outbox
from storage.tables import documents, originals, page_results, pages


@dataclass(frozen=True, slots=True)
class Page:
    """A page as stored: its picture's object name, and those of the upright preview and thumbnail once it is read."""

    document_id: str
    number: int
    image: str
    media_type: str
    width: int
    height: int
    dpi: float
    orientation: int
    native: bool
    words: tuple[Word, ...] | None
    fingerprint: str | None
    preview: str | None
    thumbnail: str | None
    attempts: int
    original: str = ""
    """SHA-256 of the file it came from."""
    original_page: int = 0
    """Its number there, from 1."""
    turn: int | None = None
    """Quarter turns in degrees, clockwise, that a person gave it; None: the reader decides."""

    def picture(self, data: bytes) -> PageImage:
        """The page image, given the bytes of object `image`."""
        return PageImage(
            self.number, data, self.media_type, self.width, self.height, self.dpi, self.orientation, self.native, self.words,
            self.turn,
        )  # fmt: skip


class Pages:
    """Pages inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, document_id: str, cut: Iterable[tuple[PageImage, str]]) -> int:
        """Store the pages of a document as its original has them: each image (its bytes are not used) with the name of its
        object. Returns how many.
        """
        original = self._connection.scalar(select(documents.c.original).where(documents.c.id == document_id))
        rows = [
            {
                "document_id": document_id, "number": image.number, "image": name, "media_type": image.media_type,
                "width": image.width, "height": image.height, "dpi": image.dpi, "orientation": image.orientation,
                "native": image.native, "text_layer": _layer(image.words), "attempts": 0, "original": original,
                "original_page": image.number, "turn": image.turn,
            }
            for image, name in cut
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(pages), rows)
        return len(rows)

    def get(self, document_id: str, number: int) -> Page:
        """One page. Raises Broken `no_page`."""
        row = self._connection.execute(select(pages).where(_is(document_id, number))).first()
        if row is None:
            raise Broken("no_page", "Không có trang này.", "There is no such page.")
        return _page(row)

    def of(self, document_id: str) -> list[Page]:
        """All pages of a document, in order."""
        query = select(pages).where(pages.c.document_id == document_id).order_by(pages.c.number)
        return [_page(row) for row in self._connection.execute(query)]

    def claim(self, document_id: str, number: int, owner: str) -> Page | None:
        """Take a page to read; None if it is read already, leased, or the document left PAGED."""
        moment = now()
        unread = and_(_is(document_id, number), pages.c.fingerprint.is_(None), leases.free(pages.c.lease_until))
        values = {"lease_owner": owner, "lease_until": moment + LEASE, "attempts": pages.c.attempts + 1}
        Outbox(self._connection).claimed("page", document_id, number)
        if self._connection.execute(update(pages).where(unread).values(values)).rowcount != 1:
            return None
        return self.get(document_id, number)

    def renew(self, document_id: str, number: int, owner: str) -> bool:
        """Hold the lease of a page longer; False if it was lost."""
        mine = and_(_is(document_id, number), pages.c.lease_owner == owner)
        return self._connection.execute(update(pages).where(mine).values(lease_until=now() + LEASE)).rowcount == 1

    def release(self, document_id: str, number: int) -> None:
        """Give a page back unread."""
        self._connection.execute(update(pages).where(_is(document_id, number)).values(lease_owner=None, lease_until=None))

    def reset_attempts(self, document_id: str) -> None:
        """A person asks to read the unread pages again."""
        self._connection.execute(update(pages).where(pages.c.document_id == document_id).values(attempts=0, lease_until=None))

    def result(self, fingerprint: str) -> PageReading | None:
        """A reading stored earlier under this fingerprint."""
        value = self._connection.scalar(select(page_results.c.reading).where(page_results.c.fingerprint == fingerprint))
        return page_from_json(value) if value else None

    def keep(self, page: Page, fingerprint: str, reading: PageReading, views: tuple[str, str]) -> bool:
        """Store a reading with the page's preview and thumbnail; True for the caller that completed the document's count.

        The insert and the count happen under the document's row lock; the version of the document is not raised.
        """
        lock = select(documents.c.pages).where(documents.c.id == page.document_id).with_for_update()
        total = self._connection.scalar(lock)
        self._insert(fingerprint, reading)
        values = {
            "fingerprint": fingerprint, "preview": views[0], "thumbnail": views[1], "lease_owner": None, "lease_until": None,
        }  # fmt: skip
        unread = and_(self._still(page), pages.c.fingerprint.is_(None))
        if self._connection.execute(update(pages).where(unread).values(values)).rowcount != 1:
            return False
        done = select(func.count()).where(pages.c.document_id == page.document_id, pages.c.fingerprint.is_not(None))
        read = self._connection.scalar(done) or 0
        self._connection.execute(update(documents).where(documents.c.id == page.document_id).values(pages_read=read))
        return read == total

    def stands(self, page: Page) -> bool:
        """Whether a page is still where it was, turned as it was."""
        return self._connection.scalar(select(pages.c.number).where(self._still(page))) is not None

    def unread(self, document_id: str) -> list[Page]:
        """Pages of a document without a reading."""
        return [page for page in self.of(document_id) if page.fingerprint is None]

    def owners(self) -> list[str]:
        """Who holds leases."""
        return leases.owners(self._connection, pages.c.lease_owner)

    def abandoned(self, dead: Iterable[str] = ()) -> list[Page]:
        """Pages whose worker has died: known to be dead, or the lease ran out, or it lies impossibly far ahead."""
        gone = or_(leases.ran_out(pages.c.lease_until), pages.c.lease_owner.in_(list(dead)))
        return [_page(row) for row in self._connection.execute(select(pages).where(gone, pages.c.fingerprint.is_(None)))]

    def reading(self, document_id: str) -> Reading:
        """Everything read so far, page by page, as people corrected it."""
        deeds = WordCorrections(self._connection).of(document_id)
        pages_read = self.as_read(document_id).pages
        return Reading(tuple(applied(page, (one for one in deeds if one.page == page.number))[0] for page in pages_read))

    def page_reading(self, document_id: str, number: int) -> PageReading | None:
        """What was read on one page, as people corrected it."""
        read = self.page_as_read(document_id, number)
        return applied(read, WordCorrections(self._connection).of(document_id, number))[0] if read else None

    def as_read(self, document_id: str) -> Reading:
        """Everything read so far, without a word of anybody's."""
        found = self._connection.execute(_READINGS.where(pages.c.document_id == document_id).order_by(pages.c.number))
        return Reading(tuple(_numbered(row) for row in found))

    def page_as_read(self, document_id: str, number: int) -> PageReading | None:
        """What was read on one page, without a word of anybody's."""
        row = self._connection.execute(_READINGS.where(_is(document_id, number))).first()
        return _numbered(row) if row else None

    @staticmethod
    def _still(page: Page) -> Any:
        same = and_(pages.c.original == page.original, pages.c.original_page == page.original_page)
        return and_(_is(page.document_id, page.number), same, pages.c.turn.is_not_distinct_from(page.turn))

    def _insert(self, fingerprint: str, reading: PageReading) -> None:
        row = {"fingerprint": fingerprint, "reading": page_as_json(reading), "created_at": now()}
        self._connection.execute(insert_new(self._connection, page_results).values(row).on_conflict_do_nothing())


_READINGS = (
    select(pages.c.number, page_results.c.reading, originals.c.position)
    .join(page_results, page_results.c.fingerprint == pages.c.fingerprint)
    .join(originals, and_(originals.c.document_id == pages.c.document_id, originals.c.sha256 == pages.c.original))
)


def _numbered(row: Any) -> PageReading:
    reading = page_from_json(row.reading)
    codes = tuple(replace(code, page=row.number) for code in reading.barcodes)
    return replace(reading, number=row.number, source=row.position, barcodes=codes)


def _is(document_id: str, number: int) -> Any:
    return and_(pages.c.document_id == document_id, pages.c.number == number)


def _layer(words: tuple[Word, ...] | None) -> list[list[Any]] | None:
    return None if words is None else [[w.text, w.box.as_list(), w.confidence, w.line] for w in words]


def _page(row: Row[Any]) -> Page:
    layer = None
    if row.text_layer is not None:
        layer = tuple(Word(text, Box(*box), confidence, line) for text, box, confidence, line in row.text_layer)
    return Page(
        row.document_id, row.number, row.image, row.media_type, row.width, row.height, row.dpi, row.orientation, row.native,
        layer, row.fingerprint, row.preview, row.thumbnail, row.attempts, row.original, row.original_page, row.turn,
    )  # fmt: skip
