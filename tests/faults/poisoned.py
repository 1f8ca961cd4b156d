"""Like `tests.faults.process`, but reading page 2 of the document that the store remembers as `poisoned` kills the process."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from domain.pages import PageReading
from storage.pages import Page
from storage.settings import StorageSettings
from storage.store import open_store
from tests.fakes import steps
from tests.faults import process


@dataclass
class Deadly(steps.ReadNothing):
    """Dies on one page."""

    poisoned: str = ""

    def work(self, job: Page) -> PageReading:
        if job.document_id == self.poisoned and job.number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().work(job)


if __name__ == "__main__":
    data = Path(sys.argv[1])
    with open_store(StorageSettings(data)).read() as tx:
        deadly = Deadly(poisoned=tx.remembered("poisoned") or "")
    process.main(data, sys.argv[2], int(sys.argv[3]), steps.passing_flow(page_step=deadly))
