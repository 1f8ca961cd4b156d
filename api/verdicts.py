"""Verdicts on signatures for those who only ask in passing: each file is judged once in a while, and one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from domain.documents import Document
from domain.errors import LuukyError
from domain.signatures import FileVerdict

_HOLDS = 600.0
"""Seconds; a certificate may end or be revoked meanwhile."""
_REMEMBERED = 500


class Verdicts:
    """Remembers what `judge` said of a document's newest bytes, while the trust list is of the same `edition`."""

    def __init__(self, judge: Callable[[Document], FileVerdict], edition: Callable[[], str]) -> None:
        self._judge = judge
        self._edition = edition
        self._known: dict[str, tuple[float, FileVerdict | None]] = {}
        self._one_at_a_time = threading.Lock()

    def of(self, document: Document) -> FileVerdict | None:
        """The verdict; None where none could be reached."""
        with self._one_at_a_time:
            key = f"{document.current} {self._edition()}"
            said = self._known.get(key)
            if said is None or time.monotonic() - said[0] > _HOLDS:
                said = (time.monotonic(), self._ask(document))
                self._known = dict(list(self._known.items())[-_REMEMBERED:]) | {key: said}
            return said[1]

    def _ask(self, document: Document) -> FileVerdict | None:
        try:
            return self._judge(document)
        except LuukyError:
            return None
