"""What a bound file says about itself, and what is known of it once it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BindRecord:
    """The facts that go into the metadata. Nobody's identity is among them: files travel."""

    title: str
    document_id: str
    created: datetime
    """When the document came to be in the store, with its time zone; every date in the file is this one."""
    original_sha256: tuple[str, ...]
    """Hex; one for each file the pages came from, in order."""
    kind_code: str | None = None
    engines: tuple[str, ...] = ()
    """Names and versions of what read the pages."""
    producer: str = "Lưu Ký"
    language: str = "vi-VN"

    def __post_init__(self) -> None:
        if self.created.tzinfo is None:
            raise ValueError("a record's date needs its time zone")


@dataclass(frozen=True, slots=True)
class Bound:
    """A PDF/A that was written. `notes` say what was left out or kept as it was, as codes such as `javascript_removed`."""

    path: Path
    sha256: str
    bytes: int
    pages: int
    notes: tuple[str, ...] = ()
