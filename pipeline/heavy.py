"""What is done behind a worker's guard: cutting, reading, binding and judging, whose native libraries meet hostile pages.

Each function is one way of doing an errand, called in a process that `prepare` has made ready. Tools are made with the first
errand that needs them, and kept.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import cv2

from domain.shown import Inked
from filing.parts import parts
from ingest.pdf import papers
from ingest.scan_time import scan_time
from ingest.step import Cut, CutJob, CutStep
from ocr.engine import Engine
from ocr.settings import OcrSettings
from ocr.step import PageLeaver, PageReader, ReadJob, ReadResult
from pdfa.inked import page_ink
from pdfa.step import BindJob, BindResult, BindStep
from pdfa.validator import Judgement, Validator, first_verdict
from pipeline import reader, wiring_judges
from pipeline.settings import Settings
from storage.objects import Objects
from storage.store import open_store


class _Here:
    """What this process works with."""

    settings: Settings


def prepare(settings: Settings) -> None:
    """Make this process ready."""
    cv2.setNumThreads(1)
    _Here.settings = settings


def cut(job: CutJob) -> list[Cut]:
    """See `CutStep.work`."""
    return CutStep(_objects(), _Here.settings.ingest).work(job)


def bind(job: BindJob) -> BindResult:
    """See `BindStep.work`."""
    return _binder().work(job)


def judge(name: str) -> Judgement:
    """What the best judge says of an object."""
    return first_verdict(_judges(), _objects().path(name))


def judge_not(name: str) -> Judgement:  # noqa: ARG001
    """No verdict on an object that killed whoever looked at it."""
    return Judgement(None, None, (), "veraPDF" if _Here.settings.pdfa.verapdf else "")


def ink(place: tuple[Path, int]) -> Inked | None:
    """Where a page of a bound file has ink."""
    return page_ink(*place)


def ink_unseen(place: tuple[Path, int]) -> Inked | None:  # noqa: ARG001
    """Nothing is known of a page that killed whoever drew it."""
    return None


def name() -> str:
    """Name, version and language of who reads first."""
    return _engine().name


def read(job: ReadJob) -> ReadResult:
    """Read a page. Raises also NextWay."""
    return _read(job, _Here.settings.ocr, _engine())


def read_otherwise(job: ReadJob) -> ReadResult:
    """Read a page by the other engine. Raises also NextWay."""
    alone = reader.otherwise(_Here.settings)
    return _read(replace(job, known=None), alone.ocr, reader.engine(alone))


def leave(job: ReadJob) -> ReadResult:
    """Leave a page unread."""
    return PageLeaver(_objects(), _Here.settings.ocr).leave(job)


def leave_unseen(job: ReadJob) -> ReadResult:
    """The same, without a look at its picture."""
    return PageLeaver(_objects(), _Here.settings.ocr).leave_unseen(job)


def _read(job: ReadJob, settings: OcrSettings, engine: Engine) -> ReadResult:
    return reader.in_time(lambda engine: PageReader(_objects(), engine, settings).read(job), engine)


@cache
def _engine() -> Engine:
    return reader.engine(_Here.settings)


@cache
def _binder() -> BindStep:
    return BindStep(_objects(), _judges(), _Here.settings.binding, parts, scan_time, papers=papers)


@cache
def _judges() -> tuple[Validator, ...]:
    return wiring_judges.validators(_Here.settings)


@cache
def _objects() -> Objects:
    return open_store(_Here.settings.storage).objects
