"""The belt's binding step: FILED → BOUND. What comes out is judged before the document moves.

1. A signed file is its own bound form: not a byte of it changes; nor does one of a file that is PDF/A already (`kept.py`), as
   long as its pages are as they were there and it replaces nothing.
2. Another file that was born digital is converted; pages that are pictures are bound anew; where a document has both, pages of
   several files, or not all of one, its parts are joined.
3. The first judge that reaches a verdict decides; a file that fails never moves on. Without a verdict it moves on, not judged.
4. What will be signed holds what was read. What people corrected lives in sidecar and index, before it is bound and after.
5. A version that replaces a signed or kept one names it. An original travels inside only where all of its pages are here: what
   was taken out, or belongs to another document, must not come along.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from domain.documents import Document, Nature, State
from domain.errors import Broken
from domain.findings import Facts, Part
from domain.pages import PageImage, PageReading
from domain.patients import Patient
from domain.sidecar import Source
from pdfa import mark
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.join import Drawn, Scanned, join
from pdfa.join import Part as Joined
from pdfa.kept import KEPT, approved
from pdfa.picked import picked
from pdfa.record import BindRecord, Bound, Original, Scan
from pdfa.recorded import House, media_type
from pdfa.settings import PdfaSettings
from pdfa.validator import Judgement, Validator, first_verdict
from storage.objects import Objects
from storage.pages import Page
from storage.store import Transaction

ACTOR = "pdfa"
FindsParts = Callable[[Sequence[PageReading]], tuple[Part, ...]]
TellsTime = Callable[[Path], datetime | None]
FindsPapers = Callable[[Path], frozenset[int]]
_UNTITLED = "Tài liệu y tế"


@dataclass(frozen=True, slots=True)
class Replaced:
    """The signed or kept version that is replaced (SHA-256), and the code of the reason."""

    sha256: str
    reason: str


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
    natures: Mapping[str, Nature | None]
    """Of each original, by its SHA-256."""
    whole: frozenset[str]
    """Originals of which no page is elsewhere."""
    replaced: Replaced | None
    papers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Of born-digital originals, by their SHA-256, the numbers of pages that are pictures of paper."""
    unmarked: frozenset[int] = frozenset()
    """Places of pages that need no mark (`mark.carried`)."""

    @property
    def named(self) -> list[Source]:
        """The files the pages came from."""
        there = {page.original for page in self.pages}
        return [source for source in self.sources if source.sha256 in there]

    def is_born_digital(self, page: Page) -> bool:
        """Whether a page is no picture of paper."""
        papers = self.papers.get(page.original, frozenset())
        return self.natures.get(page.original) is Nature.TEXT and page.original_page not in papers

    @property
    def is_one_file(self) -> bool:
        """Whether the pages are those of one file, all of them, as they were there."""
        there = [(page.original, page.original_page, page.turn) for page in self.pages]
        return [(self.pages[0].original, n, None) for n in range(1, len(there) + 1)] == there and there[0][0] in self.whole


@dataclass(frozen=True, slots=True)
class BindResult:
    """The name of the bound file in the object store, what was left out of it, and what a judge said."""

    name: str
    notes: tuple[str, ...]
    judgement: Judgement
    converter: str | None = None
    """Whom the mark on its pages names."""
    replaced: Replaced | None = None


