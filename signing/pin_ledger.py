"""Which PIN of the seal was refused: known to every process of this machine, so that no two of them try the same wrong one.

A file that only the account of Lưu Ký may read, locked while a PIN is tried. It holds no PIN: only what scrypt makes of it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_LENGTH = 4096


class PinLedger:
    """At `path`, which is made when the first PIN is tried."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def trying(self) -> Iterator[Trial]:
        """One process at a time tries a PIN."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield Trial(file)


class Trial:
    """What is known while the ledger is locked."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def refused(self, token: str, pin: str) -> bool:
        """Whether the newest PIN that this token refused is this one."""
        try:
            kept = json.loads(self._file.read(_LENGTH))
            return bool(kept["mark"] == _mark(token, pin, bytes.fromhex(kept["salt"])))
        except (ValueError, KeyError, TypeError):
            return False

    def note(self, token: str, pin: str) -> None:
        """The token refused it."""
        salt = secrets.token_bytes(16)
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"salt": salt.hex(), "mark": _mark(token, pin, salt)}).encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def _mark(token: str, pin: str, salt: bytes) -> str:
    return hashlib.scrypt(f"{token}\0{pin}".encode(), salt=salt, n=2**14, r=8, p=1).hex()
