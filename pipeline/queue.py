"""The queue: the idea. It wakes workers; it may lose a message or deliver it twice, the database does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from storage.outbox import Errand


class Queue(Protocol):
    """Carries errands to workers."""

    def send(self, errands: Iterable[Errand]) -> None:
        """Hand errands to workers. Raises `domain.errors.PartAway` when the broker does not answer."""
        ...

    def close(self) -> None:
        """Let go of the broker."""
        ...
