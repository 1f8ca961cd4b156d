"""Bytes kept under their SHA-256, never changed: the idea. `files.py` keeps them in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Objects(Protocol):
    """A store of immutable byte strings. A name is the SHA-256 in lower-case hex of the bytes it names."""

    def put(self, data: bytes) -> str:
        """Keep `data` durably (it survives a power cut once this returns) and return its name; twice does no harm."""
        ...

    def put_file(self, path: Path) -> str:
        """Keep the bytes of the file at `path` without holding them in memory; the file itself stays untouched."""
        ...

    def get(self, name: str) -> bytes:
        """The bytes, checked against their name. Raises `domain.errors.Broken` if they are missing or altered."""
        ...

    def path(self, name: str) -> Path:
        """A local file that holds the bytes, for tools that read files. Raises `domain.errors.Broken` if missing."""
        ...

    def names(self) -> Iterator[str]:
        """All names held."""
        ...

    def intact(self, name: str) -> bool:
        """Whether the bytes are there and still have the SHA-256 they are named by (fixity)."""
        ...
