"""A real Celery worker whose tasks only write down what they were asked: `python -m tests.fakes.queue_worker BROKER FOLDER`."""

import sys
from pathlib import Path

from pipeline.celery_queue import PAGE, PREPARE, RENEW, STEP, celery_app

broker, folder = sys.argv[1], Path(sys.argv[2])
app = celery_app(broker, folder / "queue")


def write(document_id: str, page: int | None = None) -> None:
    (folder / "done" / f"{document_id}-{page}").touch()


app.task(name=STEP)(write)
app.task(name=PAGE)(write)


def renew(document_id: str) -> None:
    (folder / "done" / f"{document_id}-renewed").touch()


app.task(name=RENEW)(renew)


def prepare(job_id: str) -> None:
    (folder / "done" / f"{job_id}-prepared").touch()


app.task(name=PREPARE)(prepare)


if __name__ == "__main__":
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    app.worker_main(["worker", "--concurrency=2", "--pool=prefork", *quiet])
