"""The worker process: the one place that holds the heavy tools. `serve` runs workers on the queue; `do` is one errand.

Tools are made in each worker process after it has started, never in the parent: database connections do not survive a fork.
OpenCV, the recogniser and what else meets hostile pages work in a process behind the worker (`guard.py`, `heavy.py`): a page that
kills it is read otherwise or left unread, while the worker lives, keeps its lease and writes down what became of the page.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial

from celery.signals import worker_process_init

from custody.step import KeepStep
from domain.documents import State
from filing.step import FileStep
from ingest import refusals
from ingest.step import CutStep
from ocr.step import ReadPageStep, ReadStep
from pdfa.step import BindStep
from pdfa.validator import Judgement
from pipeline import heavy, wiring, wiring_belt, wiring_copies, wiring_judges, wiring_orders, wiring_trust
from pipeline.branch import AskOrKeep
from pipeline.celery_queue import COPY, ORDER, PAGE, PREPARE, RENEW, RENEW_COPY, STEP
from pipeline.copying import CopyRunner
from pipeline.flow import Flow
from pipeline.guard import Guard, killed
from pipeline.guarded import Behind, Guarded
from pipeline.judged import Judge, OnceJudged
from pipeline.orders import OrderRunner
from pipeline.preparing import Preparer
from pipeline.renewals import RenewalRunner
from pipeline.settings import Settings
from pipeline.steps import Runner
from pipeline.worker_name import owner
from signing.fields import Drawing
from signing.step import AskStep, ProveStep
from storage.store import Store


class _Here:
    """What this process works with."""

    runner: Runner
    renewals: RenewalRunner
    preparer: Preparer
    orders: OrderRunner
    copies: CopyRunner


def flow(store: Store, settings: Settings, guard: Guard) -> Flow:
    """The belt with all its tools; what may kill its process is done behind the guard."""
    objects = store.objects
    signing = wiring.signing_settings(store, settings)
    seconds = settings.ocr.work_seconds_a_page
    cut = Behind(guard, seconds, [heavy.cut], refusals.deadly)
    bind = Behind(guard, seconds, [heavy.bind], killed)
    judge = _judge(store, settings, guard)
    ask = AskOrKeep(
        AskStep(objects, _drawing(guard, seconds)),
        KeepStep(objects, State.BOUND),
        wiring_judges.verifier(store, settings).document,
    )
    ways = [heavy.read, heavy.read_otherwise, heavy.leave, heavy.leave_unseen]
    return Flow(
        ReadPageStep(settings.ocr, cache(lambda: guard.do([heavy.name], seconds)), Behind(guard, seconds, ways, killed)),
        [
            Guarded(CutStep(objects, settings.ingest), cut, lambda job: job.pages or settings.ingest.most_pages),
            ReadStep(),
            FileStep(),
            Guarded(BindStep(objects, (), settings.pdfa), bind, lambda job: len(job.pages)),
            OnceJudged(ask, judge),
            OnceJudged(ProveStep(objects, signing, wiring_trust.trust_desk(store, settings).trust), judge),
            OnceJudged(KeepStep(objects), judge),
        ],
    )


def _drawing(guard: Guard, seconds: float) -> Drawing:
    draw = Behind(guard, seconds, [heavy.ink, heavy.ink_unseen], killed)
    return lambda path, number: draw((path, number))


@contextmanager
def judge(settings: Settings) -> Iterator[Judge]:
    """Who judges outside the belt, by the same tools."""
    with Guard(partial(heavy.prepare, settings)) as guard:
        yield _judge(wiring.store(settings), settings, guard)


def _judge(store: Store, settings: Settings, guard: Guard) -> Judge:
    return Judge(store, _ask(settings, guard))


def _ask(settings: Settings, guard: Guard) -> Behind[str, Judgement]:
    """The judge of PDF/A, behind the guard."""
    return Behind(guard, settings.ocr.work_seconds_a_page, [heavy.judge, heavy.judge_not], killed)


def prepare(settings: Settings) -> None:
    """Make this process ready for errands; the guard first, while there are no connections that a fork would share."""
    guard = Guard(partial(heavy.prepare, settings))
    store = wiring.store(settings)
    _Here.runner = Runner(store, flow(store, settings, guard), owner())
    renewer = wiring_trust.renewer(store, settings)
    _Here.renewals = RenewalRunner(store, renewer, _ask(settings, guard), owner())
    asked = wiring_orders.providers(store, settings)
    _Here.preparer = wiring_orders.preparer(store, settings, asked)
    _Here.orders = wiring_orders.runner(store, settings, asked)
    _Here.copies = wiring_copies.runner(store, settings, asked, renewer)


def do(document_id: str, page: int | None = None) -> None:
    """One errand: the next step of a document, or the reading of one page."""
    if page is None:
        _Here.runner.run_step(document_id)
    else:
        _Here.runner.run_page(document_id, page)


def renew(document_id: str) -> None:
    """One errand: the renewal of the proof in a document."""
    _Here.renewals.run(document_id)


def order(order_id: str) -> None:
    """One errand: an order of signatures, as far as a worker takes it."""
    _Here.orders.run(order_id)


def copy(copy_id: str) -> None:
    """One errand: a certified copy that was asked for is made."""
    _Here.copies.run(copy_id)


def renew_copy(copy_id: str) -> None:
    """One errand: the renewal of the proof in a certified copy."""
    _Here.copies.renew(copy_id)


def make_ready(job_id: str) -> None:
    """One errand: a job is prepared for signing."""
    _Here.preparer.run(job_id)


def serve(settings: Settings) -> None:
    """Worker processes on the queue, one a core, until stopped."""
    app = wiring_belt.celery(settings)
    app.task(name=STEP)(do)
    app.task(name=PAGE)(do)
    app.task(name=RENEW)(renew)
    app.task(name=PREPARE)(make_ready)
    app.task(name=ORDER)(order)
    app.task(name=COPY)(copy)
    app.task(name=RENEW_COPY)(renew_copy)
    worker_process_init.connect(lambda **_: prepare(settings), weak=False)
    warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")  # messages hold ids only, as JSON
    silent = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True, "loglevel": "WARNING"}
    app.Worker(pool_cls="prefork", concurrency=settings.processes, **silent).start()
