"""The belt's binding step: FILED → BOUND. What comes out is judged before the document moves.

1. A signed file is its own bound form: not a byte of it changes.
2. A file with text of its own is converted; pages that are pictures are bound anew.
3. The first judge that reaches a verdict decides; a file that fails never moves on. Without a verdict it moves on, not judged.
4. What will be signed holds what was read. What people corrected lives in sidecar and index, before it is bound and after.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.documents import Document, Nature, State
from domain.errors import Broken
from domain.pages import PageImage, PageReading
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.record import BindRecord, Bound
from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement, Validator, first_verdict
from storage.objects import Objects
from storage.pages import Page
from storage.store import Transaction

ACTOR = "pdfa"
_UNTITLED = "Tài liệu y tế"


@dataclass(frozen=True, slots=True)
class BindJob:
    """A document with its pages and what was read on them, in the same order."""

    document: Document
    pages: list[Page]
    readings: tuple[PageReading, ...]


@dataclass(frozen=True, slots=True)
class BindResult:
    """The name of the bound file in the object store, what was left out of it, and what a judge said."""

    name: str
    notes: tuple[str, ...]
    judgement: Judgement


class BindStep:
    """FILED → BOUND."""

    takes = State.FILED

    def __init__(self, objects: Objects, judges: Sequence[Validator], settings: PdfaSettings) -> None:
        self._objects = objects
        self._judges = judges
        self._settings = settings

    def look(self, tx: Transaction, document: Document) -> BindJob:
        """Pages, and what was read on them: never what a person corrected (rule 4)."""
        return BindJob(document, tx.pages.of(document.id), tx.pages.as_read(document.id).pages)

    def work(self, job: BindJob) -> BindResult:
        """Bind or convert, judge, keep. Raises Refused where the file cannot become PDF/A, Broken where a judge says no."""
        if job.document.nature is Nature.SIGNED:
            original = job.document.original
            return BindResult(original, ("kept_as_it_was",), first_verdict(self._judges, self._objects.path(original)))
        with tempfile.TemporaryDirectory(prefix="luuky-bind-", dir=self._settings.scratch) as folder:
            bound = self._made(job, Path(folder, "bound.pdf"))
            judgement = first_verdict(self._judges, bound.path)
            if judgement.compliant is False:
                raise _not_pdfa(judgement)
            return BindResult(self._objects.put_file(bound.path), bound.notes, judgement)

    def write(self, tx: Transaction, document: Document, result: BindResult) -> None:
        """The bound file among the versions, with the verdict; BOUND."""
        report: dict[str, Any] = {**result.judgement.as_report(), "notes": list(result.notes)}
        tx.documents.add_version(document.id, "bound", result.name, report)
        note = {"sha256": result.name, "pdfa": result.judgement.compliant, "notes": list(result.notes)}
        tx.documents.move(document, State.BOUND, ACTOR, note=note, bound=result.name, current=result.name)

    def _made(self, job: BindJob, out: Path) -> Bound:
        record = _record(job)
        if job.document.nature is Nature.TEXT:
            return convert(self._objects.path(job.document.original), job.readings, record, out, self._judges)
        return bind(zip(self._images(job.pages), job.readings, strict=True), record, out, self._settings)

    def _images(self, pages: list[Page]) -> Iterator[PageImage]:
        return (page.picture(self._objects.get(page.image)) for page in pages)


def _record(job: BindJob) -> BindRecord:
    document = job.document
    engines = tuple(dict.fromkeys(reading.engine for reading in job.readings if reading.engine))
    return BindRecord(
        title=document.title or _UNTITLED,
        document_id=document.id,
        created=document.received_at,
        original_sha256=(document.original,),
        kind_code=document.kind_code,
        engines=engines,
    )


def _not_pdfa(judgement: Judgement) -> Broken:
    rules = ", ".join(judgement.failed_rules[:5])
    return Broken(
        "not_pdfa",
        f"Tệp PDF/A tạo ra không đạt kiểm định của {judgement.judge} (điều {rules}). Bản gốc còn nguyên. Hãy báo người quản trị.",
        f"The new PDF/A does not pass {judgement.judge} (clauses {rules}). The original is safe. Call the administrator.",
    )
