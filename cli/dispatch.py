"""`luuky dispatch`: the dispatcher only. Of several, one works and the others wait to take its place."""

from __future__ import annotations

import time

from cli import environment
from cli.stopping import stop_on_signal
from pipeline import wiring, wiring_belt
from pipeline.single import only_one


def dispatch() -> None:
    """Relay, sweep, index and seal until stopped."""
    settings = environment.settings()
    store = wiring.store(settings)
    stopped = stop_on_signal()
    while not stopped():
        with only_one(store.engine, settings.storage.data) as mine:
            if mine:
                wiring_belt.dispatcher(store, settings, wiring_belt.queue(settings)).run(stopped)
                return
        time.sleep(0.5)
