"""Spoilt files without end: python -m benchmarks.fuzz [--cases N] [--seed N] [--read]

Each is inspected, cut, left unread (with `--read`: read) and bound, in processes that may die. Prints how they ended, and each
that ended neither bound with all its pages nor refused with a reason; exit 1 if there is any.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from rich.console import Console
from rich.table import Table

from tests.faults.fuzz.run import cases, run


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--read", action="store_true")
    chosen = parser.parse_args()
    began = time.monotonic()
    ends = run(list(cases(chosen.cases, chosen.seed)), read=chosen.read)
    table = Table(title=f"{len(ends)} spoilt files in {time.monotonic() - began:.0f} s")
    for heading in ("end", "files"):
        table.add_column(heading, justify="left" if heading == "end" else "right")
    for what, count in Counter(end.what for end in ends).most_common():
        table.add_row(what, f"{count:,}")
    Console(width=150).print(table)
    bad = [end for end in ends if not end.is_well]
    for end in bad:
        print(end.case.name, end.what)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
