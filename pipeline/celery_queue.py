"""The queue by Celery: on the folder queue, where nothing is installed, or on RabbitMQ (quorum queue)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from celery import Celery
from kombu.entity import Exchange
from kombu.entity import Queue as Lane
from kombu.exceptions import OperationalError

from domain.errors import PartAway
from pipeline import folder_queue
from storage.outbox import Errand

STEP = "luuky.step"
PAGE = "luuky.page"
RENEW = "luuky.renew"
PREPARE = "luuky.prepare"
ORDER = "luuky.order"
COPY = "luuky.copy"
RENEW_COPY = "luuky.renew_copy"
LANE = "luuky"
DESK_LANE = "luuky-desk"
"""For what a person waits for at the screen: a lane of its own, not behind pages that are waiting to be read."""
_TASKS = {
    "step": STEP, "page": PAGE, "renew": RENEW, "prepare": PREPARE, "order": ORDER, "copy": COPY, "renew_copy": RENEW_COPY,
}  # fmt: skip


def celery_app(broker_url: str, folder: Path) -> Celery:
    """The application; `broker_url` empty means the folder queue below `folder`."""
    app = Celery("luuky", broker=broker_url or f"{folder_queue.SCHEME}://")
    quorum = {"x-queue-type": "quorum"} if broker_url else None
    lanes = [Lane(name, Exchange(name), name, queue_arguments=quorum) for name in (LANE, DESK_LANE)]
    app.conf.update(
        broker_transport_options={"confirm_publish": True} if broker_url else folder_queue.options(folder),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_queues=lanes,
        task_routes={name: {"queue": DESK_LANE} for name in (PREPARE, ORDER, COPY)},
        task_default_queue=LANE,
        task_ignore_result=True,
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_detect_quorum_queues=True,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app


class CeleryQueue:
    """Implements `pipeline.queue.Queue`."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def send(self, errands: Iterable[Errand]) -> None:
        """Publish; the workers' tasks have the names in `_TASKS`."""
        try:
            for errand in errands:
                arguments = [errand.document_id] if errand.page is None else [errand.document_id, errand.page]
                self._app.send_task(_TASKS[errand.topic], args=arguments, ignore_result=True)
        except (OperationalError, OSError) as error:
            raise PartAway(
                "queue_away", "Hàng đợi không trả lời; công việc sẽ chờ.", "The queue does not answer; work waits."
            ) from error

    def close(self) -> None:
        """Close the broker's connections."""
        self._app.close()
