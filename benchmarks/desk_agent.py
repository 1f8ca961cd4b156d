"""The desk agent of `benchmarks.desk`, a process of its own: python -m benchmarks.desk_agent SERVER CODE MODULE TOKEN PIN

Prints as JSON the seconds from asking for the job to its last document, those from the PIN to the token's last value, and to the
server's last answer, and the processor time since the PIN, with that of the process which holds the driver.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from luuky_agent import settings
from luuky_agent.batch import DONE, Batch, Outcome
from luuky_agent.drawer import Drawer
from luuky_agent.outbox import Outbox
from luuky_agent.pairing import pair
from luuky_agent.server import Server
from luuky_agent.settings import Desk


def processor() -> float:
    """Seconds of processor time, with those of children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(address: str, code: str, module: str, token: str, pin: str) -> None:
    place = settings.folder()
    desk = pair(place, code, Desk(address, "", "", "", module), token)
    with Server(desk, settings.device_key(place)) as server, tempfile.TemporaryDirectory() as papers:
        begun = time.perf_counter()
        job = server.job()
        assert job is not None
        batch = Batch(server, job, Outbox(place), Path(papers))
        items = batch.fetch(lambda *_: None)
        fetched = time.perf_counter() - begun
        with Drawer(desk.module, desk.helper) as drawer:
            keys, certificate = drawer.holding(batch.certificate)
            items = batch.able(items, certificate)
            outcomes: list[Outcome] = []
            used, begun, since = processor(), time.perf_counter(), time.time()
            keys.login(certificate, pin)
            batch.sign(keys, items, outcomes.append)
            took = time.perf_counter() - begun
            last = Path(f"{module}.times").stat().st_mtime - since
        assert [one.state for one in outcomes if one.state not in DONE] == [], outcomes
        assert len(outcomes) == len(job.items)
    print(json.dumps({"fetch": fetched, "sign": took, "last": last, "agent": processor() - used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
