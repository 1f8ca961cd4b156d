"""Who reads is decided by the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr import weights
from ocr.engine import Engine
from ocr.fusion import Fusion
from ocr.recogniser import Recogniser
from ocr.settings import Level, OcrSettings, Reader
from ocr.tesseract import Tesseract
from pipeline.reader import engine
from pipeline.settings import Settings
from storage.settings import StorageSettings


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        (OcrSettings(), Recogniser),
        (OcrSettings(level=Level.FAST), Recogniser),
        (OcrSettings(level=Level.THOROUGH), Fusion),
        (OcrSettings(engine=Reader.BOTH), Fusion),
        (OcrSettings(engine=Reader.TESSERACT), Tesseract),
        (OcrSettings(engine=Reader.TESSERACT, level=Level.THOROUGH), Tesseract),
    ],
)
def test_the_settings_name_the_reader(chosen: OcrSettings, kind: type[Engine], tmp_path: Path) -> None:
    assert type(engine(Settings(storage=StorageSettings(data=tmp_path), ocr=chosen))) is kind


def test_it_is_known_whether_our_own_was_installed(tmp_path: Path) -> None:
    assert weights.installed()
    assert not weights.installed(tmp_path)
