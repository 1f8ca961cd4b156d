"""The random run of the fault tests again and again, seed after seed: python -m benchmarks.faults [--runs N] [--seed N]

Each run sends documents through a whole hospital's processes while they are killed at random, and checks that none was lost or
doubled, that all are findable and that the audit log is whole. It stops at the first failure and says which seed it was.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.random_run import main as run_once


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=60)
    chosen = parser.parse_args()
    for number in range(chosen.runs):
        seed, start = chosen.seed + number, time.perf_counter()
        try:
            run_once(seed, chosen.documents)
        except AssertionError as error:
            print(f"seed {seed}: {error}", file=sys.stderr)
            return 1
        print(f"{number + 1}/{chosen.runs}  seed {seed}  {time.perf_counter() - start:.0f} s  0 lost, 0 doubled", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
