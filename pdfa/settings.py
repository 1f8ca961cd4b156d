"""What this room can be told from outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pdfa.choices import FILE_CODE, FileCode, MarkPages, MarkPlace
from pdfa.profile import Profile


@dataclass(frozen=True, slots=True)
class PdfaSettings:
    """Settings of the room that binds."""

    verapdf: Path | None = None
    """Folder with the jars of the veraPDF judge; not set: the one that set-up installed, if it did; empty: none. Without one,
    files are marked as not judged."""
    java: str = "java"
    """The Java program (17 or newer) that runs it."""
    verapdf_seconds: float = 120.0
    """How long one file may be judged."""
    ghostscript: str = "gs"
    """The program that draws a PDF anew whose fonts are missing or which breaks the rules otherwise, if it then shows the same.
    It need not be installed. Empty: never."""
    ghostscript_seconds: float = 120.0
    """How long it may take over one file."""
    scratch: Path | None = None
    """Folder for files in the making; None: the system's own for temporary files."""
    profile: Profile = Profile.FAITHFUL
    """What becomes of the pictures of scanned pages: `faithful`, `balanced` or `compact`."""
    mark: MarkPlace = MarkPlace.AUTO
    """Where the mark of conversion from paper stands: `auto`, `margin`, `band` or `none` (`docs/reference/bound.md`)."""
    mark_pages: MarkPages = MarkPages.FIRST
    """Which pages carry it: `first` or `all`."""
    converter: str = ""
    """Full name of the person or organisation that converts paper; empty: who scanned, where known, else the organisation."""
    organisation: str = ""
    """Full name of the hospital, as bound files state it; empty: `LUUKY_HOSPITAL`."""
    verify_url: str = ""
    """Address of these web pages as people outside reach it (`https://…`), where the mark's QR code leads; empty: no QR code."""
    organ_id: str = ""
    """The organisation's code in archives (mã cơ quan)."""
    fonds_code: str = ""
    """Code of the fonds (mã phông)."""
    file_catalog: str = ""
    """Number of the series or list in which the files stand (mục lục)."""
    file_code: FileCode = FILE_CODE
    """How a file's code (mã hồ sơ) is made of `{organ}`, `{fonds}`, `{catalog}`, `{year}`, `{archive}`; one unknown: no code."""
    access_mode: str = ""
    """How far files may be seen (mức độ tiếp cận), as the house words it."""
    patient_in_metadata: bool = False
    """Whether name, birth and codes of the patient stand in a bound file's metadata: files travel."""
    embed_original: bool = False
    """Whether the scanned file travels inside the bound one, which is then PDF/A-3u and as large as both."""
