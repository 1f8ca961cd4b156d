"""Keep: the belt's last step. Checks every file of the document against its fingerprint and writes the manifest."""

from __future__ import annotations

from dataclasses import dataclass

from custody.manifest import Sheet, manifest
from domain.documents import Document, State
from domain.errors import Broken
from storage.objects import Objects
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class KeepJob:
    """The manifest to write and the names of all files it lists."""

    manifest: bytes
    names: tuple[str, ...]


class KeepStep:
    """PROVEN (or BOUND, where nobody must sign) → KEPT."""

    def __init__(self, objects: Objects, takes: State = State.PROVEN) -> None:
        self.takes = takes
        self._objects = objects

    def look(self, tx: Transaction, document: Document) -> KeepJob:
        """Gather what the document consists of."""
        versions, sources = tx.documents.versions(document.id), tx.documents.sources(document.id)
        pages = [Sheet(page.image, page.original, page.original_page, page.turn) for page in tx.pages.of(document.id)]
        aside = [Sheet(page.image, page.original, page.page) for page in tx.arrangements.aside(document.id)]
        names = (
            *(source.sha256 for source in sources),
            *(version["sha256"] for version in versions),
            *(sheet.image for sheet in (*pages, *aside)),
        )
        return KeepJob(manifest(document, sources, versions, (pages, aside)), names)

    def work(self, job: KeepJob) -> str:
        """Check every file, then keep the manifest; returns its name."""
        if not all(self._objects.intact(name) for name in job.names):
            raise Broken(
                "object_altered",
                "Một tệp của tài liệu này bị mất hoặc thay đổi. Khôi phục từ bản sao lưu rồi bấm “Thử lại”.",
                "A file of this document is missing or altered. Restore it from the backup, then press “Try again”.",
            )
        return self._objects.put(job.manifest)

    def write(self, tx: Transaction, document: Document, result: str) -> None:
        """KEPT, with the manifest among its versions."""
        tx.documents.add_version(document.id, "manifest", result)
        tx.documents.move(document, State.KEPT, "custody", note={"manifest": result})
