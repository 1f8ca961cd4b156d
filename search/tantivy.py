"""The embedded index: Tantivy in a folder, nothing to install.

A process becomes the writer at its first write and stays it until it closes; the lock falls with the process. A commit is one
atomic rename, so a writer killed at any instruction leaves the last whole batch. Readers look at the folder before each answer.
"""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tantivy import Document, Index, IndexWriter, Query, Searcher, SearchResult

from domain.errors import Broken, PartAway
from domain.people import Sight
from domain.search import Answer, FoundPage, IndexedPage
from domain.search import Query as Asked
from search import asking, entries
from search.asking import Question
from search.conditions import AllOf, Condition, OneOf
from search.generations import Generations
from search.settings import SearchSettings
from search.tantivy_query import WEIGHT, document_of, open_index, points_first, translated

_BLOCK = 1000
_FACET_VALUES = 1000


@dataclass(slots=True)
class _Opened:
    path: Path
    index: Index
    mark: tuple[int, int]
    writer: IndexWriter | None = None


class TantivyIndex:
    """Implements `search.index.Index` in `folder`. Safe to share between threads."""

    def __init__(self, folder: Path, settings: SearchSettings) -> None:
        self._generations = Generations(folder, entries.FORM)
        self._memory = settings.writer_memory * 2**20
        self._lock = threading.RLock()
        self._opened: _Opened | None = None

    def replace(self, pages: Iterable[IndexedPage], removed: Iterable[str] = ()) -> None:
        """One commit."""
        batch = entries.by_document(pages)
        new = [document_of(entry) for entry in entries.entries(page for group in batch.values() for page in group)]
        with self._lock, self._writing() as writer:
            for document in {*batch, *removed}:
                writer.delete_documents_by_term(entries.DOCUMENT, document)
            for entry in new:
                writer.add_document(entry)
            writer.commit()

    def rebuild(self, pages: Iterable[IndexedPage]) -> None:
        """Into a new generation, beside the old one, which no other process may write meanwhile."""
        with self._lock, suppress(Broken):
            self._writer()
        path = self._generations.new()
        try:
            with _on_disk():
                _fill(open_index(str(path), create=True).writer(self._memory, 1), pages)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        with self._lock:
            self.close()
            self._generations.use(path)

    def search(self, query: Asked) -> Answer:
        """See `search.asking`."""
        return asking.answer(self, query)

    def suggest(self, prefix: str, sight: Sight, limit: int = 8) -> list[str]:
        """See `search.asking`."""
        return asking.suggestions(self, prefix, sight, limit)

    def documents(self) -> set[str]:
        """Read from the documents' own entries."""
        searcher = self._searcher()
        if searcher is None or not searcher.num_docs:
            return set()
        every = translated(OneOf(entries.LEVEL, (entries.DOCUMENT_LEVEL,)))
        return {searcher.doc(address)[entries.DOCUMENT][0] for _, address in searcher.search(every, searcher.num_docs).hits}

    def count(self, sight: Sight) -> int:
        """Counted by the engine."""
        searcher = self._searcher()
        return 0 if searcher is None else _total(searcher.search(translated(asking.visible_pages(sight)), 1))

    def close(self) -> None:
        """Finish merging, let go of the lock and the files."""
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None and opened.writer is not None:
                with suppress(ValueError, OSError):  # the folder may be gone
                    opened.writer.wait_merging_threads()

    def pages(self, question: Question) -> Answer:
        """Implements `search.asking.Engine`: equals are put in order here, within blocks of a thousand pages.

        Of more than a thousand equal pages of one year, the engine chooses which come in the first block.
        """
        searcher = self._searcher()
        if searcher is None:
            return Answer(0, ())
        last = question.offset + question.limit
        result = searcher.search(points_first(question), _BLOCK * max(math.ceil(last / _BLOCK), 1), weight_by_field=WEIGHT)
        worst = result.hits[last - 1][0] if 0 < last <= len(result.hits) else 0
        ranked = [_Ranked.of(searcher.doc(address), score) for score, address in result.hits if score >= worst]
        ranked.sort(key=lambda hit: hit.page)
        ranked.sort(key=lambda hit: (hit.points, hit.newness, hit.document), reverse=True)
        found = tuple(FoundPage(hit.document, hit.page, hit.points) for hit in ranked[question.offset : last])
        every = translated(AllOf((question.must, question.within)))
        return Answer(_total(result), found, _tallies(searcher, every, entries.FACETS, _FACET_VALUES))

    def tally(self, condition: Condition, field: str, limit: int) -> dict[str, int]:
        """Implements `search.asking.Engine`."""
        searcher = self._searcher()
        return {} if searcher is None else _tallies(searcher, translated(condition), (field,), limit)[field]

    def _searcher(self) -> Searcher | None:
        with self._lock:
            opened = self._current()
            return None if opened is None else opened.index.searcher()

    def _writer(self) -> IndexWriter:
        opened = self._current() or self._born()
        if opened.writer is None:
            try:
                opened.writer = opened.index.writer(self._memory, 1)
            except ValueError as error:
                raise _busy() from error
        return opened.writer

    def _born(self) -> _Opened:
        with _on_disk():
            path = self._generations.new()
            index = open_index(str(path), create=True)
            self._generations.use(path)
            self._opened = _Opened(path, index, (0, 0))
            return self._opened

    @contextmanager
    def _writing(self) -> Iterator[IndexWriter]:
        writer = self._writer()
        try:
            with _on_disk():
                yield writer
        except BaseException:
            self.close()  # what was not committed is dropped with the writer
            raise

    def _current(self) -> _Opened | None:
        """The generation in use with its newest commit, None when there is none. A rebuild may swap it while we open it."""
        while True:
            path = self._generations.current()
            try:
                opened = self._at(path)
            except (ValueError, OSError) as error:
                if self._generations.current() == path:
                    raise _damaged() from error
            else:
                if opened is not None or self._generations.current() == path:
                    return opened

    def _at(self, path: Path | None) -> _Opened | None:
        mark = None if path is None else _mark(path)
        if path is None or mark is None:
            self.close()
            return None
        if self._opened is None or self._opened.path != path:
            self.close()
            self._opened = _Opened(path, open_index(str(path)), mark)
        elif self._opened.mark != mark:
            self._opened.index.reload()
            self._opened.mark = mark
        return self._opened


