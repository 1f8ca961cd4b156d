"""`luuky ocr …`: asked for, refused, interrupted and shown as a person would."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

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


def test_lines_are_handed_out_as_pictures_with_what_they_say_only_where_the_house_allows_it(data, tmp_path):
    out = tmp_path / "pairs"
    refused = luuky("ocr", "pairs", "-o", out, data=data)
    assert (refused.status, "not_opted_in" in refused.err, out.exists()) == (4, True, False)
    ran = luuky("ocr", "pairs", "-o", out, "--json", data=data, LUUKY_OCR_LEARN="yes")
    assert ran.status == 0
    assert "patients' data" in ran.err
    head, *rows = (out / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    assert head == "file\ttext\tkind"
    kinds = Counter(row.split("\t")[2] for row in rows)
    assert (kinds["corrected"], kinds["confirmed"]) == (ran.json["corrected"], ran.json["confirmed"])
    assert kinds["corrected"] > 25
    assert {row.split("\t")[0] for row in rows} == {path.name for path in out.glob("*.png")}
    name, text, _ = next(row.split("\t") for row in rows if row.endswith("corrected"))
    picture = Image.open(out / name)
    assert (picture.mode, picture.height) == ("L", 48)
    assert picture.width > 5 * len(text)
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    again = luuky("ocr", "pairs", "-o", out, data=data, LUUKY_OCR_LEARN="yes")
    assert (again.status, "folder_there" in again.err) == (4, True)
    opened = open_store(StorageSettings(data))
    with opened.read() as tx:
        (entry,) = tx.audit.newest(acts=("export_pairs",))
    opened.close()
    assert entry.details == {"lines": len(rows)}


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
