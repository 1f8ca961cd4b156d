"""What every queue must do, run by the folder queue and RabbitMQ alike, with real worker processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from domain.errors import PartAway
from pipeline.celery_queue import CeleryQueue, celery_app
from storage.outbox import Errand


@pytest.fixture(params=["folder", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("rabbitmq").url if request.param == "rabbitmq" else ""


@pytest.fixture
def queue(broker: str, tmp_path: Path) -> Iterator[CeleryQueue]:
    app = celery_app(broker, tmp_path / "queue")
    with app.connection_for_write() as connection:
        lane = app.amqp.queues["luuky"].bind(connection.default_channel)
        lane.declare()
        if broker:
            lane.purge()
    made = CeleryQueue(app)
    yield made
    made.close()


def start_worker(broker: str, folder: Path) -> subprocess.Popen[bytes]:
    """A real worker in its own process that writes each errand's name into `folder/done`."""
    (folder / "done").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.fakes.queue_worker", broker, str(folder)]
    return subprocess.Popen(command, start_new_session=True, cwd=Path(__file__).parents[2])


def done(folder: Path, expected: int, patience: float = 60.0) -> set[str]:
    """The errands done, once there are as many as expected (or patience ends)."""
    until = time.monotonic() + patience
    while time.monotonic() < until and len(list((folder / "done").iterdir())) < expected:
        time.sleep(0.05)
    return {path.name for path in (folder / "done").iterdir()}


def kill(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def errands(names: range) -> list[Errand]:
    return [Errand(n, "page" if n % 2 else "step", f"document{n}", n if n % 2 else None, urgent=False) for n in names]


def test_every_errand_reaches_a_worker(broker, queue, tmp_path):
    worker = start_worker(broker, tmp_path)
    try:
        queue.send(errands(range(40)))
        assert done(tmp_path, 40) == {f"document{n}-{n if n % 2 else None}" for n in range(40)}
    finally:
        kill(worker)


def test_a_renewal_reaches_those_who_renew(broker, queue, tmp_path):
    worker = start_worker(broker, tmp_path)
    try:
        queue.send([Errand(1, "renew", "chart", None, urgent=False), *errands(range(2, 3))])
        assert done(tmp_path, 2) == {"chart-renewed", "document2-None"}
    finally:
        kill(worker)


def test_a_job_to_prepare_does_not_wait_behind_what_was_sent_before(broker, queue, tmp_path):
    queue.send([*errands(range(2, 12)), Errand(1, "prepare", "job", None, urgent=True)])
    worker = start_worker(broker, tmp_path)
    try:
        assert len(done(tmp_path, 11)) == 11
        when = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "done").iterdir()}
        assert sum(moment < when["job-prepared"] for moment in when.values()) < 9
    finally:
        kill(worker)


def test_errands_sent_before_any_worker_runs_are_kept(broker, queue, tmp_path):
    queue.send(errands(range(5)))
    worker = start_worker(broker, tmp_path)
    try:
        assert len(done(tmp_path, 5)) == 5
    finally:
        kill(worker)


def test_a_queue_that_is_away_is_told_as_such(tmp_path):
    with pytest.raises(PartAway):
        CeleryQueue(celery_app("amqp://guest@127.0.0.1:9//", tmp_path)).send(errands(range(1)))


def test_the_folder_queue_survives_the_loss_of_its_folder_and_killed_writers(tmp_path):
    queue = CeleryQueue(celery_app("", tmp_path / "queue"))
    worker = start_worker("", tmp_path)
    try:
        queue.send(errands(range(1)))
        done(tmp_path, 1)
        subprocess.run(["rm", "-rf", tmp_path / "queue"], check=True)
        time.sleep(0.2)
        (tmp_path / "queue" / "messages").mkdir(parents=True, exist_ok=True)
        (tmp_path / "queue" / "messages" / "draft-x.luuky.msg").write_text('{"half a mess')
        queue.send(errands(range(1, 3)))
        assert len(done(tmp_path, 3)) == 3
    finally:
        kill(worker)
        queue.close()


def test_who_looks_for_messages_goes_on_while_the_folder_is_being_deleted(tmp_path):
    app, ended = celery_app("", tmp_path / "queue"), Event()

    def make_and_delete() -> None:
        while not ended.is_set():
            (tmp_path / "queue" / "messages").mkdir(parents=True, exist_ok=True)
            shutil.rmtree(tmp_path / "queue")

    deleting = Thread(target=make_and_delete)
    deleting.start()
    try:
        with app.connection_for_read() as connection:
            lane = app.amqp.queues["luuky"].bind(connection.default_channel)
            for _ in range(3000):
                assert lane.get() is None
    finally:
        ended.set()
        deleting.join()
