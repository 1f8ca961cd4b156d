"""Generations of an embedded index on disk: `current` names the folder in use, a new one takes its place in one instant."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path


class Generations:
    """The generations below `folder`. `form` names the form of the entries: a generation of another form counts as none."""

    def __init__(self, folder: Path, form: str) -> None:
        self._folder = folder
        self._form = form
        self._pointer = folder / "current"

    def current(self) -> Path | None:
        """The generation in use, None when there is none (yet, or any more)."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        path = self._folder / name
        return path if name.startswith(f"{self._form}-") and path.is_dir() else None

    def new(self) -> Path:
        """An empty folder for the next generation, not in use yet."""
        path = self._folder / f"{self._form}-{time.time_ns()}"
        path.mkdir(parents=True)
        return path

    def use(self, path: Path) -> None:
        """Make a generation the current one and delete all others; processes that still read those keep their open files."""
        draft = self._pointer.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)
        for other in self._folder.iterdir():
            if other.is_dir() and other != path:
                shutil.rmtree(other, ignore_errors=True)
