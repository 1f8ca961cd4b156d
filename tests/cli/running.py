"""Running `luuky` as a person does: a fresh process, its exit status, what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Ran:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def luuky(*arguments: str | Path, data: Path | None = None, stdin: str = "", cwd: Path = ROOT, **variables: str) -> Ran:
    """Run a command line; `data` is the data folder. A judge's slow start is paid only where a test names it."""
    given = {key: value for key, value in os.environ.items() if not key.startswith("LUUKY_")}
    environment = {
        **given,
        "PYTHONPATH": str(ROOT),
        "LUUKY_PDFA_VERAPDF": "",
        **variables,
        **({"LUUKY_DATA": str(data)} if data else {}),
    }
    command = [sys.executable, "-m", "cli", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env=environment, input=stdin, capture_output=True, text=True, timeout=280, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)
