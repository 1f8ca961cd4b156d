"""Starts, watches and restarts the processes of one machine. A process that dies is started again, after a rest that grows."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

log = logging.getLogger("luuky.up")
LOOK_EVERY = 0.25
LONGEST_REST = 30.0
HEALTHY_AFTER = 60.0
GRACE = 10.0


@dataclass(slots=True)
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    rest: float = 0.5
    restarts: int = 0
    next_start: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in a session of its own, so that a Ctrl-C in the terminal reaches only us."""
        self.process = subprocess.Popen(self.command, env=dict(environment), start_new_session=True)
        self.started = time.monotonic()

    def look(self, environment: Mapping[str, str]) -> None:
        """Start it if it is not running and its rest is over."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start(environment)
            return
        status = self.process.poll()
        if status is None:
            return
        lived = time.monotonic() - self.started
        self.rest = 0.5 if lived > HEALTHY_AFTER else min(2 * self.rest, LONGEST_REST)
        log.warning("%s ended with status %d after %.0f s; it starts again in %.1f s", self.name, status, lived, self.rest)
        self.process, self.restarts, self.next_start = None, self.restarts + 1, time.monotonic() + self.rest

    def end(self) -> None:
        """Ask it to stop."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait_or_kill(self, until: float) -> None:
        """Wait for its end; whatever is left of its session is killed."""
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in time and is killed", self.name)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


@dataclass(slots=True)
class Supervisor:
    """Keeps children alive until asked to stop."""

    children: list[Child]
    environment: Mapping[str, str]
    stopped: Callable[[], bool]

    def run(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Until told to stop; `meanwhile` is called at every look."""
        try:
            while not self.stopped():
                for child in self.children:
                    child.look(self.environment)
                meanwhile()
                time.sleep(LOOK_EVERY)
        finally:
            for child in self.children:
                child.end()
            until = time.monotonic() + GRACE
            for child in self.children:
                child.wait_or_kill(until)
