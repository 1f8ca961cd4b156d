"""Which pages stand where: in a document, or set aside in one. What was read on a page and what people corrected goes along.

Rules
1. A writer holds the documents first, in one order for everybody, and looks at the pages afterwards (`hold`).
2. A page keeps its reading, preview and thumbnail wherever it goes; one that is turned otherwise loses them and is read again.
3. Corrections of words go where their page goes. On a page set aside they bear its number there below zero.
4. Which originals a document is made of follows from its pages, those set aside included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from domain.arrangement import Arrangement, Leaf, Named
from domain.documents import Nature, State
from domain.errors import Stale
from storage.clock import now
from storage.tables import documents, originals, page_results, pages, set_aside, word_corrections

_ROTATION = func.coalesce(page_results.c.reading["rotation"].as_integer(), 0)


@dataclass(frozen=True, slots=True)
class Original:
    """A file that a document has pages of; `nature` None: it was not looked at."""

    sha256: str
    name: str
    bytes: int
    nature: Nature | None


@dataclass(frozen=True, slots=True)
class Aside:
    """A page that was set aside: its number among them, what it is, who did it when and why, its picture and small pictures."""

    number: int
    original: str
    page: int
    by: str
    at: datetime
    reason: str | None
    image: str
    preview: str | None
    thumbnail: str | None


@dataclass(frozen=True, slots=True)
class Made:
    """A document as it came out: its originals in order, how many pages it has, and how many of them are read."""

    originals: tuple[Original, ...]
    pages: int
    read: int


class Arrangements:
    """Arrangements inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, seen: Mapping[str, int]) -> None:
        """Nobody else changes these documents or keeps a reading of theirs until the transaction ends. Raises Stale unless each
        is in the version that was seen.
        """
        query = select(documents.c.id, documents.c.version).where(documents.c.id.in_(list(seen))).order_by(documents.c.id)
        found = dict(self._connection.execute(query.with_for_update()).tuples().all())
        if found != dict(seen):
            raise Stale

    def of(self, document_id: str) -> Arrangement:
        """How a document is arranged now."""
        return Arrangement(self._leaves(pages, document_id), self._leaves(set_aside, document_id))

    def aside(self, document_id: str) -> list[Aside]:
        """What is set aside in a document."""
        return self.aside_in([document_id]).get(document_id, [])

    def aside_in(self, document_ids: Iterable[str]) -> dict[str, list[Aside]]:
        """What is set aside in documents, by document."""
        table = set_aside.c
        query = select(
            table.document_id, table.number, table.original, table.original_page, table.actor, table.at, table.reason,
            table.image, table.preview, table.thumbnail,
        ).where(table.document_id.in_(list(document_ids)))  # fmt: skip
        found: dict[str, list[Aside]] = {}
        for document_id, *row in self._connection.execute(query.order_by(table.document_id, table.number)):
            found.setdefault(document_id, []).append(Aside(*row))
        return found

    def originals(self, document_id: str) -> tuple[Original, ...]:
        """What a document has pages of."""
        return tuple(_original(row) for row in self._rows(originals, [document_id], originals.c.position))

    def whole(self, document_id: str) -> frozenset[str]:
        """Those originals of a document of which no page is elsewhere: neither in another document nor set aside."""
        own = {original.sha256 for original in self.originals(document_id)}
        other = (pages.c.document_id != document_id, documents.c.state != State.REJECTED)
        beside = select(pages.c.original).join(documents).where(pages.c.original.in_(own), *other)
        aside = select(set_aside.c.original).where(set_aside.c.original.in_(own))
        return frozenset(own - {*self._connection.scalars(beside.distinct()), *self._connection.scalars(aside.distinct())})

    def write(self, wanted: Mapping[str, Arrangement], actor: str, reason: str | None) -> dict[str, Made]:
        """Rules 2 to 4, for documents that are held and of which no page is lost. `actor` and `reason`: of what is set aside."""
        ids = list(wanted)
        stood = {_place(row): row for row in self._rows(pages, ids)} | {
            _place_aside(row): row for row in self._rows(set_aside, ids)
        }
        stock = {(row["original"], row["original_page"]): row for row in stood.values()}
        known = self._rows(originals, ids, originals.c.position)
        for table in (pages, set_aside, originals):
            self._connection.execute(delete(table).where(table.c.document_id.in_(ids)))
        added = {"actor": actor, "at": now(), "reason": reason}
        places: dict[Named, tuple[str, int]] = {}
        made = {}
        for name, each in wanted.items():
            rows = [_standing(stock[leaf.named], name, number, leaf) for number, leaf in enumerate(each.leaves, 1)]
            self._insert(pages, rows)
            self._insert(set_aside, [_lying(stock[leaf.named], name, n, added) for n, leaf in enumerate(each.aside, 1)])
            places |= {leaf.named: (name, number) for number, leaf in enumerate(each.leaves, 1)}
            places |= {leaf.named: (name, -number) for number, leaf in enumerate(each.aside, 1)}
            own = self._keep_originals(name, each, known)
            made[name] = Made(own, len(rows), sum(row["fingerprint"] is not None for row in rows))
        self._connection.execute(update(documents).where(documents.c.id.in_(ids)).values(arranged=documents.c.arranged + 1))
        self._move_words(ids, {place: places[row["original"], row["original_page"]] for place, row in stood.items()})
        return made

    def _leaves(self, table: Any, document_id: str) -> tuple[Leaf, ...]:
        query = select(table.c.original, table.c.original_page, table.c.turn, _ROTATION, table.c.fingerprint)
        query = query.select_from(table).join(page_results, page_results.c.fingerprint == table.c.fingerprint, isouter=True)
        rows = self._connection.execute(query.where(table.c.document_id == document_id).order_by(table.c.number))
        return tuple(
            Leaf(original, page, turn, (turn or 0) if fingerprint is None else rotation)
            for original, page, turn, rotation, fingerprint in rows
        )

    def _rows(self, table: Any, ids: list[str], *order: Any) -> list[dict[str, Any]]:
        query = select(table).where(table.c.document_id.in_(ids)).order_by(table.c.document_id, *order)
        return [dict(row._mapping) for row in self._connection.execute(query)]

    def _keep_originals(self, name: str, made: Arrangement, known: list[dict[str, Any]]) -> tuple[Original, ...]:
        """Those it had stay in their order, new ones come behind."""
        named = [leaf.original for leaf in (*made.leaves, *made.aside)]
        had = [row["sha256"] for row in known if row["document_id"] == name and row["sha256"] in named]
        ordered = dict.fromkeys([*had, *named])
        told = {row["sha256"]: row for row in known}
        rows = [{**told[sha256], "document_id": name, "position": place} for place, sha256 in enumerate(ordered)]
        self._insert(originals, rows)
        return tuple(_original(row) for row in rows)

    def _move_words(self, ids: list[str], moved: Mapping[tuple[str, int], tuple[str, int]]) -> None:
        rows = self._rows(word_corrections, ids)
        if not rows or all(old == new for old, new in moved.items()):
            return
        self._connection.execute(delete(word_corrections).where(word_corrections.c.document_id.in_(ids)))
        for row in rows:
            row["document_id"], row["page"] = moved[row["document_id"], row["page"]]
        self._insert(word_corrections, rows)

    def _insert(self, table: Any, rows: Iterable[dict[str, Any]]) -> None:
        listed = list(rows)
        if listed:
            self._connection.execute(insert(table), listed)


_OF_A_PAGE = [column.name for column in set_aside.c if column.name in pages.c]


def _standing(row: Mapping[str, Any], document_id: str, number: int, leaf: Leaf) -> dict[str, Any]:
    """A row of `pages` (rule 2). Whoever was reading it finds that it is gone or moved."""
    made = {name: row[name] for name in _OF_A_PAGE}
    if row["turn"] != leaf.turn:
        made |= {"turn": leaf.turn, "fingerprint": None, "preview": None, "thumbnail": None}
    return {**made, "document_id": document_id, "number": number, "attempts": 0, "lease_owner": None, "lease_until": None}


def _lying(row: Mapping[str, Any], document_id: str, number: int, added: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `set_aside`; who set it aside at first stays."""
    known = {name: row.get(name, value) for name, value in added.items()} if "actor" in row else added
    return {**{name: row[name] for name in _OF_A_PAGE}, **known, "document_id": document_id, "number": number}


def _place(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["document_id"], row["number"]


def _place_aside(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["document_id"], -row["number"]


def _original(row: Mapping[str, Any]) -> Original:
    return Original(row["sha256"], row["name"], row["bytes"], Nature(row["nature"]) if row["nature"] else None)
