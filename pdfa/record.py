"""What a bound file says about itself, and what is known of it once it is written.

Rules
1. What is not known is not said: None, never a guess.
2. Every date is the record's: the clock is not asked, so that the same record gives the same bytes.
3. Whom the paper is about is said only where the house wants it (`patient_in_metadata`): files travel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.findings import Part


@dataclass(frozen=True, slots=True)
class Conversion:
    """That the pages were made from paper (NĐ 137/2024, Điều 4): the full name of who converted them, person or organisation,
    and the address of the page where anybody can check the file; None: there is none. The time is the record's.
    """

    converter: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the paper stands in the archive (TT 05/2025/TT-BNV): codes of organisation, fonds, series and file, the number it was
    shelved under (số lưu trữ), and how far it may be seen.
    """

    organ_id: str | None = None
    fonds_code: str | None = None
    file_catalog: str | None = None
    file_code: str | None = None
    archive_number: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """How the paper was scanned: device, who did it, in which department, when the scanner wrote the file."""

    scanner: str | None = None
    operator: str | None = None
    department: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the paper is about. `birth`: a day (ISO 8601) or a year."""

    name: str
    birth: str | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """A file that the pages came from, to travel inside the bound one."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class BindRecord:
    """The facts that go into the metadata and onto the page."""

    title: str
    document_id: str
    created: datetime
    """When the document came to be in the store, or without a store when its file was written, with its time zone. Every date in
    the file is this one, but that of the scan.
    """
    original_sha256: tuple[str, ...]
    """Hex; one for each file the pages came from, in order."""
    kind_code: str | None = None
    engines: tuple[str, ...] = ()
    """Names and versions of what read the pages."""
    producer: str = "Lưu Ký"
    language: str = "vi-VN"
    organisation: str | None = None
    """Full name of the house that made the file."""
    conversion: Conversion | None = None
    """None: not converted from paper, so the pages carry no mark."""
    shelf: Shelf = Shelf()
    scan: Scan = Scan()
    patient: Identity | None = None
    parts: tuple[Part, ...] = ()
    """The forms inside a bundle, in order; they become the outline."""
    originals: tuple[Original, ...] = ()
    """Files to embed: the bound file is then PDF/A-3."""
    replaces: str | None = None
    """SHA-256 (hex) of the signed or kept version that this one replaces."""
    reason: str | None = None
    """Why it does: a code of `domain/reasons.py`."""

    def __post_init__(self) -> None:
        if self.created.tzinfo is None or (self.scan.at is not None and self.scan.at.tzinfo is None):
            raise ValueError("a record's date needs its time zone")


@dataclass(frozen=True, slots=True)
class Bound:
    """A PDF/A that was written. `notes` say what was left out or kept as it was, as codes such as `javascript_removed`."""

    path: Path
    sha256: str
    bytes: int
    pages: int
    notes: tuple[str, ...] = ()
