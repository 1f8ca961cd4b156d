"""Starts watchers of FOLDER/watch as processes, and stops them when nothing lies there any longer."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.faults.process import ROOT

_LONGEST = 90


def watching(folder: Path, point: str = "never") -> subprocess.Popen[bytes]:
    """A watcher that dies at `point`."""
    return subprocess.Popen([sys.executable, "-m", "tests.faults.watching", str(folder), point, str(_LONGEST)], cwd=ROOT)


def lying(folder: Path) -> list[Path]:
    """The files in FOLDER/watch."""
    return [path for path in (folder / "watch").rglob("*") if path.is_file()]


def stopped_when_done(folder: Path, *watchers: subprocess.Popen[bytes]) -> list[int]:
    """How the watchers ended, once all was taken, or too long had passed."""
    deadline = time.monotonic() + _LONGEST
    while lying(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    (folder / "stop").touch()
    return [watcher.wait() for watcher in watchers]
