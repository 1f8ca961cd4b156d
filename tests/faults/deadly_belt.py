"""A belt on which page 2 of every document is deadly: `python -m tests.faults.deadly_belt FAULT ingest PATH…` or `FAULT worker`.

`first`, `both`, `picture`: the ways in which a page is read or left unread that kill their process; `endless`: the first never
ends; `cut`: cutting a document into pages kills.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

from cli import environment
from cli.ingest import ingest
from pipeline import heavy, worker
from pipeline.settings import Settings

FAULT = sys.argv[1]
WAYS = {"first": 1, "both": 2, "picture": 3, "endless": 1}
NAMES = ("read", "read_otherwise", "leave")
HONEST = {name: getattr(heavy, name) for name in (*NAMES, "cut")}
make_ready = worker.prepare


def die_or(name: str, job: Any) -> Any:
    if FAULT == "cut" or job.page.number == 2:
        while FAULT == "endless":
            pass
        os.kill(os.getpid(), signal.SIGKILL)
    return HONEST[name](job)


def prepare(settings: Settings) -> None:
    """As the worker's own, with the fault."""
    for name in ["cut"] if FAULT == "cut" else NAMES[: WAYS[FAULT]]:
        setattr(heavy, name, partial(die_or, name))
    make_ready(settings)


if __name__ == "__main__":
    worker.prepare = prepare
    if sys.argv[2] == "ingest":
        sys.exit(ingest([Path(path) for path in sys.argv[3:]], wait=True))
    worker.serve(environment.settings())
