"""Read, file and bind files without any store: `luuky digitise`. Leaves nothing behind but what it was asked for.

1. Inspect every input; one that is signed, encrypted, a dynamic form or beyond repair is refused.
2. Read all pages in parallel, in processes of their own. A page that kills its process or never ends is read by the other engine;
   where that fails too, it goes out as a picture without words, flagged `unread`. A page of which not even the picture can be
   taken out refuses its file: without it, the document would be a lie.
3. File: what kind of document, and whose.
4. Bind into PDF/A-2u (or convert, where the input was born digital; or join both), judge it, and only then give it its name.
   One input that is PDF/A already is copied as it is.

Damaged files can kill what opens them: 1 and 4 are done by the same processes. This one only hashes files.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Self, TypeVar

from domain.documents import Nature
from domain.errors import Broken, Refused
from domain.findings import Facts
from domain.pages import PageReading, Reading
from domain.sidecar import Sidecar, Source
from filing.examine import examine
from filing.parts import parts
from ingest import refusals
from ingest.inspect import Inspection, inspect
from ingest.pages import cut
from ingest.pdf import papers
from ingest.scan_time import scan_time
from pdfa import mark
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.join import Drawn, Part, Scanned, join
from pdfa.kept import KEPT, approved
from pdfa.picked import picked
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.record import BindRecord, Original, Scan
from pdfa.recorded import House, media_type
from pdfa.verapdf import VeraPdf
from pipeline import reader
from pipeline.chosen import Chosen, asked, is_whole
from pipeline.guard import killed
from pipeline.page_pool import Died, Errand, PagePool
from pipeline.settings import Settings

_KEPT_BY_INGEST = "; `luuky ingest` keeps it as it is"
_BOUND_MEANWHILE = 20
"""Pages that are bound at least in the time that one may be read."""

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Input:
    """One file to digitise, and which of its pages, in order."""

    path: Path
    inspection: Inspection
    source: Source
    pages: tuple[Chosen, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the file, as it is."""
        return is_whole(self.pages, self.inspection.pages)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the output: which input it comes from (index), which file (index of the sidecar's sources), its number there
    and in the output, and how it is to be turned.
    """

    input: int
    source: int
    path: Path
    page: int
    number: int
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """What was made: what was read, and the notes of how the file came to be, as codes."""

    sidecar: Sidecar
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """Inputs whose pages are being read."""

    inputs: Sequence[Input]
    leaves: list[Leaf]
    readings: list[Errand[PageReading]]


def _bind(
    inputs: Sequence[Input], pages: tuple[PageReading, ...], facts: Facts, settings: Settings, draft: Path
) -> tuple[str, ...]:  # fmt: skip
    is_one_file = len(inputs) == 1 and inputs[0].is_whole
    if is_one_file and _is_archival(inputs[0].path, settings):
        shutil.copyfile(inputs[0].path, draft)
        return (KEPT,)
    paper, unmarked = _paper(inputs), mark.carried([(leaf.path, leaf.page) for leaf in _leaves(inputs)])
    from_paper = any(number - 1 not in unmarked for number in paper)
    record = _record(inputs, paper, pages, facts, House(settings.binding), from_paper=from_paper)
    if len(paper) == len(pages):
        images = (cut(leaf.path, leaf.page, settings.ingest) for leaf in _leaves(inputs))
        made = bind(zip(images, pages, strict=True), record, draft, settings.binding, unmarked)
    elif is_one_file and not paper:
        made = convert(inputs[0].path, pages, record, draft, settings=settings.binding)
    else:
        made = join(_parts(inputs, paper, unmarked, pages, settings), record, draft, settings=settings.binding)
    _judge(draft)
    return made.notes


def _is_archival(path: Path, settings: Settings) -> bool:
    """Whether it is PDF/A already. veraPDF is asked of this alone: it starts slowly, and few files claim to be."""
    if settings.pdfa.verapdf is None:
        return approved(path) is not None
    with VeraPdf(settings.pdfa) as vera:
        return approved(path, [vera]) is not None


def _paper(inputs: Sequence[Input]) -> frozenset[int]:
    """Numbers of the output's pages that are pictures of paper."""
    born = {each.path: papers(each.path) for each in inputs if each.inspection.nature is Nature.TEXT}
    return frozenset(leaf.number for leaf in _leaves(inputs) if leaf.path not in born or leaf.page in born[leaf.path])


def _parts(
    inputs: Sequence[Input],
    paper: Collection[int],
    unmarked: Collection[int],
    pages: tuple[PageReading, ...],
    settings: Settings,
) -> Iterator[Part]:
    """What is joined: runs of pages of one input, of paper or not. `unmarked`: places of pages that need no mark."""
    for (index, is_paper), run in groupby(_leaves(inputs), key=lambda leaf: (leaf.input, leaf.number in paper)):
        leaves = list(run)
        readings = [pages[leaf.number - 1] for leaf in leaves]
        if is_paper:
            images = (cut(leaf.path, leaf.page, settings.ingest) for leaf in leaves)
            here = [place for place, leaf in enumerate(leaves) if leaf.number - 1 in unmarked]
            yield Scanned(zip(images, readings, strict=True), here)
        else:
            yield Drawn(inputs[index].path, [picked(leaf.page, reading) for leaf, reading in zip(leaves, readings, strict=True)])


def _leaves(inputs: Sequence[Input]) -> Iterator[Leaf]:
    sources, number = _sources(inputs), 0
    for index, each in enumerate(inputs):
        for chosen in each.pages:
            number += 1
            yield Leaf(index, sources.index(each.source), each.path, chosen.page, number, chosen.turn)


def _sources(inputs: Sequence[Input]) -> list[Source]:
    """Each file once, however often pages of it are named."""
    return list(dict.fromkeys(each.source for each in inputs))


def _record(
    inputs: Sequence[Input],
    paper: Collection[int],
    pages: tuple[PageReading, ...],
    facts: Facts,
    house: House,
    *,
    from_paper: bool,
) -> BindRecord:
    """No store knows the document: its mark has no QR code, since no page could answer for it."""
    written = list(map(_written, inputs))
    scans = {leaf.input for leaf in _leaves(inputs) if leaf.number in paper}
    scanned = max((written[index] for index in scans), default=None)
    hashes = tuple(source.sha256 for source in _sources(inputs))
    whole = [each for each in inputs if len(each.pages) == each.inspection.pages]  # what was left out must not travel along
    originals = tuple(Original(each.path, each.source.name, media_type(each.source.name)) for each in whole)
    return BindRecord(
        title=facts.kind.title or inputs[0].path.stem,
        document_id=_id(inputs),
        created=max(written),
        original_sha256=hashes,
        kind_code=facts.kind.code,
        engines=tuple(dict.fromkeys(page.engine for page in pages if page.engine)),
        organisation=house.settings.organisation or None,
        conversion=house.conversion(None, None) if from_paper else None,
        shelf=house.shelf(facts),
        scan=Scan(at=scanned),
        parts=parts(pages),
        originals=originals if house.settings.embed_original else (),
    )


def _written(each: Input) -> datetime:
    """When it was written, by what it says inside: a copy says the same. Else when the file was last changed."""
    return scan_time(each.path) or datetime.fromtimestamp(int(each.path.stat().st_mtime), UTC)


def _id(inputs: Sequence[Input]) -> str:
    """The same for the same pages of the same files."""
    parts = [each.source.sha256 + ("" if each.is_whole else repr(each.pages)) for each in inputs]
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:20]