@dataclass(frozen=True, slots=True)
class _Ranked:
    points: int
    newness: int
    document: str
    page: int

    @classmethod
    def of(cls, stored: Document, score: float) -> _Ranked:
        return cls(int(score + 0.001), stored[entries.NEWNESS][0], stored[entries.DOCUMENT][0], stored[entries.PAGE][0])


def _mark(path: Path) -> tuple[int, int] | None:
    """What changes with every commit; None when there is no index here."""
    try:
        status = (path / "meta.json").stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def _fill(writer: IndexWriter, pages: Iterable[IndexedPage]) -> None:
    for entry in entries.entries(pages):
        writer.add_document(document_of(entry))
    writer.commit()
    writer.wait_merging_threads()


def _total(result: SearchResult) -> int:
    total: int = result.count  # type: ignore[attr-defined]  # the library's own types forget it
    return total


def _tallies(searcher: Searcher, query: Query, fields: Sequence[str], limit: int) -> dict[str, dict[str, int]]:
    counted = searcher.aggregate(query, {field: {"terms": {"field": field, "size": limit}} for field in fields})
    return {field: {bucket["key"]: bucket["doc_count"] for bucket in counted[field]["buckets"]} for field in fields}


@contextmanager
def _on_disk() -> Iterator[None]:
    """The library reports a vanished folder or a full disk as one of these."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise PartAway(
            "index_away",
            "Không ghi được chỉ mục tìm kiếm; hãy kiểm tra ổ đĩa. Công việc sẽ chờ.",
            "The search index cannot be written; check the disk. The work waits.",
        ) from error


def _busy() -> PartAway:
    return PartAway(
        "index_busy",
        "Chỉ mục đang được tiến trình khác ghi; công việc sẽ chờ.",
        "Another process is writing the index; the work waits.",
    )


def _damaged() -> Broken:
    return Broken(
        "index_damaged",
        "Chỉ mục tìm kiếm bị hỏng; hãy chạy `luuky rebuild --index`. Không mất tài liệu nào.",
        "The search index is damaged; run `luuky rebuild --index`. No document is lost.",
    )
