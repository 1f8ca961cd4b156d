"""`luuky watch`: the watcher of the scan folders only."""

from __future__ import annotations

from functools import partial

from cli import environment
from cli.stopping import stop_on_signal
from ingest.accept import Accepted, Arrival, accept
from pipeline import wiring
from pipeline.guard import Guard
from watch_folders.settings import watch_settings
from watch_folders.watcher import Watcher


def watch() -> None:
    """Watch the folders until stopped."""
    settings = environment.settings()
    with Guard() as guard:
        store = wiring.store(settings)
        seconds = settings.ocr.work_seconds_a_page
        look, take_out = partial(guard.inspect, seconds=seconds), partial(guard.unpack, seconds=seconds)

        def take(arrival: Arrival) -> Accepted:
            return accept(store, arrival, settings.ingest, look, take_out)

        Watcher(watch_settings(settings.storage.data), take).run(stop_on_signal())
