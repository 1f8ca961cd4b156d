"""`luuky search QUERY [--json]`: find pages by their words."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer

from cli import console, environment
from domain.people import ALL
from domain.search import Answer, Query
from pipeline import wiring
from search.hits import locate
from storage.store import Store


def search(
    query: Annotated[str, typer.Argument(help="Words, with or without tones; names, numbers, diagnoses.")],
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON to stdout.")] = False,
) -> None:
    """Find pages that hold all words."""
    settings = environment.settings()
    store = wiring.store(settings)
    started = time.perf_counter()
    answer = wiring.index(settings).search(Query(query, ALL, limit=limit))
    took = (time.perf_counter() - started) * 1000
    hits = _hits(store, answer, query)
    with store.write() as tx:
        tx.audit.add(environment.actor(), "search", None, query=query, total=answer.total)
    if as_json:
        console.print_json({"version": 1, "query": query, "total": answer.total, "took_ms": round(took, 2), "hits": hits})
        return
    for hit in hits:
        console.out.print(f"{hit['document']}  {hit['title'] or '–'}  tr. {hit['page']}  {hit['snippet']}", markup=False)
    console.err.print(f"{answer.total} trang / pages, {took:.0f} ms")


def _hits(store: Store, answer: Answer, query: str) -> list[dict[str, Any]]:
    hits = []
    with store.read() as tx:
        documents = {document.id: document for document in tx.documents.listed(ids={page.document for page in answer.pages})}
        for found in answer.pages:
            document = documents.get(found.document)
            reading = tx.pages.page_reading(found.document, found.page)
            if document is None or reading is None:
                continue
            located = locate(reading, query)
            hits.append(
                {
                    "document": document.id,
                    "title": document.title,
                    "kind": document.kind_code,
                    "patient": document.patient_id,
                    "page": found.page,
                    "score": round(found.score, 4),
                    "snippet": located.snippet,
                    "boxes": [box.as_list() for box in located.boxes],
                }
            )
    return hits
