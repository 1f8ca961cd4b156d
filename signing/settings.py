"""What this room can be told from outside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Settings of the room that signs."""

    tsa_url: str = ""
    """The RFC 3161 time-stamp service of the certification authority (`http://…` or `https://…`)."""
    trust: Path | None = None
    """Folder with the roots that are trusted, PEM or DER; None: none is."""
    network_seconds: float = 15.0
    """How long a time-stamp service, an OCSP responder or a CRL server may take to answer."""
