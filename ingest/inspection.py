"""What was found out about a file that can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from domain.documents import Nature
from domain.errors import Message


@dataclass(frozen=True, slots=True)
class Inspection:
    """Media type by content, nature, number of pages, and what a person should know about the file."""

    media_type: str
    nature: Nature
    pages: int
    notes: tuple[Message, ...] = ()
