"""Watched folders: complete files are taken once, all others end in a visible place, nothing is deleted that was not kept."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from domain.documents import State
from ingest.accept import accept
from ingest.settings import IngestSettings
from tests.generator import hostile
from tests.watch_folders.scans import scan
from watch_folders.claim import DUPLICATE, RECEIVED, REFUSED
from watch_folders.settings import After, Profile, WatchSettings, watch_settings
from watch_folders.watcher import Watcher


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "may quét 1"
    path.mkdir()
    return path


@pytest.fixture
def watcher(store, folder):
    return make(store, folder)


def make(store, folder, **more) -> Watcher:
    profile = Profile("may-quet-1", folder, "fi-7160", "Khoa Nội", "Giấy ra viện", **more)
    settings = WatchSettings((profile,), look_every=0.05, stable_for=0.05, patience=0.3)
    return Watcher(settings, lambda arrival: accept(store, arrival, IngestSettings()))


def look_for(watcher: Watcher, seconds: float = 0.3) -> int:
    until, taken = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        taken += watcher.look()
        time.sleep(0.02)
    return taken


def documents(store):
    with store.read() as tx:
        return tx.documents.listed()


def test_a_complete_scan_is_taken_with_its_folders_profile_and_its_original_kept(store, folder, watcher):
    data = scan(folder / "Bệnh án 1.jpg")
    assert look_for(watcher) == 1
    (document,) = documents(store)
    assert document.state is State.RECEIVED
    assert (document.origin.name, document.origin.department, document.origin.kind_hint) == (
        "Bệnh án 1.jpg",
        "Khoa Nội",
        "Giấy ra viện",
    )
    assert store.objects.get(document.original) == data
    assert [path.name for path in folder.iterdir() if path.is_file()] == []
    with store.read() as tx:
        assert tx.batches.get(document.batch_id).folder == "may-quet-1"


def test_a_file_that_is_still_being_written_is_left_alone_until_it_stands_still(store, folder, watcher):
    whole = scan(folder / "elsewhere.jpg")
    (folder / "elsewhere.jpg").unlink()
    target = folder / "slow.jpg"
    for end in range(0, len(whole), len(whole) // 4 or 1):
        target.write_bytes(whole[:end])
        assert look_for(watcher, 0.1) == 0
    target.write_bytes(whole)
    assert look_for(watcher) == 1


def test_a_half_copied_file_is_laid_aside_with_the_reason_and_not_deleted(store, folder, watcher):
    whole = scan(folder / "half.jpg")
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    assert look_for(watcher, 0.8) == 1
    assert (folder / REFUSED / "half.jpg").read_bytes() == whole[: len(whole) // 2]
    note = (folder / REFUSED / "half.jpg.ly-do.txt").read_text(encoding="utf-8")
    assert "[truncated]" in note
    assert len(note.splitlines()) == 3
    assert documents(store)[0].state is State.REJECTED


@pytest.mark.parametrize("name", ["empty", "encrypted", "foreign"])
def test_a_file_that_cannot_be_taken_stays_visible_with_its_reason(store, folder, watcher, name):
    makers = {**hostile.MAKERS, "empty": lambda path: path.write_bytes(b""), "foreign": lambda path: path.write_text("xin chào")}
    makers[name](folder / f"{name}.pdf")
    assert look_for(watcher, 0.8) == 1
    assert (folder / REFUSED / f"{name}.pdf").exists()
    assert (folder / REFUSED / f"{name}.pdf.ly-do.txt").exists()
    (document,) = documents(store)
    assert document.state is State.REJECTED
    assert document.reasons[0].vi
    assert document.reasons[0].en


def test_a_duplicate_makes_no_second_document_and_lies_where_it_is_seen(store, folder, watcher):
    data = scan(folder / "a.jpg")
    look_for(watcher)
    (folder / "b.jpg").write_bytes(data)
    look_for(watcher)
    assert len(documents(store)) == 1
    assert (folder / DUPLICATE / "b.jpg").read_bytes() == data


def test_two_refused_files_of_one_name_do_not_overwrite_each_other(store, folder, watcher):
    for text in ("một", "hai"):
        (folder / "x.pdf").write_text(text)
        look_for(watcher, 0.8)
    assert sorted(path.read_text() for path in (folder / REFUSED).glob("*.pdf")) == ["hai", "một"]


def test_links_hidden_files_and_our_own_folders_are_not_looked_at(store, folder, watcher, tmp_path):
    scan(tmp_path / "secret.jpg")
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    scan(folder / ".hidden.jpg")
    (folder / RECEIVED).mkdir()
    scan(folder / RECEIVED / "old.jpg")
    assert look_for(watcher) == 0
    assert documents(store) == []


def test_a_folder_may_keep_what_it_has_handed_in(store, folder):
    data = scan(folder / "a.jpg")
    look_for(make(store, folder, after=After.KEEP))
    assert (folder / RECEIVED / "a.jpg").read_bytes() == data


def test_a_scan_in_a_subfolder_is_taken_too(store, folder, watcher):
    (folder / "tủ 4").mkdir()
    scan(folder / "tủ 4" / "a.jpg")
    assert look_for(watcher) == 1
    assert len(documents(store)) == 1


def test_the_profiles_are_read_from_the_data_folder(tmp_path):
    assert watch_settings(tmp_path).profiles[0].path == tmp_path / "watch" / "may-quet-1"
    (tmp_path / "folders.toml").write_text('look_every = 5.0\n[[folder]]\nname = "b"\npath = "/x"\nafter = "keep"\n')
    settings = watch_settings(tmp_path)
    assert settings.look_every == 5.0
    assert settings.profiles[:-1] == (Profile("b", Path("/x"), after=After.KEEP),)


def test_an_upload_is_urgent_and_remembers_who_sent_it(store, folder):
    scan(folder / "mai~ảnh chụp.jpg")
    look_for(make(store, folder, uploads=True))
    (document,) = documents(store)
    assert (document.origin.name, document.origin.operator, document.urgent) == ("ảnh chụp.jpg", "mai", True)


def test_a_file_in_the_claiming_folder_of_a_dead_watcher_is_taken_over(store, folder, watcher):
    (folder / ".nhan").mkdir()
    data = scan(folder / ".nhan" / "abc123__a.jpg")
    assert look_for(watcher) == 1
    assert documents(store)[0].origin.name == "a.jpg"
    assert store.objects.get(documents(store)[0].original) == data
    assert list((folder / ".nhan").iterdir()) == []
