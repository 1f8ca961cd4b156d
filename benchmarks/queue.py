"""What the page “Ký” costs, however much waits: python -m benchmarks.queue [--waiting N…] [--times N]

CPU time and database queries of the whole page, of the part that is asked for again whenever something happened, of the rail, of
choosing a group and of Hôm nay, for a doctor of one department, over the web application on SQLite. The page shows 50 documents.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

from fastapi.testclient import TestClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import event, insert, select, update

from domain.documents import State
from domain.people import Role
from domain.signatures import SigningRule
from storage.clock import new_id, now
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import Store, open_store
from storage.tables import departments, documents, pages, signatures
from tests.api.hospital import Hospital

WARD = "Khoa Nội tổng hợp"
KINDS = ("01/BV1", "39/BV-01", "33/BV-01", "01/BV-01", "12/BV-01")
PATIENTS, SEEN = 400, 3
"""Patients; every third document was seen."""
PATHS = {
    "page": "/sign", "by patient": "/sign?by=patient", "one kind": "/sign?kind=01/BV1", "last page": "/sign?start={last}",
    "refresh": "/sign/queue", "rail": "/rail", "choose": "/sign/ready", "today": "/today",
}  # fmt: skip
DEPTH = 50


def fill(hospital: Hospital, waiting: int) -> None:
    """`waiting` documents of a page each that wait for the doctors of one department."""
    patients = [hospital.patient(f"BN{n}", f"Người bệnh {n}", [WARD]) for n in range(PATIENTS)]
    first = hospital.paper("giấy", patients[0], State.AWAITING_SIGNATURE)
    with hospital.store.write() as tx:
        tx.signing.forget(first.id)
        tx.signing.ask(first.id, [SigningRule("", "TacGia", "author", WARD, days=3)])
        rows = {table: tx.connection.execute(select(table)).mappings().first() for table in (documents, pages, signatures)}
        names = [new_id() for _ in range(waiting - 1)]
        whose = [{"id": name, "patient_id": f"BN{n % PATIENTS}", "kind_code": KINDS[n % 5]} for n, name in enumerate(names)]
        tx.connection.execute(insert(documents), [{**(rows[documents] or {}), **one, "arrival": None} for one in whose])
        tx.connection.execute(insert(pages), [{**(rows[pages] or {}), "document_id": name} for name in names])
        asked = {**(rows[signatures] or {}), "asked_at": now()}
        seen = [
            {**asked, "id": new_id(), "document_id": name, "seen": [1] if n % SEEN == 0 else []} for n, name in enumerate(names)
        ]
        tx.connection.execute(insert(signatures), seen)
        tx.connection.execute(insert(departments), [{"document_id": name, "department": WARD} for name in names])
        tx.connection.execute(update(documents).values(state=State.AWAITING_SIGNATURE))


def measure(store: Store, ask: Callable[[], object], times: int) -> tuple[float, int]:
    """CPU milliseconds (median) and queries of one request."""
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    ask()
    queries, spent = len(asked), []
    for _ in range(times):
        begun = time.process_time()
        ask()
        spent.append(1000 * (time.process_time() - begun))
    return median(spent), queries


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, nargs="+", default=[100, 10_000])
    parser.add_argument("--times", type=int, default=7)
    chosen = parser.parse_args()
    table = Table(title="CPU milliseconds a request (queries)")
    table.add_column("waiting", justify="right")
    for name in PATHS:
        table.add_column(name, justify="right")
    for waiting in chosen.waiting:
        with tempfile.TemporaryDirectory(prefix="luuky-bench-") as folder:
            settings = StorageSettings(Path(folder, "data"))
            migrate(settings)
            store = open_store(settings)
            hospital = Hospital(store, Path(folder))
            fill(hospital, waiting)
            client = _logged_in(hospital)
            addresses = [path.format(last=max(0, waiting - DEPTH)) for path in PATHS.values()]
            found = [measure(store, partial(_good, client, one), chosen.times) for one in addresses]
            table.add_row(f"{waiting:,}", *(f"{milliseconds:.0f} ({queries})" for milliseconds, queries in found))
            hospital.close()
            store.close()
    Console(width=160).print(table)


def _logged_in(hospital: Hospital) -> TestClient:
    person = hospital.person("bs", Role.DOCTOR, (WARD,))
    client = TestClient(hospital.app)
    with hospital.store.write() as tx:
        token, _ = tx.people.open_session(person)
    client.cookies.set("luuky_session", token)
    return client


def _good(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[-500:]


if __name__ == "__main__":
    main()
