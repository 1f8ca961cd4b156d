"""Only one dispatcher per store: a lock file, or an advisory lock where PostgreSQL is the memory."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

_KEY = 7_201_002


@contextmanager
def only_one(engine: Engine, data: Path) -> Iterator[bool]:
    """Whether this process is the one; it stays the one until the context ends (or the process dies)."""
    with (data / "dispatcher.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if engine.dialect.name == "sqlite":
            yield True
            return
        with engine.connect() as connection:
            yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}))
