"""Entries and conditions in Elasticsearch's terms, with what its core has: no analysers of a language, no scripts."""

from __future__ import annotations

from typing import Any

from search import entries
from search.asking import Question
from search.conditions import AllOf, AnyOf, Begins, Condition, InARow, Near, Not, OneOf
from search.entries import Entry

Json = dict[str, Any]

ORDER: list[Json] = [
    {"_score": "desc"},
    {entries.NEWNESS: "desc"},
    {entries.DOCUMENT: "desc"},
    {entries.PAGE: "asc"},
]
"""Every hit carries these values, so that the index need not keep its sources."""
DEEPEST = 100_000
"""The last hit that can be paged to."""


def body_of(entry: Entry) -> Json:
    """An entry as it is indexed."""
    return {**entry.values, **entry.words, **entry.numbers}


def new_index(shards: int) -> Json:
    """Settings and mappings. Nothing becomes visible but by our own refresh at the end of a batch."""
    words = {"type": "text", "analyzer": "whitespace", "norms": False}
    fields = {
        **{field: {"type": "keyword"} for field in entries.VALUES},
        **dict.fromkeys(entries.WORDS, words),
        **{field: {"type": "integer"} for field in entries.NUMBERS},
    }
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",
            "max_result_window": DEEPEST,
        },
        "mappings": {"dynamic": "strict", "_source": {"enabled": False}, "properties": fields},
    }


def points_first(question: Question) -> Json:
    """The query whose score is the points."""
    return {
        "bool": {
            "must": _points(question.must, 1),
            "filter": translated(question.within),
            "should": [_points(part, points) for part, points in question.bonuses],
        }
    }


def counted(field: str, limit: int) -> Json:
    """The aggregation that counts a field's values."""
    return {"terms": {"field": field, "size": limit}}


def translated(condition: Condition) -> Json:
    """The condition as a query."""
    match condition:
        case OneOf(field, values):
            return {"terms": {field: list(values)}} if values else {"match_none": {}}
        case Begins(field, prefix):
            return {"prefix": {field: {"value": prefix}}}
        case Near(field, word):
            return {"fuzzy": {field: {"value": word, "fuzziness": 1, "transpositions": True, "rewrite": "constant_score"}}}
        case InARow(field, words):
            return {"match_phrase": {field: " ".join(words)}}
        case AllOf(parts):
            return {"bool": {"filter": [translated(part) for part in parts]}} if parts else {"match_all": {}}
        case AnyOf(parts):
            return {"bool": {"should": [translated(part) for part in parts]}} if parts else {"match_none": {}}
        case Not(part):
            return {"bool": {"must_not": translated(part)}}


def _points(condition: Condition, points: int) -> Json:
    return {"constant_score": {"filter": translated(condition), "boost": points}}
