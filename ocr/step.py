"""The belt's reading: PAGED → READ. Pages are read one by one, by whichever worker is free; the last one moves the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.documents import Document, State
from domain.pages import PageReading
from ocr.engine import Engine
from ocr.fingerprint import fingerprint
from ocr.preview import placeholders, previews
from ocr.read import read_page
from ocr.settings import OcrSettings
from ocr.unread import unread
from storage.objects import Objects
from storage.pages import Page
from storage.store import Transaction

ACTOR = "ocr"
_UNREAD = "nobody"
"""Who reads a page that is left unread: never asked for, so that the same picture is tried again when it comes again."""


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
    """A page, and what was read on it where the same picture was read the same way before."""

    page: Page
    known: PageReading | None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read, its identity, and the names of preview and thumbnail in the object store."""

    fingerprint: str
    reading: PageReading
    views: tuple[str, str]


class PageReader:
    """Reads one page with one engine; the heavy half of the step, which another process may do."""

    def __init__(self, objects: Objects, engine: Engine, settings: OcrSettings) -> None:
        self._objects = objects
        self._engine = engine
        self._settings = settings

    def read(self, job: ReadJob) -> ReadResult:
        """Read it, and draw what screens show of it. Raises Unreadable, PartMissing, Broken."""
        image = job.page.picture(self._objects.get(job.page.image))
        reading = job.known or read_page(image, self._engine, self._settings)
        views = _kept(self._objects, previews(image, reading.rotation))
        return ReadResult(fingerprint(job.page.image, image, self._settings, self._engine.name), reading, views)


class PageLeaver:
    """Leaves a page unread; knows no engine."""

    def __init__(self, objects: Objects, settings: OcrSettings) -> None:
        self._objects = objects
        self._settings = settings

    def leave(self, job: ReadJob) -> ReadResult:
        """Leave it unread, with its picture. Raises Unreadable, Broken."""
        image = job.page.picture(self._objects.get(job.page.image))
        return self._unread(job, previews(image, image.turn or 0))

    def leave_unseen(self, job: ReadJob) -> ReadResult:
        """Leave it unread; its picture is not even opened."""
        reading = unread(job.page.picture(b""))
        return self._unread(job, placeholders(reading.width, reading.height))

    def _unread(self, job: ReadJob, views: Sequence[bytes]) -> ReadResult:
        image = job.page.picture(b"")
        return ReadResult(fingerprint(job.page.image, image, self._settings, _UNREAD), unread(image), _kept(self._objects, views))


class ReadPageStep:
    """Reads one page, by `read` with the engine that `name` names."""

    takes = State.PAGED

    def __init__(self, settings: OcrSettings, name: Callable[[], str], read: Callable[[ReadJob], ReadResult]) -> None:
        self._settings = settings
        self._name = name
        self._read = read

    def look(self, tx: Transaction, page: Page) -> ReadJob:
        """Whether it was read before."""
        return ReadJob(page, tx.pages.result(fingerprint(page.image, page.picture(b""), self._settings, self._name())))

    def work(self, job: ReadJob) -> ReadResult:
        """Have it read."""
        return self._read(job)

    def write(self, tx: Transaction, page: Page, result: ReadResult) -> None:
        """Keep it; whoever completes the count moves the document, all others tell the screens how far it is."""
        if tx.pages.keep(page, result.fingerprint, result.reading, result.views):
            tx.documents.move(tx.documents.get(page.document_id), State.READ, ACTOR)
        else:
            tx.events.add("page", page.document_id, page=page.number)


def _kept(objects: Objects, views: Sequence[bytes]) -> tuple[str, str]:
    large, small = (objects.put(view) for view in views)
    return large, small