class BindStep:
    """FILED → BOUND."""

    takes = State.FILED

    def __init__(
        self,
        objects: Objects,
        judges: Sequence[Validator],
        settings: PdfaSettings,
        parts: FindsParts | None = None,
        scan_time: TellsTime | None = None,
        *,
        papers: FindsPapers | None = None,
    ) -> None:
        """`parts` finds the forms inside a bundle; None: there is no outline. `scan_time` tells when a scanner wrote a file,
        `papers` which pages of a born-digital one are pictures of paper; None: none of them.
        """
        self._objects = objects
        self._judges = judges
        self._settings = settings
        self._parts = parts
        self._scan_time = scan_time
        self._papers = papers

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
            natures={one.sha256: one.nature for one in tx.arrangements.originals(document.id)},
            whole=tx.arrangements.whole(document.id),
            replaced=_replaced(tx, document),
        )

    def work(self, job: BindJob) -> BindResult:
        """Bind or convert, judge, keep. Raises Refused where the file cannot become PDF/A, Broken where a judge says no."""
        if job.document.nature is Nature.SIGNED:
            original = job.document.original
            return BindResult(original, (KEPT,), first_verdict(self._judges, self._objects.path(original)))
        if job.is_one_file and not job.replaced:
            original = job.pages[0].original
            judgement = approved(self._objects.path(original), self._judges)
            if judgement:
                return BindResult(original, (KEPT,), judgement)
        leaves = [(self._objects.path(page.original), page.original_page) for page in job.pages]
        job = replace(job, papers=self._papers_of(job), unmarked=mark.carried(leaves))
        with tempfile.TemporaryDirectory(prefix="luuky-bind-", dir=self._settings.scratch) as folder:
            record = self._record(job)
            bound = self._made(job, record, Path(folder, "bound.pdf"))
            judgement = first_verdict(self._judges, bound.path)
            if judgement.compliant is False:
                raise _not_pdfa(judgement)
            converter = record.conversion.converter if record.conversion else None
            return BindResult(self._objects.put_file(bound.path), bound.notes, judgement, converter, job.replaced)

    def write(self, tx: Transaction, document: Document, result: BindResult) -> None:
        """The bound file among the versions, with the verdict; BOUND."""
        report: dict[str, Any] = {**result.judgement.as_report(), "notes": list(result.notes)}
        if result.replaced:
            report |= {"replaces": result.replaced.sha256, "reason": result.replaced.reason}
        tx.documents.add_version(document.id, "bound", result.name, report)
        note = {"sha256": result.name, "pdfa": result.judgement.compliant, "notes": list(result.notes)}
        note["converter"] = result.converter
        tx.documents.move(document, State.BOUND, ACTOR, note=note, bound=result.name, current=result.name)

    def _made(self, job: BindJob, record: BindRecord, out: Path) -> Bound:
        born = [job.is_born_digital(page) for page in job.pages]
        if all(born) and job.is_one_file:
            original = self._objects.path(job.pages[0].original)
            return convert(original, job.readings, record, out, self._judges, settings=self._settings)
        if any(born):
            return join(self._parts_of(job), record, out, self._judges, self._settings)
        images = self._images(job.pages)
        return bind(zip(images, job.readings, strict=True), record, out, self._settings, job.unmarked)

    def _papers_of(self, job: BindJob) -> Mapping[str, frozenset[int]]:
        if self._papers is None:
            return {}
        born = {page.original for page in job.pages if job.is_born_digital(page)}
        return {original: self._papers(self._objects.path(original)) for original in born}

    def _parts_of(self, job: BindJob) -> Iterator[Joined]:
        """Runs of scanned pages, and of pages of one born-digital file."""
        leaves = zip(range(len(job.pages)), job.pages, job.readings, strict=True)
        for original, run in groupby(leaves, key=lambda leaf: leaf[1].original if job.is_born_digital(leaf[1]) else None):
            places, pages, readings = zip(*run, strict=True)
            if original is None:
                here = [n for n, place in enumerate(places) if place in job.unmarked]
                yield Scanned(zip(self._images(pages), readings, strict=True), here)
            else:
                numbers = (page.original_page for page in pages)
                yield Drawn(self._objects.path(original), list(map(picked, numbers, readings)))

    def _images(self, pages: Sequence[Page]) -> Iterator[PageImage]:
        return (page.picture(self._objects.get(page.image)) for page in pages)

    def _record(self, job: BindJob) -> BindRecord:
        document, house = job.document, House(self._settings)
        replaced = job.replaced
        from_paper = any(place not in job.unmarked and not job.is_born_digital(page) for place, page in enumerate(job.pages))
        return BindRecord(
            title=document.title or _UNTITLED,
            document_id=document.id,
            created=document.received_at,
            original_sha256=tuple(source.sha256 for source in job.named),
            kind_code=document.kind_code,
            engines=tuple(dict.fromkeys(reading.engine for reading in job.readings if reading.engine)),
            organisation=self._settings.organisation or None,
            conversion=house.conversion(job.operator, document.id) if from_paper else None,
            shelf=house.shelf(job.facts),
            scan=Scan(document.origin.scanner, job.operator, document.origin.department, self._scanned(job)),
            patient=house.identity(job.patient),
            parts=self._parts(job.readings) if self._parts else (),
            originals=self._originals(job) if self._settings.embed_original else (),
            replaces=replaced.sha256 if replaced else None,
            reason=replaced.reason if replaced else None,
        )

    def _scanned(self, job: BindJob) -> datetime | None:
        """When the scanner wrote the file, by what that says; the latest of several."""
        if self._scan_time is None:
            return None
        scans = dict.fromkeys(page.original for page in job.pages if not job.is_born_digital(page))
        return max(filter(None, (self._scan_time(self._objects.path(scan)) for scan in scans)), default=None)

    def _originals(self, job: BindJob) -> tuple[Original, ...]:
        """Rule 5."""
        whole = (one for one in job.named if one.sha256 in job.whole)
        return tuple(Original(self._objects.path(one.sha256), one.name, media_type(one.name)) for one in whole)


def _full_name(tx: Transaction, login: str | None) -> str | None:
    person = tx.people.by_login(login) if login else None
    return person.name if person else None


def _replaced(tx: Transaction, document: Document) -> Replaced | None:
    """Rule 5: the newest that was."""
    gone = [version for version in tx.documents.versions(document.id) if version["kind"] == "replaced"]
    return Replaced(gone[-1]["sha256"], gone[-1]["report"]["reason"]) if gone else None


def _not_pdfa(judgement: Judgement) -> Broken:
    rules = ", ".join(judgement.failed_rules[:5])
    return Broken(
        "not_pdfa",
        f"Tệp PDF/A tạo ra không đạt kiểm định của {judgement.judge} (điều {rules}). Bản gốc còn nguyên. Hãy báo người quản trị.",
        f"The new PDF/A does not pass {judgement.judge} (clauses {rules}). The original is safe. Call the administrator.",
    )
