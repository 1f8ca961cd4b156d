"""`luuky digitise`: a page that kills what reads it costs that page only, a file that kills what binds it that file only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pytest

from tests.cli.running import ROOT, luuky
from tests.generator import files, forms, people

NAMES = ["a.pdf", "b.pdf", "c.pdf"]


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> list[Path]:
    """Three files of three pages."""
    folder = tmp_path_factory.mktemp("scans")
    rng = Random(11)
    for name in NAMES:
        person = people.invent(rng)
        pages = [forms.giay_ra_vien(person, person.stays[0], rng).pages(dpi=150)[0] for _ in range(3)]
        files.pdf(pages, folder / name)
    return [folder / name for name in NAMES]


class Faulty:
    """The command with a fault, running in a session of its own; `made` and `trash` are where it writes."""

    def __init__(self, fault: str, scans: list[Path], folder: Path) -> None:
        self.made, self.trash = folder / "out", folder / "tmp"
        self.trash.mkdir()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.trash), "LUUKY_DATA": str(folder / "data")}
        command = [sys.executable, "-m", "tests.faults.deadly_pages", fault, str(self.made), *map(str, scans)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def end(self) -> tuple[int, str]:
        """Its exit status and what it said, when it is over; nothing of it is left."""
        _, err = self.process.communicate(timeout=280)
        assert left_of(self.process.pid) == []
        assert [path.name for path in self.trash.iterdir() if path.name.startswith("luuky-")] == []
        return self.process.returncode, err

    def names(self) -> list[str]:
        """Of all files that were made, hidden ones too."""
        return sorted(path.name for path in self.made.iterdir())

    def pages(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads((self.made / name).read_text(encoding="utf-8"))["pages"]
        return found


def left_of(session: int) -> list[int]:
    """The processes of a session that are not over."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(its) == session and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def all_of(*names: str) -> list[str]:
    return sorted(f"{name}.{kind}" for name in names for kind in ("json", "pdf"))


def test_a_page_that_kills_our_own_recogniser_is_read_by_tesseract(scans, tmp_path):
    ran = Faulty("first", scans, tmp_path)
    status, err = ran.end()
    assert status == 0, err
    assert "[unread]" not in err
    assert ran.names() == all_of("a", "b", "c")
    assert [page["engine"].split()[0] == "tesseract" for page in ran.pages("b.json")] == [False, True, False]
    assert all(page["words"] and "unread" not in page["quality"] for page in ran.pages("b.json"))


def test_a_page_that_kills_both_goes_out_as_a_picture_and_a_person_is_told(scans, tmp_path):
    ran = Faulty("both", scans, tmp_path)
    status, err = ran.end()
    assert status == 0, err
    assert "b.pdf: Không đọc được trang 2." in err
    assert "Page 2 could not be read." in err
    assert err.count("[unread]") == 1
    assert ran.names() == all_of("a", "b", "c")
    first, page, last = ran.pages("b.json")
    assert (page["engine"], page["words"]) == ("", [])
    assert page["quality"] == {"unread": {"value": 2.0, "rescan": True}}
    assert first["words"]
    assert last["words"]
    with pikepdf.open(ran.made / "b.pdf") as pdf:
        assert [len(page.images) for page in pdf.pages] == [1, 1, 1]


@pytest.mark.parametrize("fault", ["all", "binding"])
def test_a_file_that_cannot_be_bound_is_told_and_the_others_are_made(scans, tmp_path, fault):
    ran = Faulty(fault, scans, tmp_path)
    status, err = ran.end()
    assert status == (1 if fault == "binding" else 4)
    assert f"{scans[1]}: " in err
    assert f"[{'killed_process' if fault == 'binding' else 'deadly_page'}]" in err
    assert ran.names() == all_of("a", "c")


def test_ctrl_c_ends_everything_at_once_and_leaves_nothing(scans, tmp_path):
    """While one file is bound and others are read."""
    ran = Faulty("endless", scans, tmp_path)
    while not (ran.trash / "binding").exists():
        assert ran.process.poll() is None
        time.sleep(0.05)
    assert len(left_of(ran.process.pid)) > 2
    os.killpg(ran.process.pid, signal.SIGINT)
    status, _ = ran.end()
    assert status != 0
    assert ran.names() == all_of("a")


def test_neither_the_number_of_processes_nor_the_neighbours_change_what_is_made(scans, tmp_path):
    runs = {"1": [0, 1], "2": [0, 1], "4": [1, 2, 0], "3": [1]}
    for jobs, which in runs.items():
        out = f"{tmp_path}/{jobs}/"
        given = [scans[number] for number in which]
        ran = luuky("digitise", *given, "-o", out, "--sidecar", out, "--jobs", jobs, "--level", "fast")
        assert ran.status == 0, ran.err
    for name in all_of("a", "b"):
        made = {(tmp_path / jobs / name).read_bytes() for jobs in runs if (tmp_path / jobs / name).exists()}
        assert len(made) == 1, name
