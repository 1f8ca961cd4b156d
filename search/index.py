"""The idea of an index: pages go in by document, questions are answered within the asker's rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from domain.people import Sight
from domain.search import Answer, IndexedPage, Query


class Index(Protocol):
    """One process writes (`replace`, `rebuild`), many read and see every batch as soon as it is written.

    An index that does not exist yet, or was deleted, is an empty one. Every method raises PartAway while the engine does not
    answer, and Broken when the index is damaged.
    """

    def replace(self, pages: Iterable[IndexedPage], removed: Iterable[str] = ()) -> None:
        """One batch: every document among `pages` gets exactly these entries, every document in `removed` gets none.

        Readers see all of it or nothing; the same batch again changes nothing. May raise PartAway while another process writes.
        """
        ...

    def rebuild(self, pages: Iterable[IndexedPage]) -> None:
        """Make the index anew; the pages of a document come one after another. Readers see the old one until the new is whole."""
        ...

    def search(self, query: Query) -> Answer:
        """The pages that answer; total and facets count only what the asker may see. Without words: everything, newest first."""
        ...

    def suggest(self, prefix: str, sight: Sight, limit: int = 8) -> list[str]:
        """Names of patients and titles of documents that hold all these words, the last one begun; the most frequent first."""
        ...

    def documents(self) -> set[str]:
        """The documents held, whoever may see them."""
        ...

    def count(self, sight: Sight) -> int:
        """How many pages a person may find."""
        ...

    def close(self) -> None:
        """Let go of files, locks and connections."""
        ...
