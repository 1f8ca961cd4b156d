"""The disk is full while an original is stored: nothing is lost, and the file is taken once there is room."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys

import pytest

from domain.errors import PartAway
from storage.files import DirectoryObjects
from tests.faults.process import ROOT
from tests.faults.watchers import stopped_when_done, watching
from tests.watch_folders.scans import scan


def _no_room() -> None:
    """No file may grow beyond 600 kB; writing more is an error, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))


def test_a_scan_that_finds_no_room_stays_and_is_taken_later(store, tmp_path):
    folder = tmp_path / "watch"
    folder.mkdir()
    data = scan(folder / "a.jpg")[:-2] + b"\xff\xfe\xff\xff" + b"\0" * 65533
    (folder / "a.jpg").write_bytes(data * 12 + b"\xff\xd9")
    original = (folder / "a.jpg").read_bytes()
    command = [sys.executable, "-m", "tests.faults.watching", str(tmp_path), "never", "4"]
    assert subprocess.run(command, cwd=ROOT, preexec_fn=_no_room, check=False).returncode == 0
    with store.read() as tx:
        assert tx.documents.listed() == []
    (waiting,) = [path for path in folder.rglob("*") if path.is_file()]
    assert waiting.read_bytes() == original
    assert list((tmp_path / "data" / "objects" / "new").iterdir()) == []
    assert stopped_when_done(tmp_path, watching(tmp_path)) == [0]
    with store.read() as tx:
        (document,) = tx.documents.listed()
    assert store.objects.get(document.original) == original


def test_a_full_disk_is_told_as_a_part_that_is_away(tmp_path):
    objects = DirectoryObjects(tmp_path)
    pid = os.fork()
    if pid == 0:
        _no_room()
        try:
            objects.put(os.urandom(2_000_000))
        except PartAway as error:
            os._exit(0 if error.message.code == "disk_full" else 2)
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0
    assert list(objects.names()) == []
    with pytest.raises(StopIteration):
        next(objects.names())
