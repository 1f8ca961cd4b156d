"""`luuky up --demo` as a newcomer starts it: every process real, the sample scans in its watched folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from domain.documents import Document
from pipeline.belt import at_rest
from storage.settings import StorageSettings
from storage.store import open_store
from tests.journeys.browser import Site
from tests.servers.server import free_port

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "deploy" / "demo"
BIN = Path(sys.executable).parent
LONG = 300
"""Seconds after which something that must happen has not happened; nothing is measured by it."""


@dataclass(frozen=True)
class Demo:
    """A running trial."""

    site: Site
    data: Path
    pin: str

    @property
    def watched(self) -> Path:
        """Where the scanner would put its files."""
        return self.data / "watch" / "may-quet-1"

    def documents(self) -> list[Document]:
        """All documents, whoever may see them."""
        store = open_store(StorageSettings(self.data))
        try:
            with store.read() as tx:
                return tx.documents.listed()
        finally:
            store.close()

    def rests(self, documents: int) -> None:
        """Wait until the belt has nothing to do: so many documents, each at its end or waiting for a person."""
        until(lambda: len(found := self.documents()) >= documents and all(map(at_rest, found)))

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command of this machine on the same data; `stdin` is what is typed."""
        environment = {**os.environ, "LUUKY_DATA": str(self.data)}
        return subprocess.run(words, env=environment, input=more.get("stdin"), capture_output=True, text=True, check=False)

    def agent(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """The desk agent, with the trial's token and a home of its own."""
        home = self.data / "desk"
        environment = {
            **os.environ, "SOFTHSM2_CONF": str(self.data / "demo" / "softhsm2.conf"), "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        }  # fmt: skip
        return subprocess.run(
            [BIN / "luuky-agent", *words], env=environment, input=stdin, capture_output=True, text=True, check=False
        )


@contextmanager
def up(data: Path) -> Iterator[Demo]:
    """Start it, wait for its pages, stop it."""
    port = free_port()
    log = (data.parent / "up.log").open("wb")
    command = [sys.executable, "-m", "cli", "up", "--demo", "--port", str(port)]
    environment = {**os.environ, "LUUKY_DATA": str(data)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is not None or answers(address))
        assert process.poll() is None, (data.parent / "up.log").read_text()
        passwords, pin = _logins(data / "demo" / "logins.txt")
        yield Demo(Site(address, passwords), data, pin)
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def until(happened: Callable[[], object]) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)


def answers(address: str) -> bool:
    """Whether the web is there."""
    try:
        return httpx.get(f"{address}/healthz").is_success
    except httpx.HTTPError:
        return False


def _logins(path: Path) -> tuple[dict[str, str], str]:
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    roles = ("archive", "doctor", "clinician", "administrator", "auditor")
    pin = next(row[-1] for row in rows if row[0] == "PIN")
    return {row[1]: row[2] for row in rows if row[0] in roles}, pin
