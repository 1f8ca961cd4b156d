"""One server of a test session: started when first asked for, killed with the process that started it."""

from __future__ import annotations

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(ABC):
    """Start, stop and start again keep folder, ports and data; `remove` (or leaving `with`) ends it all.

    `account` is the user to run as when tests run as root and the server refuses root, `patience` the seconds until it must
    answer, `farewell` the signal it stops at without waiting for its clients.
    """

    name: ClassVar[str]
    account: ClassVar[str | None] = None
    patience: ClassVar[float] = 60
    farewell: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"luuky-{self.name}-"))
        self.port = free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._prepared = False
        atexit.register(self.remove)

    @property
    @abstractmethod
    def url(self) -> str:
        """The address clients use."""

    @abstractmethod
    def prepare(self) -> None:
        """Write configuration and data folders, once."""

    @abstractmethod
    def launch(self) -> None:
        """Start the processes, by `spawn`."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether a client would be served now."""

    @property
    def log(self) -> Path:
        """What the processes print."""
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        """Whether every process lives."""
        return bool(self._processes) and all(process.poll() is None for process in self._processes)

    @property
    def processes(self) -> list[int]:
        """The ids of the processes, each the leader of its own group."""
        return [process.pid for process in self._processes]

    def start(self) -> str:
        """Start and wait until it answers; returns the address. Raises RuntimeError with the end of the log."""
        if not self._prepared:
            self.own()
            self.prepare()
            self._prepared = True
        self.launch()
        deadline = time.monotonic() + self.patience
        while not self.answers():
            if not self.running or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        return self.url

    def stop(self) -> None:
        """End every process; what it stored stays."""
        for process in reversed(self._processes):
            _signal(process, self.farewell)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            _signal(process, signal.SIGKILL)
            process.wait()
        self._processes.clear()

    def remove(self) -> None:
        """End it and delete its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.remove)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.remove()

    def own(self) -> None:
        """Give the folder, as it is now, to the account."""
        if self.account is None or os.geteuid() != 0:
            return
        user = pwd.getpwnam(self.account)
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def run(self, *command: str | Path) -> None:
        """Run a command of the server's to its end, as the account. Raises CalledProcessError."""
        with self.log.open("ab") as log:
            subprocess.run(self._as_account(*command), check=True, cwd=self.folder, stdout=log, stderr=log)

    def spawn(self, *command: str | Path, environment: dict[str, str] | None = None) -> None:
        """Start a process that ends when this one does, however this one ends."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self._as_account("--pdeathsig", "TERM", *command),
                cwd=self.folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)

    def _as_account(self, *command: str | Path) -> list[str]:
        change: list[str] = []
        if self.account and os.geteuid() == 0:
            user = pwd.getpwnam(self.account)
            change = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
        return ["setpriv", *change, *map(str, command)]


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