def _judge(path: Path) -> None:
    if PikepdfCheck().judge(path).compliant is False:
        raise Broken(
            "not_pdfa", "Tệp tạo ra chưa đúng PDF/A nên không được ghi.", "What came out is not PDF/A; nothing was written."
        )


class Digitiser:
    """Digitises with a pool of reading processes; a context manager. Begin several, finish them in order: none waits idle."""

    ways: tuple[Callable[[Leaf], PageReading], ...] = (reader.read_file_page, reader.read_otherwise, reader.leave_unread)
    """How a page is read: in the next of these when one has killed its process."""
    binding = staticmethod(_bind)
    """How a document is bound and judged (4)."""

    def __init__(self, settings: Settings, jobs: int) -> None:
        self._settings = settings
        self._seconds = settings.ocr.work_seconds_a_page
        self._pool = PagePool(jobs, partial(reader.prepare, settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def look_at(self, given: Path) -> Input:
        """Inspect an input (1): a file, or some of its pages (`chosen.py`). Raises Refused."""
        wanted = asked(given)
        path = wanted.path
        if not path.is_file():
            raise Refused("no_file", "Không thấy tệp này.", "There is no such file.")
        try:
            inspection = self._urgent(partial(inspect, path, self._settings.ingest), self._seconds)
        except Died:
            raise refusals.deadly() from None
        if inspection.nature is Nature.SIGNED:
            raise Refused(
                "signed",
                "Tệp đã có chữ ký số nên không được tạo lại; `luuky ingest` sẽ giữ nguyên tệp này.",
                "The file is signed and must not be rebuilt" + _KEPT_BY_INGEST + ".",
            )
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        source = Source(path.name, digest, path.stat().st_size)
        return Input(path, inspection, source, wanted.chosen(inspection.pages))

    def begin(self, inputs: Sequence[Input]) -> Begun:
        """Start reading the inputs, which will be joined in order (2)."""
        leaves = list(_leaves(inputs))
        errands = [Errand([partial(way, leaf) for way in self.ways], self._seconds) for leaf in leaves]
        return Begun(inputs, leaves, [self._pool.submit(errand) for errand in errands])

    def finish(self, begun: Begun, out: Path, tell: Callable[[int, int], None]) -> Finished:
        """Make `out`. `tell(done, all)` counts pages. Raises Refused, Broken."""
        pages = self._gather(begun, tell)
        facts = examine(Reading(pages)).facts
        with tempfile.TemporaryDirectory(prefix=f".{out.name}.", suffix=".part", dir=out.parent) as folder:
            draft = Path(folder, "out.pdf")
            seconds = self._seconds * (1 + len(pages) // _BOUND_MEANWHILE)
            try:
                notes = self._urgent(partial(self.binding, begun.inputs, pages, facts, self._settings, draft), seconds)
            except Died:
                raise killed() from None
            draft.replace(out)
        return Finished(Sidecar(tuple(_sources(begun.inputs)), pages, facts), notes)

    def _gather(self, begun: Begun, tell: Callable[[int, int], None]) -> tuple[PageReading, ...]:
        pages = []
        for leaf, errand in zip(begun.leaves, begun.readings, strict=True):
            try:
                reading = self._pool.result(errand)
            except Died:
                raise refusals.deadly_page(leaf.page) from None
            codes = tuple(replace(code, page=leaf.number) for code in reading.barcodes)
            pages.append(replace(reading, number=leaf.number, source=leaf.source, barcodes=codes))
            tell(len(pages), len(begun.leaves))
        return tuple(pages)

    def _urgent(self, call: Callable[[], Made], seconds: float) -> Made:
        return self._pool.result(self._pool.submit(Errand([call], seconds, urgent=True)))
