"""Where the memory lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """`data`: the folder that holds everything. `database_url`: an SQLAlchemy URL; empty means SQLite inside `data`."""

    data: Path
    database_url: str = ""

    @property
    def url(self) -> str:
        """The database address to open."""
        return self.database_url or f"sqlite:///{self.data / 'luuky.db'}"

    @property
    def objects(self) -> Path:
        """The folder of the object store."""
        return self.data / "objects"
