"""Entries and conditions in Tantivy's terms."""

from __future__ import annotations

from tantivy import Document, Index, Occur, Query, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from search import entries
from search.asking import Question
from search.conditions import AllOf, AnyOf, Begins, Condition, InARow, Near, Not, OneOf
from search.entries import Entry

_WORDS = "words"
_WEIGHT = "weight"
_OLDEST_YEAR, _YEARS = 1850, 256


def open_index(path: str, *, create: bool = False) -> Index:
    """Open (or create) the index in a folder. Raises ValueError or OSError when it cannot be read."""
    index = Index(_SCHEMA, path) if create else Index.open(path)
    index.register_tokenizer(_WORDS, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def document_of(entry: Entry) -> Document:
    """An entry as it is added."""
    values = {field: list(held) for field, held in entry.values.items()}
    members = {**values, **entry.words, **entry.numbers, _WEIGHT: _weight(entry.numbers[entries.NEWNESS])}
    return Document.from_dict(members, _SCHEMA)


def points_first(question: Question) -> Query:
    """The query whose score, weighted by `WEIGHT`, puts more points first and newer pages first among equals."""
    must = Query.const_score_query(translated(question.must), 1.0)
    within = Query.const_score_query(translated(question.within), 0.0)
    bonuses = [(Occur.Should, Query.const_score_query(translated(part), float(points))) for part, points in question.bonuses]
    return Query.boolean_query([(Occur.Must, must), (Occur.Must, within), *bonuses])


def translated(condition: Condition) -> Query:
    """The condition as a query."""
    match condition:
        case OneOf(field, (value,)):
            return Query.term_query(_SCHEMA, field, value)
        case OneOf(field, values):
            return Query.term_set_query(_SCHEMA, field, values) if values else Query.empty_query()
        case Begins(field, prefix):
            return Query.fuzzy_term_query(_SCHEMA, field, prefix, distance=0, prefix=True)
        case Near(field, word):
            return Query.fuzzy_term_query(_SCHEMA, field, word, distance=1, transposition_cost_one=True)
        case InARow(field, words):
            return Query.phrase_query(_SCHEMA, field, list(words))
        case AllOf(parts):
            return _joined(Occur.Must, parts) if parts else Query.all_query()
        case AnyOf(parts):
            return _joined(Occur.Should, parts) if parts else Query.empty_query()
        case Not(part):
            return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, translated(part))])


def _joined(occur: Occur, parts: tuple[Condition, ...]) -> Query:
    return Query.boolean_query([(occur, translated(part)) for part in parts])


def _weight(year: int) -> float:
    """Tantivy multiplies a score by log2(2 + weight): here 1 + n/65536, less than one point in 255 for n < 256 years."""
    rank = min(max(year - _OLDEST_YEAR, 0), _YEARS - 1)
    return float(2 ** (1 + rank / 65536) - 2)


def _schema() -> Schema:
    builder = SchemaBuilder()
    for field in entries.VALUES:
        stored = field == entries.DOCUMENT
        builder.add_text_field(field, stored=stored, fast=True, tokenizer_name="raw", index_option="basic")
    for field in entries.WORDS:
        builder.add_text_field(field, tokenizer_name=_WORDS)
    for field in entries.NUMBERS:
        builder.add_unsigned_field(field, stored=True)
    builder.add_float_field(_WEIGHT, fast=True)
    return builder.build()


WEIGHT = _WEIGHT
_SCHEMA = _schema()
