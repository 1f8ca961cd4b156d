"""The wheel holds everything: installed into an empty environment it runs, with screens, data files and migrations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WANTED = (
    "web/templates/",
    "web/static/vendor/htmx.js",
    "web/locales/vi.json",
    "filing/data/forms.csv",
    "storage/migrations/versions/",
    "ocr/models/recogniser.onnx",
    "ocr/models/recogniser.json",
    "ocr/models/det.onnx",
    "ocr/models/orient.onnx",
    "ocr/models/hands.onnx",
    "ocr/models/LICENSE",
    "cli/data/demo/patients.csv",
)
SERVE_AND_TELL = """
import sys, threading
import cli.main
threading.Timer(8, lambda: print("\\n".join(sys.modules), flush=True)).start()
cli.main.main(["serve"])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from this tree."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment that holds the wheel, and sees the libraries of this one but not its source tree."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    site = next(home.glob("lib/python*/site-packages"))
    (site / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return home / "bin" / "python", site


def environment(data: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LUUKY_", "PYTHON"))}
    return {**kept, "LUUKY_DATA": str(data)}


def test_the_wheel_holds_screens_data_and_migrations_and_nothing_of_the_workshop(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in WANTED:
        assert any(name.startswith(wanted) for name in names), wanted
    workshop = ("tests/", "benchmarks/", "agent/")
    assert not [name for name in names if name.startswith(workshop) or "node_modules" in name]


def test_the_installed_command_makes_a_store_and_lists_it(installed, tmp_path):
    python, _ = installed
    command = [python, "-m", "cli", "documents", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(tmp_path / "d"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_the_installed_web_pages_are_served_without_opencv_or_a_recogniser(installed, tmp_path):
    python, _ = installed
    variables = {**environment(tmp_path / "d"), "LUUKY_PORT": "18473"}
    process = subprocess.Popen([python, "-c", SERVE_AND_TELL], cwd=tmp_path, env=variables, stdout=subprocess.PIPE, text=True)
    try:
        assert "Lưu Ký" in answer("http://127.0.0.1:18473/login")
        assert "htmx" in answer("http://127.0.0.1:18473/static/vendor/htmx.js")
        assert process.stdout
        modules = set()
        while "uvicorn" not in modules:
            modules.add(process.stdout.readline().strip())
        time.sleep(0.5)
        os.set_blocking(process.stdout.fileno(), False)
        modules |= set(process.stdout.read().split())
        heavy = {"cv2", "pytesseract", "ocr.tesseract", "pypdfium2", "numpy", "ingest.pages"}
        assert modules & heavy == set()
        assert "api.app" in modules
    finally:
        process.kill()
        process.wait()


def answer(url: str, patience: float = 60.0) -> str:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return str(response.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
