"""A worker that prepares jobs, and kills itself: `python -m tests.faults.preparing DATA POINT COUNTDOWN` with the authority in
the environment. Dies by SIGKILL when it reaches POINT for the COUNTDOWN-th time; `never` ends when nothing is due.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.points import arm
from pipeline.relay import sweep
from pipeline.worker_name import owner
from signing.settings import SigningSettings
from storage.preparing import TOPIC
from storage.settings import StorageSettings
from storage.store import open_store
from tests.agent.desk import preparer
from tests.faults.process import killer_at


def main(data: Path, point: str, countdown: int) -> None:
    arm(killer_at(point, countdown))
    store = open_store(StorageSettings(data))
    settings = SigningSettings(os.environ["TSA"], Path(os.environ["ROOTS"]), network_seconds=10)
    worker = preparer(store, settings, owner())
    sweep(store)
    with store.read() as tx:
        errands = tx.outbox.next((TOPIC,), 10)
    for errand in errands:
        worker.run(errand.document_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
