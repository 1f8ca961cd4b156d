"""What people said stands on a page where it was misread. It only grows, and lies apart from the readings: documents share those.

Rules
1. The deeds of a page are numbered from 1. A writer names what it saw (`seen`): the newest, and how often the pages were arranged
   until then; if another was faster, `domain.errors.Stale` is raised and nothing is written.
2. A deed changes neither the document nor its version: no step and no signature that is under way loses its work by it.
3. Deeds go where their page goes (`arrangements.py`); those on a page set aside bear its number there below zero.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from domain.corrections import WordCorrection
from domain.documents import FINDABLE
from domain.errors import Stale
from domain.pages import Box
from storage.clock import now
from storage.tables import documents, word_corrections

_DEEDS = 1 << 20
"""More than anybody does on a page."""


class WordCorrections:
    """The corrections inside a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, document_id: str, page: int, seen: int) -> None:
        """Nobody else writes on this page until the transaction ends. Raises Stale unless it is as it was `seen` (rule 1)."""
        self._connection.execute(select(documents.c.id).where(documents.c.id == document_id).with_for_update())
        if self.seen(document_id, page) != seen:
            raise Stale

    def seen(self, document_id: str, page: int) -> int:
        """What a writer must name now: the newest deed's number, as long as no page was ever arranged."""
        arranged = self._connection.scalar(select(documents.c.arranged).where(documents.c.id == document_id)) or 0
        return arranged * _DEEDS + self.newest(document_id, page)

    def add(
        self, place: tuple[str, int], actor: str, box: Box, said: tuple[str, str], takes_back: int | None = None
    ) -> WordCorrection:
        """Write a deed down; `place` is document and page, held before; `said` what the words said and what they say now."""
        document_id, page = place
        number = self.newest(document_id, page) + 1
        made = WordCorrection(number, page, box, *said, by=actor, at=now(), takes_back=takes_back)
        row = {
            "document_id": document_id, "page": page, "number": number, "box": box.as_list(), "read": made.read,
            "text": made.text, "takes_back": takes_back, "actor": actor, "at": made.at,
        }  # fmt: skip
        self._connection.execute(insert(word_corrections).values(row))
        return made

    def newest(self, document_id: str, page: int) -> int:
        """The number of a page's newest deed, 0 where there is none."""
        query = select(func.coalesce(func.max(word_corrections.c.number), 0))
        return self._connection.scalar(query.where(_on(document_id, page))) or 0

    def of(self, document_id: str, page: int | None = None) -> list[WordCorrection]:
        """All deeds on a document, or on one of its pages, in order."""
        query = select(word_corrections).where(_on(document_id, page))
        ordered = query.order_by(word_corrections.c.page, word_corrections.c.number)
        return [_deed(row) for row in self._connection.execute(ordered)]

    def documents(self) -> list[str]:
        """The findable documents that have any, the newest first."""
        query = select(word_corrections.c.document_id).join(documents).where(documents.c.state.in_(FINDABLE)).distinct()
        return list(self._connection.scalars(query.order_by(word_corrections.c.document_id.desc())))


def _on(document_id: str, page: int | None) -> Any:
    mine = word_corrections.c.document_id == document_id
    return mine if page is None else mine & (word_corrections.c.page == page)


def _deed(row: Row[Any]) -> WordCorrection:
    return WordCorrection(row.number, row.page, Box(*row.box), row.read, row.text, row.actor, row.at, row.takes_back)
