"""`luuky ocr …`: asked for, refused, interrupted and shown as a person would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ocr import weights
from ocr.recogniser import Recogniser
from storage.migrate import migrate
from storage.settings import StorageSettings
from storage.store import open_store
from tests.cli.running import ROOT, luuky
from tests.pipeline import teaching


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A store with corrected papers."""
    folder = tmp_path_factory.mktemp("store")
    migrate(StorageSettings(folder))
    opened = open_store(StorageSettings(folder))
    teaching.corrected_house(opened, Recogniser())
    opened.close()
    return folder


def test_learning_is_refused_until_the_house_allows_it(data):
    ran = luuky("ocr", "train", data=data)
    assert ran.status == 4
    assert "LUUKY_OCR_LEARN=yes" in ran.err
    assert "not_opted_in" in ran.err


def test_without_pytorch_it_says_what_to_install(data, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['torch'] = None\n", encoding="utf-8")
    ran = luuky("ocr", "train", data=data, LUUKY_OCR_LEARN="yes", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert ran.status == 5
    assert "luuky[training]" in ran.err


def test_there_is_no_way_back_from_the_packaged_recogniser(data):
    assert luuky("ocr", "back", data=data).status == 4


def test_it_shows_that_the_packaged_recogniser_reads(data):
    shown = luuky("ocr", "show", "--json", data=data).json
    assert shown["in_use"] == weights.card(weights.FOLDER).version
    assert (shown["learns"], shown["taught"], shown["history"]) == (False, [], [])
    assert weights.card(weights.FOLDER).name in luuky("ocr", "show", data=data).out


def test_an_interrupted_training_leaves_everything_as_it_was(data):
    given = {key: value for key, value in os.environ.items() if not key.startswith("LUUKY_")}
    environment = {**given, "PYTHONPATH": str(ROOT), "LUUKY_DATA": str(data), "LUUKY_OCR_LEARN": "yes"}
    command = [sys.executable, "-m", "cli", "ocr", "train", "--minutes", "30"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as running:
        seen = next(line for line in running.stderr or () if "0 phút" in line)
        assert (data / "recogniser" / "work").stat().st_mode & 0o777 == 0o700
        running.send_signal(signal.SIGINT)
    assert "lỗi" in seen
    assert running.returncode == 130
    assert [path.name for path in (data / "recogniser").iterdir()] == ["lock"]
    assert not [process for process in _processes() if str(data) in process]


def _processes() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue
    return found
