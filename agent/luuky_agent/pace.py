"""The pace of a batch: pause is not cancel."""

from __future__ import annotations

import threading
import time


class Pace:
    """Between two documents: going on, paused, or stopped; and how fast it goes."""

    def __init__(self) -> None:
        self._may = threading.Event()
        self._may.set()
        self._stopped = False
        self._times: list[float] = []

    def go(self) -> bool:
        """Asked before each document, in the working thread; waits while paused."""
        self._may.wait()
        return not self._stopped

    def turn(self) -> None:
        """Pause, or go on. Speed is counted anew."""
        if self._may.is_set():
            self._may.clear()
        else:
            self.begin()
            self._may.set()

    def stop(self) -> None:
        """No document more."""
        self._stopped = True
        self._may.set()

    def begin(self) -> None:
        """The first document is about to be signed."""
        self._times = [time.monotonic()]

    def count(self) -> None:
        """One document is done."""
        self._times = [*self._times[-60:], time.monotonic()]

    @property
    def paused(self) -> bool:
        """Whether it waits."""
        return not self._may.is_set()

    @property
    def a_minute(self) -> float | None:
        """Documents a minute over the last sixty; None before there is something to tell."""
        if len(self._times) < 3:
            return None
        return 60 * (len(self._times) - 1) / max(self._times[-1] - self._times[0], 0.001)
