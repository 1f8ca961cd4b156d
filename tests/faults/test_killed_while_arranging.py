"""kill -9 of the process in which somebody arranges pages: each deed is there with all that belongs to it, or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from domain.pages import Box
from tests.contracts.test_arrangements import read
from tests.faults.process import ROOT


@pytest.mark.parametrize("after", [0.0, 0.023])
def test_pages_are_arranged_as_a_whole_or_not_at_all(store, tmp_path, after):
    documents = [read(store, "a", 4), read(store, "b", 4)]
    ids = [document.id for document in documents]
    with store.write() as tx:
        tx.words.add((ids[0], 3), "lan", Box(1, 2, 3, 4), ("ấy", "Ấy"))
    command = [sys.executable, "-m", "tests.faults.arranging", str(tmp_path / "data"), *ids]
    person = subprocess.Popen(command, cwd=ROOT)
    try:
        while versions(store, ids) == [document.version for document in documents]:
            time.sleep(0.01)
        time.sleep(after)
    finally:
        person.kill()
        assert person.wait() == -signal.SIGKILL
    with store.read() as tx:
        laid = [tx.arrangements.of(name) for name in ids]
        stand = [leaf.named for one in laid for leaf in (*one.leaves, *one.aside)]
        assert sorted(stand) == sorted((original * 64, number) for original in "ab" for number in range(1, 5))
        for document, one in zip(documents, laid, strict=True):
            now = tx.documents.get(document.id)
            acts = [entry for entry in tx.audit.of(document.id, 100_000) if entry.act == "arrange"]
            assert (now.pages, now.pages_read, len(acts)) == (len(one.leaves), len(one.leaves), now.version - document.version)
            assert [page.number for page in tx.pages.of(document.id)] == list(range(1, len(one.leaves) + 1))
        corrected = [(name, deed.page) for name in ids for deed in tx.words.of(name)]
        places = {leaf.named: (name, n) for name, one in zip(ids, laid, strict=True) for n, leaf in enumerate(one.leaves, 1)}
        places |= {leaf.named: (name, -n) for name, one in zip(ids, laid, strict=True) for n, leaf in enumerate(one.aside, 1)}
        assert corrected == [places["a" * 64, 3]]


def versions(store, ids):
    with store.read() as tx:
        return [tx.documents.get(name).version for name in ids]
