"""A process that reads pages of files, without any store: what `luuky digitise` spreads its pages over."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import cv2

from domain.errors import Broken, PartMissing
from domain.pages import PageReading
from ingest.pages import cut
from ocr import house, weights
from ocr.engine import Engine
from ocr.fusion import Fusion
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import Level, Reader
from ocr.tesseract import Tesseract
from pipeline.settings import Settings


class FilePage(Protocol):
    """A page of a file: where it is, and its number there."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def page(self) -> int:
        """From 1."""
        ...


class _Here:
    """What this process works with."""

    settings: Settings
    engine: Engine


def engine(settings: Settings) -> Engine:
    """The reader of pages that settings name, as this house has taught it; Tesseract where our own was not installed.

    Raises PartMissing, Broken.
    """
    chosen = settings.ocr
    if chosen.engine is Reader.TESSERACT or not weights.installed():
        return Tesseract(chosen)
    own = _own(settings.storage.data)
    if chosen.engine is Reader.BOTH or chosen.level is Level.THOROUGH:
        return Fusion(own, Tesseract(chosen))
    return own


def _own(data: Path) -> Recogniser:
    taught = house.in_use(data)
    try:
        return Recogniser(taught)
    except (Broken, PartMissing) as error:
        if taught is None:
            raise
        raise house.damaged(taught.name) from error


def prepare(settings: Settings) -> None:
    """Make this process ready to read."""
    cv2.setNumThreads(1)
    _Here.settings = settings
    _Here.engine = engine(settings)


def read_file_page(page: FilePage) -> PageReading:
    """Cut and read one page."""
    image = cut(page.path, page.page, _Here.settings.ingest)
    return read_page(image, _Here.engine, _Here.settings.ocr)
