"""What this room can be told from outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pdfa.profile import Profile


@dataclass(frozen=True, slots=True)
class PdfaSettings:
    """Settings of the room that binds."""

    verapdf: Path | None = None
    """Folder with the jars of the veraPDF judge; None: not installed, files are then marked as not judged."""
    java: str = "java"
    """The Java program (17 or newer) that runs it."""
    verapdf_seconds: float = 120.0
    """How long one file may be judged."""
    scratch: Path | None = None
    """Folder for files in the making; None: the system's own for temporary files."""
    profile: Profile = Profile.FAITHFUL
    """What becomes of the pictures of scanned pages: `faithful`, `balanced` or `compact`."""
