"""What `luuky doctor` and the health page say: of every part in both languages, and of what is not well what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.language import LANGUAGES, Translator
from cli.main import run
from domain.text import fold
from ocr.settings import OcrSettings, Reader
from pdfa.choices import MarkPlace
from pdfa.settings import PdfaSettings
from pipeline.health import examine
from pipeline.settings import Settings
from search.settings import SearchSettings
from signing.settings import SigningSettings
from storage.settings import StorageSettings
from storage.store import Store

NOWHERE = "http://127.0.0.1:9"
COMMANDS = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
REMEDIES = ("Nhờ bộ phận CNTT", "Hãy", "hãy", "Quản trị →")


def _bare(folder: Path) -> Settings:
    return Settings(StorageSettings(folder))


def _broken(folder: Path) -> Settings:
    folder.chmod(0o755)
    return Settings(
        StorageSettings(folder),
        broker_url="amqp://127.0.0.1:9",
        ocr=OcrSettings(engine=Reader.TESSERACT, languages="khong-co"),
        pdfa=PdfaSettings(mark=MarkPlace.NONE),
        search=SearchSettings(elasticsearch_url=NOWHERE),
        signing=SigningSettings(tsa_url=NOWHERE, csc_url=NOWHERE, trust=folder / "khong-co"),
    )


@pytest.mark.parametrize("made", [_bare, _broken])
def test_every_part_is_told_in_both_languages_and_what_is_not_well_with_what_to_do(made, store: Store, tmp_path: Path) -> None:
    found = examine(store, made(tmp_path))
    assert len(found) > 12
    for one in found:
        assert fold(one.detail_vi) != one.detail_vi.casefold(), f"{one.part}: no Vietnamese"
        assert one.detail
        assert one.detail != one.detail_vi
        assert all(Translator(language).has(f"health.{one.part}") for language in LANGUAGES), one.part
        assert one.state == "ok" or any(word in one.detail_vi for word in REMEDIES), one.detail_vi


def test_the_command_prints_both_languages_and_its_json_keeps_its_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LUUKY_DATA", str(tmp_path / "data"))
    assert run(["doctor", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value.keys() == {"version", "born", "parts"}
    assert {tuple(part) for part in value["parts"]} == {("part", "state", "detail_vi", "detail")}
    described = next(line for line in COMMANDS.read_text(encoding="utf-8").splitlines() if line.startswith("- `doctor`: "))
    assert all(f'"{name}"' in described for name in (*value, *value["parts"][0]))
    assert run(["doctor"]) == 0
    printed = capsys.readouterr().out
    for part in value["parts"]:
        if part["part"] in ("database", "queue", "time-stamps"):
            assert part["detail_vi"] in printed
            assert part["detail"] in printed
