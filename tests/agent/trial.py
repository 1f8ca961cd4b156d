"""A paired agent, its driver, and a server that breaks or lies at one step: for whatever goes wrong between the two."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, TypeVar

import pytest
from luuky_agent import settings
from luuky_agent.main import main
from luuky_agent.outbox import Outbox
from luuky_agent.pairing import pair

from domain.documents import Document, State
from domain.errors import PartAway
from signing.desk import SigningDesk
from storage.signing import Device
from storage.store import Store
from tests.agent.desk import Agent, Clinic, clinic
from tests.agent.drivers import Driver, driver
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital

Answer = TypeVar("Answer")


class Broken(SigningDesk):
    """A server that does something at one step: `at` is (call, number, before or after)."""

    at: tuple[str, int, str] | None = None
    does: Callable[[], None]
    counts: dict[str, int]
    counting = threading.Lock()

    def _through(self, call: str, answer: Callable[[], Answer]) -> Answer:
        with self.counting:
            number = self.counts[call] = self.counts.get(call, 0) + 1
        if self.at == (call, number, "before"):
            self.does()
        found = answer()
        if self.at == (call, number, "after"):
            self.does()
        return found

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        return self._through("jobs", lambda: super(Broken, self).jobs(device, able))

    def document(self, device: Device, job_id: str, item: str) -> bytes:
        return self._through("document", lambda: super(Broken, self).document(device, job_id, item))

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._through("complete", lambda: super(Broken, self).complete(device, job_id, body))


class Trial:
    """A paired agent, its driver, its server; two documents that wait."""

    def __init__(self, here: Clinic, server: Broken, agent: Agent, module: Driver) -> None:
        self.here, self.server, self.agent, self.module = here, server, agent, module
        self.pin = here.hospital.authority.token("bs-thao").pin
        self.charts: list[Document] = []

    def sends(self, number: int = 2) -> None:
        self.charts = [self.here.chart() for _ in range(number)]
        self.here.send(*self.charts)

    def signs(self, pin: str | None = None) -> subprocess.CompletedProcess[str]:
        """The command, in this very process."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stderr(said):
            patch.setenv("XDG_CONFIG_HOME", str(self.agent.home))
            patch.setenv("SOFTHSM2_CONF", str(self.agent.softhsm_conf))
            patch.setattr(sys, "stdin", io.StringIO((self.pin if pin is None else pin) + "\n"))
            status = main(["sign", "--all", "--pin-stdin"])
        return subprocess.CompletedProcess([], status, "", said.getvalue())

    def starts(self) -> subprocess.Popen[str]:
        return self.agent.starts(self.pin)

    def breaks(self, at: tuple[str, int, str] | None, does: Callable[[], None] = lambda: None) -> None:
        self.server.at, self.server.does, self.server.counts = at, does, {}

    @property
    def signed(self) -> int:
        return sum(self.here.document(one.id).state is State.SIGNED for one in self.charts)

    def whole(self) -> None:
        """Every document has its one signature, and nothing is left to send."""
        assert self.signed == len(self.charts)
        assert [self.here.file(one.id).read_bytes().count(b"/ByteRange") for one in self.charts] == [1] * len(self.charts)
        assert Outbox(self.agent.home / "luuky-agent").waiting() == []


def away() -> None:
    raise PartAway("server_away", "Máy chủ đang bận.", "The server is away.")


@contextmanager
def trial(hospital: Hospital, store: Store, folder: Path) -> Iterator[Trial]:
    """The doctor's agent, paired with a server that does what it should until it is told otherwise."""
    here = clinic(hospital, store)
    server = Broken(store, here.desk.settings, here.desk.key)
    server.counts = {}
    agent = Agent(folder / "desk", hospital.authority.softhsm_conf)
    module = driver(folder / "driver.so", hospital.authority.softhsm_conf)
    with serving(server) as address:
        wanted = settings.Desk(address, "", "", "", str(module.path))
        pair(agent.home / "luuky-agent", here.desk.offer_code(here.doctor), wanted, "bs-thao")
        yield Trial(here, server, agent, module)
