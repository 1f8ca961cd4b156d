"""`luuky digitise IN… -o DIR/ --sidecar DIR/` in which page 2 of the file `b.pdf` is deadly: FAULT says to what.

`first`, `both`, `all`: the ways in which a page is read; `binding`: a process that binds it; `endless`: that binding never ends.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from cli import environment, exits
from cli.digitise import _all, _tasks
from domain.pages import PageReading
from ocr.settings import Level
from pipeline.digitise import Digitiser, Input, Leaf

FAULT = sys.argv[1]
WAYS = {"first": 1, "both": 2, "all": 3, "binding": 0, "endless": 0}


def deadly(way: Callable[[Leaf], PageReading], leaf: Leaf) -> PageReading:
    if (leaf.path.name, leaf.page) == ("b.pdf", 2):
        os.kill(os.getpid(), signal.SIGKILL)
    return way(leaf)


def binding(inputs: Sequence[Input], *more: Any) -> tuple[str, ...]:
    if inputs[0].path.name == "b.pdf" and not WAYS[FAULT]:
        more[-1].with_name("half.pdf").write_text("half")
        if FAULT == "binding":
            os.kill(os.getpid(), signal.SIGSEGV)
        Path(os.environ["TMPDIR"], "binding").touch()
        time.sleep(600)
    return Digitiser.binding(inputs, *more)


class Deadly(Digitiser):
    """Dies on one page."""

    ways = tuple(partial(deadly, way) if n < WAYS[FAULT] else way for n, way in enumerate(Digitiser.ways))
    binding: Any = staticmethod(binding)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # where the tests run in the background it would be ignored
    settings = environment.settings()
    settings = replace(settings, ocr=replace(settings.ocr, level=Level.FAST))
    out, *inputs = map(Path, sys.argv[2:])
    with Deadly(settings, 2) as digitiser:
        sys.exit(exits.of_several(_all(digitiser, _tasks(inputs, f"{out}/", f"{out}/"))))
