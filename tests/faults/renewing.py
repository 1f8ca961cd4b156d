"""A worker that renews, and kills itself: `python -m tests.faults.renewing DATA POINT COUNTDOWN` with the authority in the
environment. Dies by SIGKILL when it reaches POINT for the COUNTDOWN-th time; `never` ends when nothing is due.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

from pipeline.points import arm
from pipeline.relay import sweep
from pipeline.renewals import RenewalRunner, Renewals
from pipeline.worker_name import owner
from signing.renew import Renewer
from signing.settings import SigningSettings
from signing.trusted import TrustDesk
from storage.settings import StorageSettings
from storage.store import open_store
from tests.faults.process import killer_at
from tests.pipeline.decade import VALID


def main(data: Path, point: str, countdown: int) -> None:
    arm(killer_at(point, countdown))
    store = open_store(StorageSettings(data))
    settings = SigningSettings(os.environ["TSA"], Path(os.environ["ROOTS"]), 5)
    trusted = TrustDesk(store, settings)
    renewer = Renewer(settings, lambda: datetime.fromisoformat(os.environ["CLOCK"]), trusted.trust)
    runner = RenewalRunner(store, renewer, lambda *_: VALID, owner())
    sweep(store)
    Renewals(store, renewer, 10, trusted.look).ask()
    with store.read() as tx:
        errands = tx.outbox.next(("renew",), 10)
    for errand in errands:
        runner.run(errand.document_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
