"""Keeping a lease while work is done: a thread renews it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

RENEW_EVERY = 20.0
"""Seconds."""


@contextmanager
def kept(renew: Callable[[], None]) -> Iterator[None]:
    """Calls `renew` every so often, until the work inside is done."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(RENEW_EVERY):
            renew()

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
