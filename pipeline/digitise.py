"""Read, file and bind files without any store: `luuky digitise`. Leaves nothing behind but what it was asked for.

1. Inspect every input; one that is signed, encrypted, a dynamic form or beyond repair is refused.
2. Read all pages in parallel, each page cut and read in a process of its own.
3. File: what kind of document, and whose.
4. Bind into PDF/A-2u (or convert, where the input has text of its own), judge it, and only then give it its name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Self

from domain.documents import Nature
from domain.errors import Broken, Refused
from domain.findings import Facts
from domain.pages import PageImage, PageReading, Reading
from domain.sidecar import Sidecar, Source
from filing.examine import examine
from ingest.inspect import Inspection, inspect
from ingest.pages import cut
from pdfa.bind import bind
from pdfa.convert import convert
from pdfa.pikepdf_check import PikepdfCheck
from pdfa.record import BindRecord
from pipeline import reader
from pipeline.settings import Settings

_KEPT_BY_INGEST = "; `luuky ingest` keeps it as it is"


@dataclass(frozen=True, slots=True)
class Input:
    """One file to digitise."""

    path: Path
    inspection: Inspection
    source: Source


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the output: which input it comes from (index), its number there, and its number in the output."""

    source: int
    path: Path
    page: int
    number: int


def look_at(path: Path, settings: Settings) -> Input:
    """Inspect an input (1). Raises Refused."""
    if not path.is_file():
        raise Refused("no_file", "Không thấy tệp này.", "There is no such file.")
    inspection = inspect(path, settings.ingest)
    if inspection.nature is Nature.SIGNED:
        raise Refused(
            "signed",
            "Tệp đã có chữ ký số nên không được tạo lại; `luuky ingest` sẽ giữ nguyên tệp này.",
            "The file is signed and must not be rebuilt" + _KEPT_BY_INGEST + ".",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Input(path, inspection, Source(path.name, digest, path.stat().st_size))


@dataclass(frozen=True, slots=True)
class Begun:
    """Inputs whose pages are being read."""

    inputs: Sequence[Input]
    leaves: list[Leaf]
    readings: list[Future[PageReading]]


class Digitiser:
    """Digitises with a pool of reading processes; a context manager. Begin several, finish them in order: none waits idle."""

    def __init__(self, settings: Settings, jobs: int) -> None:
        self._settings = settings
        context = get_context("fork")  # at the first page, before any thread: nothing is imported twice
        self._pool = ProcessPoolExecutor(jobs, context, initializer=reader.prepare, initargs=(settings,))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, inputs: Sequence[Input]) -> Begun:
        """Start reading the inputs, which will be joined in order (2)."""
        leaves = list(_leaves(inputs))
        return Begun(inputs, leaves, [self._pool.submit(reader.read_file_page, leaf) for leaf in leaves])

    def finish(self, begun: Begun, out: Path, tell: Callable[[int, int], None]) -> Sidecar:
        """Make `out`. `tell(done, all)` counts pages. Raises Refused, Broken."""
        pages = self._gather(begun, tell)
        facts = examine(Reading(pages)).facts
        draft = out.with_name(f".{out.name}.{os.getpid()}.part")
        try:
            self._bind(begun.inputs, begun.leaves, pages, facts, draft)
            _judge(draft)
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
        return Sidecar(tuple(i.source for i in begun.inputs), pages, facts)

    def _gather(self, begun: Begun, tell: Callable[[int, int], None]) -> tuple[PageReading, ...]:
        pages = []
        for leaf, future in zip(begun.leaves, begun.readings, strict=True):
            reading = future.result()
            codes = tuple(replace(code, page=leaf.number) for code in reading.barcodes)
            pages.append(replace(reading, number=leaf.number, source=leaf.source, barcodes=codes))
            tell(len(pages), len(begun.leaves))
        return tuple(pages)

    def _bind(
        self, inputs: Sequence[Input], leaves: list[Leaf], pages: tuple[PageReading, ...], facts: Facts, draft: Path
    ) -> None:  # fmt: skip
        record = _record(inputs, pages, facts)
        if all(i.inspection.nature is Nature.SCAN for i in inputs):
            bind(zip(self._images(leaves), pages, strict=True), record, draft)
        elif len(inputs) == 1:
            convert(inputs[0].path, pages, record, draft)
        else:
            raise Refused(
                "cannot_join",
                "Chỉ ghép được các bản quét; tệp có chữ sẵn phải làm riêng từng tệp (-o THƯ_MỤC/).",
                "Only scans can be joined; digitise files that have text of their own one by one (-o DIR/).",
            )

    def _images(self, leaves: list[Leaf]) -> Iterator[PageImage]:
        return (cut(leaf.path, leaf.page, self._settings.ingest) for leaf in leaves)


def _leaves(inputs: Sequence[Input]) -> Iterator[Leaf]:
    number = 0
    for index, each in enumerate(inputs):
        for page in range(1, each.inspection.pages + 1):
            number += 1
            yield Leaf(index, each.path, page, number)


def _record(inputs: Sequence[Input], pages: tuple[PageReading, ...], facts: Facts) -> BindRecord:
    scanned = max(each.path.stat().st_mtime for each in inputs)
    hashes = tuple(each.source.sha256 for each in inputs)
    return BindRecord(
        title=facts.kind.title or inputs[0].path.stem,
        document_id=hashlib.sha256("".join(hashes).encode()).hexdigest()[:20],
        created=datetime.fromtimestamp(int(scanned), UTC),
        original_sha256=hashes,
        kind_code=facts.kind.code,
        engines=tuple(dict.fromkeys(page.engine for page in pages if page.engine)),
    )


def _judge(path: Path) -> None:
    if PikepdfCheck().judge(path).compliant is False:
        raise Broken(
            "not_pdfa", "Tệp tạo ra chưa đúng PDF/A nên không được ghi.", "What came out is not PDF/A; nothing was written."
        )
