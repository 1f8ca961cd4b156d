"""Settings come from the environment, all of them, and a misspelt one is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.environment import names, settings
from domain.errors import Refused
from ocr.settings import Level

ROOT = Path(__file__).parents[2]


def test_every_room_can_be_set():
    found = settings(
        {"LUUKY_DATA": "/d", "LUUKY_OCR_LEVEL": "fast", "LUUKY_INGEST_MOST_PAGES": "7", "LUUKY_TLS": "yes", "LUUKY_WORKERS": "3"}
    )
    assert found.storage.data == Path("/d")
    assert found.ocr.level is Level.FAST
    assert found.ingest.most_pages == 7
    assert found.tls is True
    assert found.processes == 3


def test_without_any_setting_the_data_lie_where_the_desktop_standard_says():
    assert settings({"XDG_DATA_HOME": "/x"}).storage.data == Path("/x/luuky")
    assert settings({"HOME": "/home/mai"}).storage.data == Path("/home/mai/.local/share/luuky")


def test_a_process_sees_the_tokens_of_the_trial_on_its_store_and_a_question_about_other_settings_changes_nothing(
    tmp_path, monkeypatch
):
    tokens = tmp_path / "luuky" / "demo" / "softhsm2.conf"
    tokens.parent.mkdir(parents=True)
    tokens.touch()
    monkeypatch.setenv("SOFTHSM2_CONF", "/before")
    settings({"XDG_DATA_HOME": str(tmp_path)})
    assert os.environ["SOFTHSM2_CONF"] == "/before"
    for name in [name for name in os.environ if name.startswith("LUUKY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings()
    assert os.environ["SOFTHSM2_CONF"] == str(tokens)


def test_a_misspelt_setting_is_told(caplog):
    settings({"LUUKY_DATTA": "/d"})
    assert "LUUKY_DATTA" in caplog.text


@pytest.mark.parametrize("wrong", [{"LUUKY_WORKERS": "many"}, {"LUUKY_TLS": "perhaps"}, {"LUUKY_OCR_LEVEL": "best"}])
def test_a_setting_that_cannot_be_understood_is_refused(wrong):
    with pytest.raises(Refused, match="setting"):
        settings(wrong)


def test_the_reference_lists_every_setting():
    text = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name in names() if f"`{name}`" not in text]
    assert missing == []
