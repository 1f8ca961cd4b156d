"""The index on an Elasticsearch cluster, by its core alone: bulk, term queries, aggregations, aliases.

An alias names the index in use, so that a rebuild swaps it in one step. Entries have fixed ids; a batch is written first and
made visible by one refresh at its end.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import BulkIndexError, bulk

from domain.errors import Broken, LuukyError, PartAway, PartMissing
from domain.people import Sight
from domain.search import Answer, FoundPage, IndexedPage, Query
from search import asking, entries
from search.asking import Question
from search.conditions import Condition, OneOf
from search.elastic_query import DEEPEST, ORDER, Json, body_of, counted, new_index, points_first, translated
from search.entries import Entry
from search.settings import SearchSettings

_FACET_VALUES = 1000
_SLICE = 5000
_BULK_BYTES = 8 * 2**20
_BUSY = frozenset({404, 429, 502, 503, 504})
_FORBIDDEN = frozenset({401, 403})


class ElasticIndex:
    """Implements `search.index.Index`. Safe to share between threads."""

    def __init__(self, settings: SearchSettings) -> None:
        self._alias = settings.elasticsearch_index
        self._prefix = f"{self._alias}-{entries.FORM}-"
        self._shards = settings.elasticsearch_shards
        options = {"api_key": settings.elasticsearch_api_key, "ca_certs": settings.elasticsearch_ca}
        secrets: dict[str, Any] = {name: value for name, value in options.items() if value}
        self._client = Elasticsearch(
            [url.strip() for url in settings.elasticsearch_url.split(",")],
            request_timeout=settings.timeout,
            max_retries=0,
            **secrets,
        )

    def replace(self, pages: Iterable[IndexedPage], removed: Iterable[str] = ()) -> None:
        """Bulk requests, then one refresh."""
        batch = entries.by_document(pages)
        new = {entry.key: entry for entry in entries.entries(page for group in batch.values() for page in group)}
        with _asked():
            self._ensure()
            self._client.indices.refresh(index=self._alias)  # a batch cut short left entries that are not visible yet
            old = [hit["_id"] for hit in self._every(OneOf(entries.DOCUMENT, tuple({*batch, *removed})))]
            gone = [{"_op_type": "delete", "_id": key} for key in old if key not in new]
            self._write(self._alias, [*gone, *(_action(entry) for entry in new.values())], require_alias=True)
            self._client.indices.refresh(index=self._alias)

    def rebuild(self, pages: Iterable[IndexedPage]) -> None:
        """Into a new index; the alias moves and the old index goes in one request."""
        with _asked():
            name = self._new()
            try:
                self._write(name, (_action(entry) for entry in entries.entries(pages)))
                self._client.indices.refresh(index=name)
                self._use(name)
            except BaseException:
                self._client.options(ignore_status=404).indices.delete(index=name)
                raise

    def search(self, query: Query) -> Answer:
        """See `search.asking`."""
        return asking.answer(self, query)

    def suggest(self, prefix: str, sight: Sight, limit: int = 8) -> list[str]:
        """See `search.asking`."""
        return asking.suggestions(self, prefix, sight, limit)

    def documents(self) -> set[str]:
        """Read from the documents' own entries, slice by slice."""
        with _asked():
            return {hit["sort"][0] for hit in self._every(OneOf(entries.LEVEL, (entries.DOCUMENT_LEVEL,)))}

    def count(self, sight: Sight) -> int:
        """Counted by the engine."""
        found = self._search(query=translated(asking.visible_pages(sight)), size=0)
        return _total(found)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def pages(self, question: Question) -> Answer:
        """Implements `search.asking.Engine`. Hits beyond `DEEPEST` are counted, not given."""
        found = self._search(
            query=points_first(question),
            sort=ORDER,
            from_=min(question.offset, DEEPEST),
            size=max(min(question.limit, DEEPEST - question.offset), 0),
            aggregations={field: counted(field, _FACET_VALUES) for field in entries.FACETS},
        )
        hits = [hit["sort"] for hit in found["hits"]["hits"]]
        pages = tuple(FoundPage(document, page, int(points)) for points, _, document, page in hits)
        return Answer(_total(found), pages, {field: _buckets(found, field) for field in entries.FACETS})

    def tally(self, condition: Condition, field: str, limit: int) -> dict[str, int]:
        """Implements `search.asking.Engine`."""
        return _buckets(self._search(query=translated(condition), size=0, aggregations={field: counted(field, limit)}), field)

    def _search(self, **request: Any) -> Json:
        with _asked():
            try:
                found = self._client.search(
                    index=self._alias, track_total_hits=True, allow_partial_search_results=False, **request
                )
            except NotFoundError:  # not written yet, or deleted: empty
                return {"hits": {"total": {"value": 0}, "hits": []}, "aggregations": {}}
        return dict(found)

    def _every(self, condition: Condition) -> Iterator[Json]:
        """All entries that hold, whatever their number; `sort` holds the document and the entry's page."""
        after: list[Any] | None = None
        order = [{entries.DOCUMENT: "asc"}, {entries.PAGE: "asc"}, {entries.LEVEL: "asc"}]
        while True:
            found = self._search(query=translated(condition), size=_SLICE, sort=order, search_after=after)["hits"]["hits"]
            yield from found
            if len(found) < _SLICE:
                return
            after = found[-1]["sort"]

    def _ensure(self) -> None:
        known = self._client.options(ignore_status=404).indices.get_alias(name=self._alias)
        if not any(name.startswith(self._prefix) for name in dict(known)):
            self._use(self._new())

    def _new(self) -> str:
        name = f"{self._prefix}{time.time_ns()}"
        self._client.indices.create(index=name, **new_index(self._shards))
        return name

    def _use(self, name: str) -> None:
        """Move the alias; indexes it named before, and what a killed rebuild left, go in the same request."""
        known = self._client.indices.get_alias(index=f"{self._alias}-*")
        ours = re.compile(rf"{re.escape(self._alias)}-\d+-\d+")
        others = [{"remove_index": {"index": other}} for other in dict(known) if ours.fullmatch(other) and other != name]
        self._client.indices.update_aliases(actions=[{"add": {"index": name, "alias": self._alias}}, *others])

    def _write(self, index: str, actions: Iterable[Json], **options: Any) -> None:
        bulk(self._client, actions, index=index, max_chunk_bytes=_BULK_BYTES, **options)


