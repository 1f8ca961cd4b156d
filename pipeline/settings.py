"""All settings of a process, room by room. `cli/environment.py` fills them; nobody else reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.settings import IngestSettings
from ocr.settings import OcrSettings
from pdfa.settings import PdfaSettings
from search.settings import SearchSettings
from signing.settings import SigningSettings
from storage.settings import StorageSettings

UNNAMED = "Bệnh viện"


@dataclass(frozen=True, slots=True)
class Settings:
    """The rooms' settings, and what belongs to no room."""

    storage: StorageSettings
    ingest: IngestSettings = field(default_factory=IngestSettings)
    ocr: OcrSettings = field(default_factory=OcrSettings)
    pdfa: PdfaSettings = field(default_factory=PdfaSettings)
    signing: SigningSettings = field(default_factory=SigningSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    broker_url: str = ""
    """The message broker (`amqp://…`); empty: the folder queue below the data folder."""
    workers: int = 0
    """Worker processes; 0: one a core."""
    hospital: str = UNNAMED
    """The name shown on every screen."""
    host: str = "127.0.0.1"
    """Where the web pages listen."""
    port: int = 8080
    """The port of the web pages."""
    tls: bool = False
    """Serve over TLS; `luuky up --lan` sets it."""
    tls_certificate: Path | None = None
    """The server's certificate chain (PEM); None: one from the hospital's own authority, made below the data folder."""
    tls_key: Path | None = None
    """The key of that certificate (PEM)."""

    @property
    def binding(self) -> PdfaSettings:
        """How to bind: files name this hospital where no other name is given for them."""
        return replace(self.pdfa, organisation=self.pdfa.organisation or self.hospital)

    @property
    def processes(self) -> int:
        """Worker processes to run."""
        return self.workers or len(os.sched_getaffinity(0))
