"""A process that reads pages of files, without any store: what `luuky digitise` spreads its pages over.

Nobody waits for a file that is missing or damaged: the next best reader reads, the log says so and `luuky doctor` too, and every
page names who read it. What this house has taught gives way to the packaged recogniser, that to Tesseract. Where nobody can read,
pages fail one by one with the reason, and rest until somebody can.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

import cv2

from domain.errors import Broken, LuukyError, PartMissing
from domain.pages import PageImage, PageReading, Word
from ingest.pages import cut
from ocr import house
from ocr.engine import Cleaned, Engine, Gray, TooLong
from ocr.fusion import Fusion
from ocr.read import read_page
from ocr.recogniser import Recogniser
from ocr.settings import Level, OcrSettings, Reader
from ocr.tesseract import Tesseract
from ocr.unread import unread
from pipeline.page_pool import NextWay
from pipeline.settings import Settings

log = logging.getLogger("luuky.reader")

Made = TypeVar("Made")


class FilePage(Protocol):
    """A page of a file: where it is, its number there, and how a person turned it."""

    @property
    def path(self) -> Path:
        """The file."""
        ...

    @property
    def page(self) -> int:
        """From 1."""
        ...

    @property
    def turn(self) -> int | None:
        """Clockwise degrees from how the file shows it; None: the reader decides."""
        ...


class _Here:
    """What this process works with."""

    settings: Settings
    engine: Engine | None = None


class Nobody:
    """The engine where there is none: text layers are taken and blank pages told all the same, others fail with the reason."""

    name = "nobody 0 none"
    asked_first = False

    def __init__(self, why: LuukyError) -> None:
        self._why = why

    def read(self, page: Cleaned) -> list[Word]:  # noqa: ARG002 - as the protocol has it
        """Raises PartMissing."""
        raise self._why

    def orientation(self, gray: Gray) -> tuple[int, float]:  # noqa: ARG002
        """Raises PartMissing."""
        raise self._why


def engine(settings: Settings) -> Engine:
    """The reader of pages that settings name, as this house has taught it, or the next best."""
    chosen = settings.ocr
    own = None if chosen.engine is Reader.TESSERACT else _own(settings)
    if own is not None and not _wants_both(chosen):
        return own
    try:
        second = Tesseract(chosen)
    except PartMissing as error:
        log.warning("%s Until then %s.", error.message.en, "our own recogniser reads alone" if own else "no page is recognised")
        return own or Nobody(error)
    return second if own is None else Fusion(own, second)


def _wants_both(chosen: OcrSettings) -> bool:
    return chosen.engine is Reader.BOTH or chosen.level is Level.THOROUGH


def _own(settings: Settings) -> Recogniser | None:
    """The best of our own that is whole."""
    try:
        taught = house.whole(settings.storage.data)
    except Broken as error:
        log.warning("%s Until then the packaged recogniser reads.", error.message.en)
        taught = None
    try:
        return Recogniser(taught, settings.ocr.marks)
    except (Broken, PartMissing) as error:
        log.warning("%s Until then Tesseract reads alone.", error.message.en)
        return None


def prepare(settings: Settings) -> None:
    """Make this process ready to read; the engine is loaded with the first page, so that a process without one costs nothing."""
    cv2.setNumThreads(1)
    _Here.settings = settings
    _Here.engine = None


def read_file_page(page: FilePage) -> PageReading:
    """Cut and read one page. Raises PartMissing, Broken, Unreadable, Refused, NextWay."""
    image = _cut(page)
    _Here.engine = _Here.engine or engine(_Here.settings)
    return in_time(lambda engine: read_page(image, engine, _Here.settings.ocr), _Here.engine)


def read_otherwise(page: FilePage) -> PageReading:
    """The same by the other engine: the first has died on this page."""
    image = _cut(page)
    alone = otherwise(_Here.settings)
    return in_time(lambda engine: read_page(image, engine, alone.ocr), engine(alone))


def leave_unread(page: FilePage) -> PageReading:
    """The page without words, its picture not even opened: both have died on it. Raises Unreadable, Refused."""
    return unread(_cut(page))


def _cut(page: FilePage) -> PageImage:
    return replace(cut(page.path, page.page, _Here.settings.ingest), turn=page.turn)


def otherwise(given: Settings) -> Settings:
    """Tesseract alone where our own recogniser was to read, else our own alone."""
    other = Reader.OWN if given.ocr.engine is Reader.TESSERACT else Reader.TESSERACT
    level = Level.FAST if given.ocr.level is Level.FAST else Level.STANDARD
    return replace(given, ocr=replace(given.ocr, engine=other, level=level))


def in_time(read: Callable[[Engine], Made], engine: Engine) -> Made:
    """What it makes with an engine. Raises NextWay where the engine gives up."""
    try:
        return read(engine)
    except TooLong as error:
        raise NextWay from error
