"""A belt process that kills itself: `python -m tests.faults.process DATA POINT COUNTDOWN` carries documents over a belt of steps
that only move on, and dies by SIGKILL when it reaches POINT for the COUNTDOWN-th time; `never` ends when nothing is due.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from pipeline.flow import Flow
from pipeline.points import arm
from pipeline.relay import sweep
from pipeline.steps import Runner
from pipeline.worker_name import owner
from storage.settings import StorageSettings
from storage.store import open_store
from tests.fakes.steps import passing_flow

ROOT = Path(__file__).parents[2]


def killer_at(point: str, countdown: int):
    """Dies at the `countdown`-th time that `point` is reached."""
    left = [countdown]

    def kill(reached: str) -> None:
        left[0] -= reached == point
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


def run(data: Path, point: str, countdown: int, module: str = "tests.faults.process") -> int:
    """Run a belt process to its end; returns its exit status (negative: the signal that killed it)."""
    command = [sys.executable, "-m", module, str(data), point, str(countdown)]
    return subprocess.run(command, cwd=ROOT, timeout=120, check=False).returncode


def main(data: Path, point: str, countdown: int, flow: Flow) -> None:
    arm(killer_at(point, countdown))
    store = open_store(StorageSettings(data))
    runner = Runner(store, flow, owner())
    sweep(store)
    while True:
        with store.read() as tx:
            errands = tx.outbox.next(("step", "page"), 10)
        if not errands:
            return
        for errand in errands:
            if errand.page is None:
                runner.run_step(errand.document_id)
            else:
                runner.run_page(errand.document_id, errand.page)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), passing_flow())
