"""`./dev bench [NAME [ARGUMENTS…]]`: all benchmarks, or one of them with its own arguments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ALL = ("belt", "read", "orientation", "search", "sign", "desk", "queue", "bind", "open")
"""What runs without a name; `faults` repeats the random run 1,000 times and takes hours, `fuzz` takes as long as it is told."""
NAMES = (*ALL, "born", "faults", "fuzz", "limits", "lines", "memory", "verdicts")


def main(arguments: list[str]) -> int:
    """Run one benchmark, or all; each in a process of its own."""
    if arguments and arguments[0] not in NAMES:
        print(f"no benchmark {arguments[0]}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    commands = [[arguments[0], *arguments[1:]]] if arguments else [[name] for name in ALL]
    root = Path(__file__).parents[1]
    statuses = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *rest], cwd=root, check=False).returncode
        for name, *rest in commands
    ]
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
