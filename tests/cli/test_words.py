"""`luuky words`: what was read, in the forms other programs take; documented exit status, nothing overwritten unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from domain.findings import Facts
from domain.pages import Box, PageReading, Word
from domain.sidecar import Sidecar, Source
from tests.cli.running import luuky


@pytest.fixture
def sidecar(tmp_path: Path) -> Path:
    """Two pages of two lines."""
    words = (
        Word("Giấy", Box(1, 1, 9, 9), 0.9, 0),
        Word("ra", Box(10, 1, 19, 9), 0.9, 0),
        Word("viện", Box(1, 20, 9, 29), 0.9, 1),
    )
    pages = tuple(PageReading(number, 100, 100, 300.0, words=words, engine="luuky 1 vie") for number in (1, 2))
    path = tmp_path / "giấy ra viện.json"
    path.write_text(json.dumps(Sidecar((Source("a.pdf", "0" * 64, 1),), pages, Facts()).as_json()), encoding="utf-8")
    return path


def test_all_forms_are_written_beside_each_other(sidecar: Path, tmp_path: Path) -> None:
    for form in ("alto", "hocr", "text"):
        ran = luuky("words", sidecar, "--as", form, "-o", tmp_path / "out")
        assert (ran.status, ran.out) == (0, ""), ran.err
    assert (tmp_path / "out" / "giấy ra viện.txt").read_text(encoding="utf-8") == "Giấy ra\nviện\n\fGiấy ra\nviện\n"
    assert 'CONTENT="viện"' in (tmp_path / "out" / "giấy ra viện.alto.xml").read_text(encoding="utf-8")
    assert ">viện</span>" in (tmp_path / "out" / "giấy ra viện.hocr").read_text(encoding="utf-8")


def test_nothing_is_overwritten_unasked(sidecar: Path, tmp_path: Path) -> None:
    (tmp_path / "giấy ra viện.txt").write_text("mine", encoding="utf-8")
    assert luuky("words", sidecar, "--as", "text", "-o", tmp_path).status == 2
    assert (tmp_path / "giấy ra viện.txt").read_text(encoding="utf-8") == "mine"
    assert luuky("words", sidecar, "--as", "text", "-o", tmp_path, "--overwrite").status == 0


def test_another_file_is_refused_and_the_others_are_written(sidecar: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[1]", encoding="utf-8")
    ran = luuky("words", tmp_path / "other.json", sidecar, "--as", "text", "-o", tmp_path / "out")
    assert ran.status == 4
    assert "not_a_sidecar" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["giấy ra viện.txt"]
