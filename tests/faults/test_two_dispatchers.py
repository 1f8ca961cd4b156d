"""Only one dispatcher works on a store; when it is killed, another takes its place."""

from __future__ import annotations

import subprocess
import sys

from pipeline.single import only_one
from tests.faults.process import ROOT

HOLD = """
import sys, time, pathlib
from storage.settings import StorageSettings
from storage.store import open_store
from pipeline.single import only_one
store = open_store(StorageSettings(pathlib.Path(sys.argv[1]), sys.argv[2]))
with only_one(store.engine, pathlib.Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


def test_the_place_is_taken_once_and_free_again_when_its_holder_is_killed(either_store, tmp_path):
    url = either_store.engine.url.render_as_string(hide_password=False)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), url], cwd=ROOT, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": "."}
    )
    assert holder.stdout
    assert holder.stdout.readline() == "True\n"
    with only_one(either_store.engine, tmp_path) as mine:
        assert not mine
    holder.kill()
    holder.wait()
    with only_one(either_store.engine, tmp_path) as mine:
        assert mine
