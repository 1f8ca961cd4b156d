"""A watcher of FOLDER/watch: `python -m tests.faults.watching FOLDER POINT SECONDS`.

It dies at POINT; it stops after SECONDS, or when FOLDER/stop is there.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest.accept import accept
from ingest.settings import IngestSettings
from pipeline.points import arm
from storage.settings import StorageSettings
from storage.store import open_store
from tests.faults.process import killer_at
from watch_folders.settings import Profile, WatchSettings
from watch_folders.watcher import Watcher

if __name__ == "__main__":
    folder, point, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    arm(killer_at(point, 1 if point != "never" else -1))
    store = open_store(StorageSettings(folder / "data"))
    settings = WatchSettings((Profile("w", folder / "watch"),), look_every=0.1, stable_for=0.1)
    until, stop = time.monotonic() + seconds, folder / "stop"
    watcher = Watcher(settings, lambda arrival: accept(store, arrival, IngestSettings()))
    watcher.run(lambda: stop.exists() or time.monotonic() > until)
