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
    tsa_policy: str = ""
    """The policy that time stamps must be given under, an OID such as `1.3.6.1.4.1.13762.3`; empty: any."""
    tsa_clock_seconds: float = 300.0
    """How far the time in a time stamp may be from this machine's."""
    renew_months: int = 12
    """How long before anything about a document's last time stamp ends it gets another."""
    renew_per_minute: int = 60
    """How many documents at most are renewed in a minute."""
    sunsets: tuple[str, ...] = ()
    """Ends of algorithms that this house knows better than the table (`signing/sunsets.py`): `sha256=2035-01-01,…`."""
