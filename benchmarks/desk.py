"""One PIN for many documents: python -m benchmarks.desk [--documents N] [--token MILLISECONDS]

A hospital of real processes (web, dispatcher, workers) on SQLite, the demo authority with its OCSP and time stamps, and the desk
agent in a process of its own with a token that takes so long for each signature (SoftHSM behind a driver that sleeps). First the
documents are sent, and a worker prepares them; then the agent fetches and checks them; then the PIN is given. `token` is the part
of the time from the PIN to the server's last answer that was spent in the token (in C_Sign, as the driver measures it).
The agent's and the server's processor time stand beside it: as long as their sum stays below the token's, it is the token that
one waits for.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from domain.documents import State
from pipeline.server_key import server_key
from signing.demo_authority import start
from signing.desk import SigningDesk
from signing.settings import SigningSettings
from storage.signing import WAITING
from tests.agent.drivers import driver
from tests.fakes.ward import BOTH, DOCTOR, Ward

TICKS = os.sysconf("SC_CLK_TCK")
PARTS = ("dispatch", "worker", "serve")


def processor(ids: set[int]) -> float:
    """Seconds of processor time that processes have taken, with their children."""
    total = 0.0
    for place in Path("/proc").iterdir():
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(fields[2]) in ids:  # the process group: each part is a session of its own
            total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def measure(ward: Ward, folder: Path, milliseconds: int) -> dict[str, float]:
    """Seconds of everything."""
    store = ward.store
    module = driver(folder / "driver.so", ward.authority.softhsm_conf, f"C_Sign:*:sleep{milliseconds}")
    desk = SigningDesk(store, SigningSettings(ward.authority.tsa_url, ward.authority.trust), server_key(ward.data).private)
    with store.read() as tx:
        doctor = tx.people.by_login("bacsi")
        assert doctor is not None
        asked = [one.id for document in tx.documents.listed() for one in tx.signing.of(document.id) if one.state == WAITING]
    begun = time.perf_counter()
    job = desk.send(doctor, asked)
    sent = time.perf_counter() - begun
    ward.wait(lambda: _state(ward, job.id) == "pending")
    prepared = time.perf_counter() - begun - sent
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "desk"), "SOFTHSM2_CONF": str(ward.authority.softhsm_conf)}
    command = [sys.executable, "-m", "benchmarks.desk_agent", ward.address, desk.offer_code(doctor), str(module.path)]
    before = processor(ward.groups)
    pin = ward.authority.token(DOCTOR.label).pin
    done = subprocess.run([*command, DOCTOR.label, pin], env=environment, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    server = processor(ward.groups) - before
    return {"send": sent, "prepare": prepared, "server": server, "token": module.signed_for, **told}


def _state(ward: Ward, job_id: str) -> str:
    with ward.store.read() as tx:
        found = tx.signing.job(job_id)
        return found.state if found else ""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--token", type=int, default=200, metavar="MILLISECONDS")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luuky-bench-") as name:
        folder = Path(name)
        ward = Ward(folder, PARTS)
        services = start(ward.authority)
        try:
            ward.papers(chosen.documents, BOTH)
            with ward:
                ward.wait(lambda: all(one.state is State.AWAITING_SIGNATURE for one in ward.documents()), 300)
                found = measure(ward, folder, chosen.token)
        finally:
            services.terminate()
            services.wait()
    table = Table(title=f"{chosen.documents} documents, a token of {chosen.token} ms; seconds; load {os.getloadavg()[0]:.1f}")
    for heading in ("send", "prepare", "fetch", "PIN to last value", "to last answer", "token", "agent CPU", "server CPU"):
        table.add_column(heading, justify="right")
    cells = [f"{found[one]:.2f}" for one in ("send", "prepare", "fetch", "last", "sign")]
    table.add_row(*cells, f"{found['token'] / found['sign']:.1%}", f"{found['agent']:.2f}", f"{found['server']:.2f}")
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
