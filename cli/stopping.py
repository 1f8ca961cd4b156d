"""Ending a long-running command well: the first SIGTERM or SIGINT asks it to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable


def stop_on_signal() -> Callable[[], bool]:
    """A question that answers True once this process was asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop.is_set
