"""kill -9 of the process in which somebody corrects words: each deed is there with all that belongs to it, or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.faults.process import ROOT
from tests.ocr.test_correct import read


@pytest.mark.parametrize("after", [0.0, 0.013, 0.031, 0.057])
def test_a_deed_is_whole_or_not_there(store, tmp_path, after):
    document = read(store)
    with store.write() as tx:
        tx.outbox.done([errand.id for errand in tx.outbox.next(("index",), 9)])
        before = tx.events.last()
    clerk = subprocess.Popen([sys.executable, "-m", "tests.faults.correcting", str(tmp_path / "data"), document.id], cwd=ROOT)
    try:
        while not deeds(store, document):
            time.sleep(0.01)
        time.sleep(after)
    finally:
        clerk.kill()
        assert clerk.wait() == -signal.SIGKILL
    done = deeds(store, document)
    assert [deed.number for deed in done] == list(range(1, len(done) + 1))
    with store.read() as tx:
        acts = [entry.details["number"] for entry in tx.audit.of(document.id, 100_000) if entry.act == "correct_word"]
        assert acts == [deed.number for deed in reversed(done)]
        assert len([event for event in tx.events.after(before, 100_000) if event.kind == "words"]) == len(done)
        assert [errand.document_id for errand in tx.outbox.next(("index",), 9)] == [document.id]
        assert tx.pages.reading(document.id).pages[0].words[0].text == done[-1].text


def deeds(store, document):
    with store.read() as tx:
        return tx.words.of(document.id)
