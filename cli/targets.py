"""Files that a command makes: none is replaced unasked, each is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import typer


def check_free(targets: Iterable[Path], *, overwrite: bool) -> None:
    """Raises BadParameter for the first that is there already."""
    for target in targets:
        if target.exists() and not overwrite:
            raise typer.BadParameter(f"{target} is there already; use --overwrite to replace it")


def write(path: Path, text: str) -> None:
    """Write a text as UTF-8, its folder too where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
