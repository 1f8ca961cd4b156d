"""kill -9 of the watcher after the commit and before the folder is cleared, and two watchers on one folder."""

from __future__ import annotations

import time

from storage.store import Store
from tests.faults.watchers import lying, stopped_when_done, watching
from tests.watch_folders.scans import scan


def originals(store: Store) -> list[str]:
    with store.read() as tx:
        return [document.origin.name for document in tx.documents.listed()]


def test_a_watcher_killed_before_it_clears_the_folder_makes_no_second_document(store, tmp_path):
    (tmp_path / "watch").mkdir()
    scan(tmp_path / "watch" / "a.jpg")
    assert watching(tmp_path, "before-clearing").wait() == -9
    assert originals(store) == ["a.jpg"]
    assert lying(tmp_path)
    assert stopped_when_done(tmp_path, watching(tmp_path)) == [0]
    assert originals(store) == ["a.jpg"]
    assert lying(tmp_path) == []


def test_two_watchers_on_the_same_folder_take_each_file_once(store, tmp_path):
    (tmp_path / "watch").mkdir()
    watchers = [watching(tmp_path) for _ in range(2)]
    for number in range(30):
        scan(tmp_path / "watch" / f"{number:02}.jpg")
        time.sleep(0.02)
    assert stopped_when_done(tmp_path, *watchers) == [0, 0]
    assert sorted(originals(store)) == [f"{number:02}.jpg" for number in range(30)]
    assert lying(tmp_path) == []
