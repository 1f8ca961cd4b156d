"""`luuky watch`: the watcher of the scan folders only."""

from __future__ import annotations

from cli import environment
from cli.stopping import stop_on_signal
from ingest.accept import Accepted, Arrival, accept
from pipeline import wiring
from watch_folders.settings import watch_settings
from watch_folders.watcher import Watcher


def watch() -> None:
    """Watch the folders until stopped."""
    settings = environment.settings()
    store = wiring.store(settings)

    def take(arrival: Arrival) -> Accepted:
        return accept(store, arrival, settings.ingest)

    Watcher(watch_settings(settings.storage.data), take).run(stop_on_signal())
