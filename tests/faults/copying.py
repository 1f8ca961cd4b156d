"""A worker that makes certified copies, and kills itself: `python -m tests.faults.copying DATA POINT COUNTDOWN`.

`ORDERED` in the environment holds the settings as JSON. Dies by SIGKILL when it reaches POINT for the COUNTDOWN-th time: one of
the belt's own, or `sealed` (the token has signed, and nothing is written down); `never` ends when nothing is due.
"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from pdfa.inked import page_ink
from pipeline import wiring_copies
from pipeline.copying import CopyRunner
from pipeline.points import arm
from pipeline.relay import sweep
from pipeline.worker_name import owner
from signing.certified import CopyMaker
from signing.providers import Providers
from signing.renew import Renewer
from signing.seal import Seal
from signing.settings import SigningSettings
from signing.trusted import TrustDesk
from storage.clock import now
from storage.copies import TOPIC
from storage.settings import StorageSettings
from storage.store import open_store
from tests.faults.ordering import PATHS, then
from tests.faults.process import killer_at


def main(data: Path, point: str, countdown: int) -> None:
    kill = killer_at(point, countdown)
    arm(kill)
    Seal.begin = then(Seal.begin, kill, "sealed")  # type: ignore[method-assign]
    told = json.loads(os.environ["ORDERED"])
    values: dict[str, Any] = {name: Path(value) if name in PATHS else value for name, value in told.items()}
    settings = SigningSettings(**values)
    store = open_store(StorageSettings(data))
    make = partial(wiring_copies.derived, "Bệnh viện Đa khoa Sông Mây")
    maker = CopyMaker(settings, Providers(settings, data), make, page_ink, partial(wiring_copies.judged, ()))
    runner = CopyRunner(store, maker, Renewer(settings, now, TrustDesk(store, settings).trust), owner())
    sweep(store)
    with store.read() as tx:
        errands = tx.outbox.next((TOPIC,), 10)
    for errand in errands:
        runner.run(errand.document_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
