"""`luuky doctor` and the health page say what the mark of conversion lacks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pdfa.choices import MarkPlace
from pdfa.settings import PdfaSettings
from pipeline.finding import Finding
from pipeline.health import examine
from pipeline.settings import Settings
from storage.settings import StorageSettings
from storage.store import Store

NAMED = PdfaSettings(organisation="Bệnh viện Đa khoa Sông Mây", verify_url="https://kho.vn")


@pytest.mark.parametrize(
    ("pdfa", "state", "detail"),
    [
        (NAMED, "ok", "https://kho.vn/kiem-tra/…"),
        (replace(NAMED, verify_url=""), "warning", "LUUKY_PDFA_VERIFY_URL"),
        (replace(NAMED, organisation=""), "warning", "LUUKY_HOSPITAL"),
        (replace(NAMED, mark=MarkPlace.NONE), "warning", "LUUKY_PDFA_MARK"),
    ],
)
def test_a_mark_that_names_nobody_or_leads_nowhere_is_told(
    pdfa: PdfaSettings, state: str, detail: str, store: Store, tmp_path: Path
) -> None:
    found = next(one for one in examine(store, Settings(StorageSettings(tmp_path), pdfa=pdfa)) if one.part == "mark")
    assert isinstance(found, Finding)
    assert found.state == state
    assert detail in found.detail
