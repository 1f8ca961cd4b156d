"""Taking a file exactly once, and laying it where people see what became of it.

A file is locked, then moved into `.nhan/` of its folder under a fresh token. The lock dies with its process, so a file that
lies there unlocked belongs to a dead watcher and is taken over under the same token: its document, if it was committed, is
found again by that token and not made twice.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from domain.errors import Message

CLAIMED = ".nhan"
RECEIVED = "_da-nhan"
REFUSED = "_khong-nhan"
DUPLICATE = "_trung"
OURS = frozenset({CLAIMED, RECEIVED, REFUSED, DUPLICATE})
_SEPARATOR = "__"


@dataclass(slots=True)
class Claim:
    """A file that is ours: where it lies, the name it came with, and its token. `let_go` unlocks it."""

    path: Path
    name: str
    token: str
    root: Path
    file: IO[bytes]

    def clear(self) -> None:
        """The document is committed: take the file away."""
        self.path.unlink(missing_ok=True)

    def lay(self, place: str, reason: Message | None = None) -> Path:
        """Move it to a visible folder beside the others, with the reason in a text file; never overwrites."""
        folder = self.root / place
        folder.mkdir(exist_ok=True)
        target = _free(folder / self.name)
        self.path.rename(target)
        if reason:
            note = target.with_name(target.name + ".ly-do.txt")
            note.write_text(f"{reason.vi}\n{reason.en}\n[{reason.code}]\n", encoding="utf-8")
        return target

    def let_go(self) -> None:
        """Unlock."""
        self.file.close()


def claim(path: Path, root: Path) -> Claim | None:
    """Take the file at `path` below the watched folder `root`; None if another process has it."""
    file = _locked(path)
    if file is None:
        return None
    token = secrets.token_hex(12)
    place = root / CLAIMED
    place.mkdir(exist_ok=True)
    target = place / f"{token}{_SEPARATOR}{path.name}"
    try:
        path.rename(target)
    except FileNotFoundError:  # taken between our opening and our lock
        file.close()
        return None
    return Claim(target, path.name, token, root, file)


def orphans(root: Path) -> Iterator[Claim]:
    """Files that a dead watcher had claimed."""
    for path in sorted((root / CLAIMED).glob(f"*{_SEPARATOR}*")):
        file = _locked(path)
        if file is not None:
            token, name = path.name.split(_SEPARATOR, 1)
            yield Claim(path, name, token, root, file)


def _locked(path: Path) -> IO[bytes] | None:
    try:
        file = path.open("rb")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
            return file
    except OSError:
        pass
    file.close()
    return None


def _free(path: Path) -> Path:
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return candidate
