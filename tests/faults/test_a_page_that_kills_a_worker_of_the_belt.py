"""On the belt too a page that kills what reads it, or never ends, costs that page only; nothing is counted as tried twice."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from domain.documents import Document, State
from domain.pages import PageReading
from storage.pages import Page
from storage.settings import StorageSettings
from storage.store import Store, open_store
from tests.cli.running import ROOT, luuky
from tests.fakes.hospital import Hospital
from tests.faults.test_a_page_that_kills_what_reads_it import left_of
from tests.generator import files, forms, people


@pytest.fixture(scope="module")
def chart(tmp_path_factory) -> Path:
    """A file of three pages."""
    rng = Random(12)
    person = people.invent(rng)
    pages = [forms.giay_ra_vien(person, person.stays[0], rng).pages(dpi=150)[0] for _ in range(3)]
    return files.pdf(pages, tmp_path_factory.mktemp("chart") / "chart.pdf")


def begun(data: Path, *arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
    """The faulty belt, in a session of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LUUKY_DATA": str(data), "LUUKY_OCR_LEVEL": "fast", **variables}
    command = [sys.executable, "-m", "tests.faults.deadly_belt", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)


def ingest(data: Path, fault: str, chart: Path) -> tuple[Document, list[PageReading], list[Page]]:
    """`luuky ingest --wait` with a fault; nothing of it is left."""
    process = begun(data, fault, "ingest", chart)
    _, err = process.communicate(timeout=280)
    assert process.returncode == (4 if fault == "cut" else 0), err
    assert none_left(process.pid)
    return kept(open_store(StorageSettings(data)))


def none_left(session: int) -> bool:
    until = time.monotonic() + 20
    while left_of(session) and time.monotonic() < until:
        time.sleep(0.05)
    return left_of(session) == []


def kept(store: Store) -> tuple[Document, list[PageReading], list[Page]]:
    with store.read() as tx:
        (document,) = tx.documents.listed()
        return document, list(tx.pages.reading(document.id).pages), tx.pages.of(document.id)


def engines(readings: list[PageReading]) -> list[str]:
    return [reading.engine.split(" ")[0] for reading in readings]


def test_a_page_that_kills_our_own_recogniser_is_read_by_tesseract(chart, tmp_path):
    document, readings, pages = ingest(tmp_path, "first", chart)
    assert (document.findable, document.problem) == (True, None)
    assert engines(readings) == ["luuky", "tesseract", "luuky"]
    assert all(reading.words for reading in readings)
    assert [page.attempts for page in pages] == [1, 1, 1]


@pytest.mark.parametrize("fault", ["both", "picture"])
def test_a_page_that_kills_both_is_flagged_and_the_document_goes_on(chart, tmp_path, fault):
    document, readings, pages = ingest(tmp_path, fault, chart)
    assert (document.findable, document.problem) == (True, None)
    assert document.state in {State.KEPT, State.NEEDS_REVIEW}
    assert engines(readings) == ["luuky", "", "luuky"]
    assert [bool(reading.words) for reading in readings] == [True, False, True]
    assert [[flag.code for flag in reading.flags if flag.rescan] for reading in readings] == [[], ["unread"], []]
    assert [page.attempts for page in pages] == [1, 1, 1]
    objects = open_store(StorageSettings(tmp_path)).objects
    views = [Image.open(io.BytesIO(objects.get(page.preview or ""))) for page in pages]
    assert len({view.size for view in views}) == 1, "a page that nobody could open is shown as a blank sheet of its shape"
    assert len(views[1].getcolors(256) or [()] * 9) == 1 if fault == "picture" else views[1].getextrema() != (200, 200)


def test_a_file_that_kills_what_cuts_it_is_refused_with_the_reason(chart, tmp_path):
    document, readings, _ = ingest(tmp_path, "cut", chart)
    assert document.state is State.REJECTED
    assert [reason.code for reason in document.reasons] == ["deadly"]
    assert readings == []


def test_a_page_that_never_ends_costs_its_time_and_the_worker_lives(chart, tmp_path):
    with Hospital(tmp_path, ("dispatch",)) as hospital:
        worker = begun(tmp_path, "endless", "worker", LUUKY_OCR_WORK_SECONDS_A_PAGE="15", LUUKY_WORKERS="1")
        try:
            assert luuky("ingest", chart, data=tmp_path).status == 0
            hospital.wait(lambda: hospital.all_at_rest(1))
            document, readings, pages = kept(hospital.store)
            assert (document.findable, document.problem) == (True, None)
            assert engines(readings) == ["luuky", "tesseract", "luuky"]
            assert [page.attempts for page in pages] == [1, 1, 1]
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.communicate()
        assert none_left(worker.pid), "what works behind a worker ends with it"
