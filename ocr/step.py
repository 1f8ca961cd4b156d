"""The belt's reading: PAGED → READ. Pages are read one by one, by whichever worker is free; the last one moves the document."""

from __future__ import annotations

from dataclasses import dataclass

from domain.documents import Document, State
from domain.pages import PageReading
from ocr.engine import Engine
from ocr.fingerprint import fingerprint
from ocr.preview import previews
from ocr.read import read_page
from ocr.settings import OcrSettings
from storage.objects import Objects
from storage.pages import Page
from storage.store import Transaction

ACTOR = "ocr"


class ReadStep:
    """Sends the unread pages of a document out to be read; moves it on when there are none."""

    takes = State.PAGED

    def look(self, tx: Transaction, document: Document) -> list[int]:
        """Numbers of the unread pages."""
        return [page.number for page in tx.pages.unread(document.id)]

    def work(self, job: list[int]) -> list[int]:
        """Nothing: the pages are the work."""
        return job

    def write(self, tx: Transaction, document: Document, result: list[int]) -> None:
        """An errand for each page, or READ."""
        if not result:
            tx.documents.move(document, State.READ, ACTOR)
            return
        for number in result:
            tx.outbox.add("page", document.id, page=number, urgent=document.urgent)
        tx.documents.free(document.id)


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A page, the identity of its result, and the result where the same picture was read the same way before."""

    page: Page
    fingerprint: str
    known: PageReading | None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read, and the names of preview and thumbnail in the object store."""

    fingerprint: str
    reading: PageReading
    views: tuple[str, str]


class ReadPageStep:
    """Reads one page."""

    takes = State.PAGED

    def __init__(self, objects: Objects, engine: Engine, settings: OcrSettings) -> None:
        self._objects = objects
        self._engine = engine
        self._settings = settings

    def look(self, tx: Transaction, page: Page) -> ReadJob:
        """Whether it was read before."""
        identity = fingerprint(page.image, page.picture(b""), self._settings, self._engine)
        return ReadJob(page, identity, tx.pages.result(identity))

    def work(self, job: ReadJob) -> ReadResult:
        """Read it, and draw what screens show of it."""
        image = job.page.picture(self._objects.get(job.page.image))
        reading = job.known or read_page(image, self._engine, self._settings)
        large, small = (self._objects.put(view) for view in previews(image, reading.rotation))
        return ReadResult(job.fingerprint, reading, (large, small))

    def write(self, tx: Transaction, page: Page, result: ReadResult) -> None:
        """Keep it; whoever completes the count moves the document."""
        if tx.pages.keep(page, result.fingerprint, result.reading, result.views):
            tx.documents.move(tx.documents.get(page.document_id), State.READ, ACTOR)
