"""The belt's binding step: FILED → BOUND. What comes out is judged before the document moves.

1. A signed file is its own bound form: not a byte of it changes.
2. A file with text of its own is converted; pages that are pictures are bound anew.
3. The first judge that reaches a verdict decides; a file that fails never moves on. Without a verdict it moves on, not judged.
4. What will be signed holds what was read. What people corrected lives in sidecar and index, before it is bound and after.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.documents import Document, Nature, State
from domain.errors import Broken
from domain.findings import Facts, Part
from domain.pages import PageImage, PageReading
from domain.patients import Patient
from domain.sidecar import Source
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.record import BindRecord, Bound, Original, Scan
from pdfa.recorded import House, media_type
from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement, Validator, first_verdict
from storage.objects import Objects
from storage.pages import Page
from storage.store import Transaction

ACTOR = "pdfa"
FindsParts = Callable[[Sequence[PageReading]], tuple[Part, ...]]
_UNTITLED = "Tài liệu y tế"


@dataclass(frozen=True, slots=True)
class BindJob:
    """A document with its pages and what was read on them, in the same order."""

    document: Document
    pages: list[Page]
    readings: tuple[PageReading, ...]
    sources: tuple[Source, ...]
    facts: Facts
    operator: str | None
    """Full name of who scanned it, where that is a person with an account."""
    patient: Patient | None


@dataclass(frozen=True, slots=True)
class BindResult:
    """The name of the bound file in the object store, what was left out of it, and what a judge said."""

    name: str
    notes: tuple[str, ...]
    judgement: Judgement
    converter: str | None = None
    """Whom the mark on its pages names."""


class BindStep:
    """FILED → BOUND."""

    takes = State.FILED

    def __init__(
        self, objects: Objects, judges: Sequence[Validator], settings: PdfaSettings, parts: FindsParts | None = None
    ) -> None:  # fmt: skip
        """`parts` finds the forms inside a bundle; None: there is no outline."""
        self._objects = objects
        self._judges = judges
        self._settings = settings
        self._parts = parts

    def look(self, tx: Transaction, document: Document) -> BindJob:
        """Pages, and what was read on them: never what a person corrected (rule 4)."""
        return BindJob(
            document=document,
            pages=tx.pages.of(document.id),
            readings=tx.pages.as_read(document.id).pages,
            sources=tx.documents.sources(document.id),
            facts=tx.documents.facts(document.id),
            operator=_full_name(tx, document.origin.operator),
            patient=tx.patients.get(document.patient_id) if document.patient_id else None,
        )

    def work(self, job: BindJob) -> BindResult:
        """Bind or convert, judge, keep. Raises Refused where the file cannot become PDF/A, Broken where a judge says no."""
        if job.document.nature is Nature.SIGNED:
            original = job.document.original
            return BindResult(original, ("kept_as_it_was",), first_verdict(self._judges, self._objects.path(original)))
        with tempfile.TemporaryDirectory(prefix="luuky-bind-", dir=self._settings.scratch) as folder:
            record = self._record(job)
            bound = self._made(job, record, Path(folder, "bound.pdf"))
            judgement = first_verdict(self._judges, bound.path)
            if judgement.compliant is False:
                raise _not_pdfa(judgement)
            converter = record.conversion.converter if record.conversion else None
            return BindResult(self._objects.put_file(bound.path), bound.notes, judgement, converter)

    def write(self, tx: Transaction, document: Document, result: BindResult) -> None:
        """The bound file among the versions, with the verdict; BOUND."""
        report: dict[str, Any] = {**result.judgement.as_report(), "notes": list(result.notes)}
        tx.documents.add_version(document.id, "bound", result.name, report)
        note = {"sha256": result.name, "pdfa": result.judgement.compliant, "notes": list(result.notes)}
        note["converter"] = result.converter
        tx.documents.move(document, State.BOUND, ACTOR, note=note, bound=result.name, current=result.name)

    def _made(self, job: BindJob, record: BindRecord, out: Path) -> Bound:
        if job.document.nature is Nature.TEXT:
            return convert(self._objects.path(job.document.original), job.readings, record, out, self._judges)
        return bind(zip(self._images(job.pages), job.readings, strict=True), record, out, self._settings)

    def _images(self, pages: list[Page]) -> Iterator[PageImage]:
        return (page.picture(self._objects.get(page.image)) for page in pages)

    def _record(self, job: BindJob) -> BindRecord:
        document, house = job.document, House(self._settings)
        from_paper = document.nature is not Nature.TEXT
        return BindRecord(
            title=document.title or _UNTITLED,
            document_id=document.id,
            created=document.received_at,
            original_sha256=tuple(source.sha256 for source in job.sources),
            kind_code=document.kind_code,
            engines=tuple(dict.fromkeys(reading.engine for reading in job.readings if reading.engine)),
            organisation=self._settings.organisation or None,
            conversion=house.conversion(job.operator, document.id) if from_paper else None,
            shelf=house.shelf(job.facts),
            scan=Scan(document.origin.scanner, job.operator, document.origin.department),
            patient=house.identity(job.patient),
            parts=self._parts(job.readings) if self._parts else (),
            originals=self._originals(job.sources) if self._settings.embed_original else (),
        )

    def _originals(self, sources: Sequence[Source]) -> tuple[Original, ...]:
        return tuple(Original(self._objects.path(one.sha256), one.name, media_type(one.name)) for one in sources)


def _full_name(tx: Transaction, login: str | None) -> str | None:
    person = tx.people.by_login(login) if login else None
    return person.name if person else None


def _not_pdfa(judgement: Judgement) -> Broken:
    rules = ", ".join(judgement.failed_rules[:5])
    return Broken(
        "not_pdfa",
        f"Tệp PDF/A tạo ra không đạt kiểm định của {judgement.judge} (điều {rules}). Bản gốc còn nguyên. Hãy báo người quản trị.",
        f"The new PDF/A does not pass {judgement.judge} (clauses {rules}). The original is safe. Call the administrator.",
    )
