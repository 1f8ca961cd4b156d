"""Running the programs that make files."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

_SECONDS = 180


def there(program: str) -> bool:
    """Whether a program is installed."""
    return shutil.which(program) is not None


def run(command: Sequence[str | Path], folder: Path, data: bytes | None = None) -> bool:
    """Runs a program in a folder; whether it ended well. What it says is not of interest."""
    surroundings = {**os.environ, "HOME": str(folder), "SOURCE_DATE_EPOCH": "1577836800", "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run(
            list(command), cwd=folder, input=data, capture_output=True, env=surroundings, timeout=_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    return done.returncode == 0
