"""The worker process: the one place that holds the heavy tools. `serve` runs workers on the queue; `do` is one errand.

Tools are made in each worker process after it has started, never in the parent: OpenCV, the recogniser and database
connections do not survive a fork.
"""

from __future__ import annotations

import warnings

import cv2
from celery.signals import worker_process_init

from custody.step import KeepStep
from domain.documents import State
from filing.step import FileStep
from ingest.step import CutStep
from ocr.step import ReadPageStep, ReadStep
from pdfa.step import BindStep
from pipeline import wiring, wiring_belt, wiring_judges
from pipeline.branch import AskOrKeep
from pipeline.celery_queue import PAGE, STEP
from pipeline.flow import Flow
from pipeline.reader import engine
from pipeline.settings import Settings
from pipeline.steps import Runner
from pipeline.worker_name import owner
from signing.step import AskStep, ProveStep
from storage.store import Store


class _Here:
    """What this process works with."""

    runner: Runner


def flow(store: Store, settings: Settings) -> Flow:
    """The belt with all its tools."""
    objects = store.objects
    signing = wiring.signing_settings(store, settings)
    keep = KeepStep(objects)
    return Flow(
        ReadPageStep(objects, engine(settings), settings.ocr),
        [
            CutStep(objects, settings.ingest),
            ReadStep(),
            FileStep(),
            BindStep(objects, wiring_judges.validators(settings), settings.pdfa),
            AskOrKeep(AskStep(objects), KeepStep(objects, State.BOUND), wiring_judges.verifier(store, settings).document),
            ProveStep(objects, signing),
            keep,
        ],
    )


def prepare(settings: Settings) -> None:
    """Make this process ready for errands."""
    cv2.setNumThreads(1)
    store = wiring.store(settings)
    _Here.runner = Runner(store, flow(store, settings), owner())


def do(document_id: str, page: int | None = None) -> None:
    """One errand: the next step of a document, or the reading of one page."""
    if page is None:
        _Here.runner.run_step(document_id)
    else:
        _Here.runner.run_page(document_id, page)


def serve(settings: Settings) -> None:
    """Worker processes on the queue, one a core, until stopped."""
    app = wiring_belt.celery(settings)
    app.task(name=STEP)(do)
    app.task(name=PAGE)(do)
    worker_process_init.connect(lambda **_: prepare(settings), weak=False)
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")  # messages hold ids only, as JSON
    silent = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True, "loglevel": "WARNING"}
    app.Worker(pool_cls="prefork", concurrency=settings.processes, **silent).start()
