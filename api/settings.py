"""How the web presents itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`hospital`: the name on every screen. `demo`: shows the red banner. `secure_cookies`: on whenever TLS is.

    `max_upload`: bytes of one uploaded file. `help_line`: whom to call when a password is forgotten.
    """

    hospital: str = "Bệnh viện"
    demo: bool = False
    secure_cookies: bool = False
    max_upload: int = 2_000_000_000
    help_line: str = ""
