"""Signature values on their way to the server: one file each, so that neither a dead line nor a power cut loses or doubles one.

1. A value is on the disk before it is sent.
2. It counts as handed in once the server has answered; then its file moves from `unsent` to `sent`, and is remembered for a day.
3. What the server can no longer use (its job is over) is thrown away; the document waits for a signature as before.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from luuky_agent.settings import patiently, write

KEPT = 24 * 3600.0
"""Seconds; a job lives for 15 minutes."""


class Outbox:
    """The two folders below the settings folder `place`."""

    def __init__(self, place: Path) -> None:
        self._unsent, self._sent = place / "unsent", place / "sent"
        for folder in (self._unsent, self._sent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in folder.iterdir():
                if time.time() - path.stat().st_mtime > KEPT:
                    path.unlink(missing_ok=True)

    def keep(self, job: str, item: str, value: bytes) -> None:
        """Rule 1."""
        write(self._unsent / f"{job}~{item}", value)

    def handed_in(self, job: str, item: str) -> None:
        """Rule 2."""
        patiently(partial((self._unsent / f"{job}~{item}").replace, self._sent / f"{job}~{item}"))

    def useless(self, job: str, item: str) -> None:
        """Rule 3."""
        patiently(partial((self._unsent / f"{job}~{item}").unlink, missing_ok=True))

    def waiting(self) -> list[tuple[str, str, bytes]]:
        """Job, item and value of what was not handed in yet."""
        found = sorted(path for path in self._unsent.iterdir() if path.suffix != ".part")
        return [(*_names(path), path.read_bytes()) for path in found]

    def state(self, job: str, item: str) -> str | None:
        """`sent`, `unsent`, or None for an item of which there is no value."""
        folders = {"sent": self._sent, "unsent": self._unsent}
        return next((name for name, folder in folders.items() if (folder / f"{job}~{item}").exists()), None)


def _names(path: Path) -> tuple[str, str]:
    job, _, item = path.name.partition("~")
    return job, item
