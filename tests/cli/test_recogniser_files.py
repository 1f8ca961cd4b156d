"""The recogniser's files are gone or damaged: pages are read by the next best, and everybody is told."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from random import Random

import pytest

from ocr import house, weights
from ocr.recogniser import Recogniser
from pipeline.reader import engine
from pipeline.settings import Settings
from storage.settings import StorageSettings
from tests.cli.running import ROOT, Ran, luuky
from tests.generator import files, forms, people


def without(names: tuple[str, ...], folder: Path) -> Path:
    """The program, with a packaged folder of networks that lacks these files."""
    for path in ROOT.iterdir():
        if path.is_dir() and not path.name.startswith(".") and path.name != "ocr":
            (folder / path.name).symlink_to(path)
    shutil.copytree(ROOT / "ocr", folder / "ocr", ignore=shutil.ignore_patterns("__pycache__", *names))
    return folder


@pytest.fixture(scope="module")
def absent(tmp_path_factory):
    """The program without the recogniser's file."""
    return without((weights.RECOGNISER,), tmp_path_factory.mktemp("absent"))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """The program with a byte of that file turned over."""
    program = without((weights.RECOGNISER,), tmp_path_factory.mktemp("damaged"))
    data = bytearray((weights.FOLDER / weights.RECOGNISER).read_bytes())
    data[len(data) // 2] ^= 0xFF
    (program / "ocr" / "models" / weights.RECOGNISER).write_bytes(data)
    return program


@pytest.fixture(scope="module")
def scan(tmp_path_factory):
    """A discharge letter, and the form it was drawn from."""
    rng = Random(5)
    person = people.invent(rng)
    letter = forms.giay_ra_vien(person, person.stays[0], rng)
    return files.jpeg(letter.pages(dpi=200)[0], tmp_path_factory.mktemp("scan") / "a.jpg"), letter


@pytest.fixture
def taught(tmp_path):
    """A data folder whose house has taught a version of its own."""
    made = tmp_path / house.FOLDER / "made"
    made.mkdir(parents=True)
    shutil.copy(weights.FOLDER / weights.RECOGNISER, made)
    version = house.next_version(tmp_path)
    (made / "recogniser.json").write_text(json.dumps(house.card(tmp_path, version, "2030-01-01")), encoding="utf-8")
    house.adopt(tmp_path, made, version, {})
    return tmp_path, version


def run(program: Path, *arguments: str | Path, data: Path, path: str = os.environ["PATH"]) -> Ran:
    return luuky(*arguments, data=data, cwd=program, PYTHONPATH=str(program), PATH=path)


def part(ran: Ran, name: str) -> dict[str, str]:
    return next(part for part in ran.json["parts"] if part["part"] == name)


@pytest.mark.parametrize(("kind", "word"), [("absent", "missing"), ("damaged", "damaged")])
def test_tesseract_reads_on_alone_and_page_log_and_doctor_say_so(kind, word, scan, tmp_path, request):
    program = request.getfixturevalue(kind)
    picture, letter = scan
    ran = run(program, "digitise", picture, "-o", tmp_path / "a.pdf", "--sidecar", tmp_path / "a.json", data=tmp_path / "d")
    assert ran.status == 0, ran.err
    told = next(line for line in ran.err.splitlines() if weights.RECOGNISER in line)
    assert word in told
    assert "Tesseract reads alone" in told
    assert letter.person.name.casefold() not in ran.err.casefold()
    (page,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["pages"]
    assert page["engine"].startswith("tesseract ")
    assert letter.person.citizen_id in page["text"]
    examined = run(program, "doctor", "--json", data=tmp_path / "d")
    assert examined.status == 5
    found = part(examined, "recogniser")
    assert found["state"] == "missing"
    assert f"{weights.RECOGNISER} is {word}" in found["detail"]
    assert "Tesseract reads alone" in found["detail"]


@pytest.mark.parametrize("name", ["det.onnx", "orient.onnx", "marks.tsv", "recogniser.json"])
def test_doctor_looks_at_every_file_that_reading_takes(name, taught, tmp_path_factory):
    program = without((name,), tmp_path_factory.mktemp("program"))
    data = tmp_path_factory.mktemp("data") if name == "recogniser.json" else taught[0]
    found = part(run(program, "doctor", "--json", data=data), "recogniser")
    assert found["state"] == "missing"
    assert f"{name} is missing" in found["detail"]
    (program / "ocr" / "models" / name).write_bytes(b"{}")
    assert f"{name} is damaged" in part(run(program, "doctor", "--json", data=data), "recogniser")["detail"]


def test_with_no_reader_at_all_a_page_fails_with_what_to_install_and_text_is_still_taken(absent, scan, tmp_path):
    picture, letter = scan
    nowhere = str(tmp_path)
    ran = run(absent, "digitise", picture, "-o", tmp_path / "a.pdf", data=tmp_path / "d", path=nowhere)
    assert ran.status == 5
    assert "tesseract-ocr-vie" in ran.err
    assert not (tmp_path / "a.pdf").exists()
    born = files.born_digital(letter, tmp_path / "born.pdf")
    assert run(absent, "digitise", born, "-o", tmp_path / "b.pdf", data=tmp_path / "d", path=nowhere).status == 0
    examined = run(absent, "doctor", "--json", data=tmp_path / "d", path=nowhere)
    assert part(examined, "tesseract")["state"] == "missing"


def test_without_tesseract_our_own_reads_alone_where_both_were_asked_for(scan, tmp_path):
    picture, letter = scan
    ran = luuky(
        "digitise", picture, "-o", tmp_path / "a.pdf", "--sidecar", tmp_path / "a.json",
        data=tmp_path / "d", PATH=str(tmp_path), LUUKY_OCR_ENGINE="both",
    )  # fmt: skip
    assert ran.status == 0, ran.err
    assert "our own recogniser reads alone" in ran.err
    (page,) = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["pages"]
    assert page["engine"] == weights.card(weights.FOLDER).name
    assert letter.person.citizen_id in page["text"]


def test_doctor_names_what_this_house_has_taught(taught):
    data, version = taught
    examined = luuky("doctor", "--json", data=data)
    found = part(examined, "recogniser")
    card = weights.card(house.whole(data) or weights.FOLDER)
    assert card.version == version
    assert (examined.status, found["state"]) == (0, "ok")
    assert found["detail"].startswith(f"{card.name}, 2.")
    assert f"SHA-256 {card.sha256}" in found["detail"]
    assert found["detail"].endswith("taught by this house")


@pytest.mark.parametrize("how", ["damaged", "deleted"])
def test_where_what_the_house_has_taught_is_damaged_the_packaged_one_reads_and_all_are_told(taught, how, caplog):
    data, version = taught
    if how == "damaged":
        (data / house.FOLDER / version / weights.RECOGNISER).write_bytes(b"x")
    else:
        shutil.rmtree(data / house.FOLDER / version)
    packaged = weights.card(weights.FOLDER).name
    reads = engine(Settings(StorageSettings(data)))
    assert isinstance(reads, Recogniser)
    assert reads.name == packaged
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "luuky ocr back" in caplog.text
    found = part(luuky("doctor", "--json", data=data), "recogniser")
    assert found["state"] == "missing"
    assert version in found["detail"]
    assert "luuky ocr back" in found["detail"]
    assert packaged in found["detail"]
