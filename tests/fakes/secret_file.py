"""A PIN or a password in a file, as an administrator leaves it."""

from __future__ import annotations

from pathlib import Path


def secret_file(path: Path, text: str) -> Path:
    """The file, with this one line, which nobody but its owner can read."""
    path.touch(mode=0o600)
    path.write_text(f"{text}\n")
    return path
