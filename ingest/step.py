"""The belt's first beat: RECEIVED → PAGED. The original is cut into page images, each kept under its own SHA-256."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from domain.documents import Document, State
from domain.pages import PageImage
from ingest.inspect import inspect
from ingest.pages import cut_all
from ingest.settings import IngestSettings
from storage.objects import Objects
from storage.store import Transaction

Cut = tuple[PageImage, str]
"""A page without its bytes, and the name under which the object store keeps them."""


@dataclass(frozen=True, slots=True)
class CutJob:
    """The original as a local file, and its number of pages where it is known."""

    path: Path
    pages: int | None


class CutStep:
    """RECEIVED → PAGED."""

    takes = State.RECEIVED

    def __init__(self, objects: Objects, settings: IngestSettings) -> None:
        self._objects = objects
        self._settings = settings

    def look(self, tx: Transaction, document: Document) -> CutJob:  # noqa: ARG002 - everything needed is in the document
        """Where the original lies."""
        return CutJob(self._objects.path(document.original), document.pages)

    def work(self, job: CutJob) -> list[Cut]:
        """Cut and keep page after page; only one page's bytes are in memory at a time."""
        count = job.pages or inspect(job.path, self._settings).pages
        return list(self._kept(job.path, count))

    def write(self, tx: Transaction, document: Document, result: list[Cut]) -> None:
        """Name the pages and move on."""
        count = tx.pages.add(document.id, result)
        tx.documents.move(document, State.PAGED, "ingest", pages=count)

    def _kept(self, path: Path, count: int) -> Iterator[Cut]:
        for image in cut_all(path, count, self._settings):
            yield replace(image, data=b""), self._objects.put(image.data)