def _action(entry: Entry) -> Json:
    return {"_op_type": "index", "_id": entry.key, "_source": body_of(entry)}


def _total(found: Json) -> int:
    total: int = found["hits"]["total"]["value"]
    return total


def _buckets(found: Json, field: str) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in found.get("aggregations", {}).get(field, {}).get("buckets", [])}


@contextmanager
def _asked() -> Iterator[None]:
    """Translate the client's errors."""
    try:
        yield
    except BulkIndexError as error:
        statuses = {next(iter(item.values()))["status"] for item in error.errors}
        raise _translated(max(statuses)) from error
    except ApiError as error:
        raise _translated(error.status_code) from error
    except TransportError as error:
        raise _away() from error


def _translated(status: int) -> LuukyError:
    if status in _BUSY:
        return _away()
    if status in _FORBIDDEN:
        return PartMissing(
            "search_forbidden",
            "Elasticsearch từ chối khóa truy cập; hãy kiểm tra cấu hình.",
            "Elasticsearch refuses the API key; check the settings.",
        )
    return Broken(
        "search_failed",
        f"Elasticsearch báo lỗi {status}; hãy xem nhật ký của máy chủ đó, rồi chạy `luuky rebuild --index`.",
        f"Elasticsearch failed with {status}; look at its log, then run `luuky rebuild --index`.",
    )


def _away() -> PartAway:
    return PartAway(
        "search_away",
        "Máy chủ tìm kiếm không trả lời; hãy kiểm tra Elasticsearch. Không mất tài liệu nào.",
        "The search server does not answer; check Elasticsearch. No document is lost.",
    )
