"""What a command says: its document to stdout, everything else to stderr. With `--json`, stdout holds JSON and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.errors import LuukyError, Message, Refused

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """The command's document as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def tell(message: Message, about: str = "") -> None:
    """A sentence in both languages on stderr."""
    prefix = f"{about}: " if about else ""
    err.print(f"{prefix}{message.vi}\n{' ' * len(prefix)}{message.en} [{message.code}]", markup=False)


def fail(error: LuukyError, about: str = "") -> None:
    """Tell of an error."""
    tell(error.message, about)


@contextmanager
def usage() -> Iterator[None]:
    """What is refused inside was written wrongly on the command line: BadParameter instead of Refused."""
    try:
        yield
    except Refused as error:
        raise typer.BadParameter(error.message.en) from error


def progress() -> Progress:
    """A progress bar on a terminal's stderr, gone when done; drawn when told (`refresh`): a thread of its own forbids to fork."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, auto_refresh=False, disable=not err.is_terminal)
