"""A clinic whose doctor signs with a provider of the demo, and whose seal lies in a token of the server: everything real, in one
process, step by step.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.documents import Document, State
from domain.people import Person
from domain.signatures import SigningRule
from pipeline.orders import OrderRunner, OrderWatch
from pipeline.preparing import Preparer
from pipeline.wiring_orders import hand_over_to
from signing import sealing
from signing.certificates import Signatory
from signing.demo_authority import module
from signing.demo_keys import CLIENT, SECRET
from signing.demo_services import DemoServices
from signing.ordering import Ordering, signatory_of
from signing.providers import Providers
from signing.settings import SigningSettings
from storage.orders import Orders, SignOrder, Way
from storage.signing import Signature
from storage.store import Store
from tests.agent.desk import KIND, Clinic, clinic
from tests.fakes.secret_file import secret_file
from tests.faults.ordering import as_environment, go_round
from tests.faults.process import ROOT
from tests.signing.fixtures import Hospital

OWNER = "may-khac:1"
"""A process of another machine: nobody takes its leases back."""
PATIENCE = 200.0
"""Seconds after which what must happen has not happened; nothing is measured by it."""
USER = "bs-thao"
SEAL = "con-dau"


@dataclass
class Ordered:
    """The clinic with its orders."""

    clinic: Clinic
    settings: SigningSettings
    folder: Path
    owner: str = OWNER

    def __post_init__(self) -> None:
        self.store: Store = self.clinic.store
        self.providers = Providers(self.settings, self.data)
        self.ordering = Ordering(self.store, self.settings, self.providers, self.owner)
        self.watch = OrderWatch(self.ordering, seals_itself=False)
        self.runner = OrderRunner(self.store, self.settings, self.providers, self.owner)

    @property
    def data(self) -> Path:
        """Where the store lies."""
        return self.folder / "data"

    def with_settings(self, **changes: Any) -> Ordered:
        """The same clinic under other settings, as other processes would see it."""
        return Ordered(self.clinic, replace(self.settings, **changes), self.folder, self.owner)

    # ---- what people do

    def signs_with(self, provider: str, account: str = USER, credential: str = "") -> None:
        with self.store.write() as tx:
            Orders(tx.connection).set_way(Way(self.clinic.doctor.id, provider, account, credential))

    def charts(self, count: int, *, sealed: bool = False) -> list[Document]:
        """Charts that wait for the doctor; with `sealed` for the hospital's seal after."""
        return [self.chart(sealed=sealed) for _ in range(count)]

    def chart(self, *, sealed: bool = False, signed: bool = True) -> Document:
        rules = [SigningRule(KIND, "TacGia", "author")] if signed else []
        rules += [SigningRule(KIND, "ConDau", "seal", step=2)] if sealed else []
        return self.clinic.chart_by(rules)

    def send(self, *charts: Document) -> SignOrder:
        """The doctor presses sign, and a worker prepares."""
        job = self.clinic.desk.send(self.clinic.doctor, [self.of_the_doctor(one).id for one in charts])
        Preparer(self.store, self.settings, self.owner, hand_over_to, self._signatory_of).run(job.id)
        with self.store.read() as tx:
            last = Orders(tx.connection).last(self.clinic.doctor.id)
        assert last is not None, [one.problem for chart in charts for one in self.clinic.signatures(chart.id)]
        return last

    # ---- what the processes do

    def belt(self) -> None:
        """One round of the dispatcher and of a worker."""
        go_round(self.store, self.watch, self.runner)

    def in_a_process(self, point: str = "never", countdown: int = -1, *, automatic: bool = False) -> int:
        """One process of the belt (`tests/faults/ordering.py`); its exit status."""
        more = {"AUTOMATIC": "1"} if automatic else {}
        environment = {**os.environ, **more, "ORDERED": as_environment(self.settings)}
        command = [sys.executable, "-m", "tests.faults.ordering", str(self.data), point, str(countdown)]
        return subprocess.run(command, cwd=ROOT, env=environment, timeout=300, check=False).returncode

    def until(self, order: SignOrder, *states: str) -> SignOrder:
        """Go on until an order stands so."""
        deadline = time.monotonic() + PATIENCE
        while (found := self.order(order.id)).state not in states:
            assert time.monotonic() < deadline, found
            self.hurry()
            self.belt()
            time.sleep(0.05)
        return found

    def hurry(self) -> None:
        """Nobody rests."""
        with self.store.write() as tx:
            for provider in (*self.providers.names, "seal"):
                Orders(tx.connection).again_now(provider)

    def seal(self) -> None:
        """The seal puts itself wherever it may."""
        while sealing.take_waiting(self.store):
            self.belt()

    # ---- what is there

    def of_the_doctor(self, chart: Document) -> Signature:
        return next(one for one in self.clinic.signatures(chart.id) if one.field == "TacGia")

    def order(self, order_id: str) -> SignOrder:
        with self.store.read() as tx:
            return Orders(tx.connection).get(order_id)

    def states(self, charts: list[Document]) -> list[State]:
        return [self.clinic.document(one.id).state for one in charts]

    def kinds(self, chart: Document) -> list[str]:
        """The versions of a chart."""
        with self.store.read() as tx:
            return [version["kind"] for version in tx.documents.versions(chart.id)]

    def acts(self, chart: Document) -> list[tuple[str, str]]:
        with self.store.read() as tx:
            return [(one.actor, one.act) for one in tx.audit.of(chart.id)]

    def problems(self, charts: list[Document]) -> set[str]:
        found = [one.problem for chart in charts for one in self.clinic.signatures(chart.id)]
        return {one["code"] for one in found if one}

    @property
    def _signatory_of(self) -> Callable[[Person], Signatory]:
        return lambda person: signatory_of(self.store, self.settings, self.providers, person)


def ordered(hospital: Hospital, store: Store, services: DemoServices | None, folder: Path, **more: Any) -> Ordered:
    """All providers of the demo where it runs, and the seal."""
    here = clinic(hospital, store)
    known = secret_file(folder / "secret", SECRET)
    pin = secret_file(folder / "pin", hospital.authority.token(SEAL).pin)
    url = services.url if services else ""
    settings = replace(
        here.desk.settings,
        csc_url=url, csc_client=CLIENT, csc_secret=known, csc_return_url="http://127.0.0.1/sign/return",
        smartca_url=url and f"{url}/smartca", smartca_sp=CLIENT, smartca_secret=known,
        mysign_url=url and f"{url}/mysign", mysign_client=CLIENT, mysign_secret=known,
        seal_module=module(), seal_token=SEAL, seal_pin=pin, provider_seconds=30.0, approval_seconds=60.0, **more,
    )  # fmt: skip
    return Ordered(here, settings, folder)
