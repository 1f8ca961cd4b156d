"""The choice of queue and dispatcher. Apart from `wiring.py`, since only the processes of the belt need them."""

from __future__ import annotations

from collections.abc import Callable

from celery import Celery

from pipeline.celery_queue import CeleryQueue, celery_app
from pipeline.copying import CopyRenewals
from pipeline.dispatcher import Dispatcher, Tools
from pipeline.indexer import Indexer
from pipeline.queue import Queue
from pipeline.renewals import Renewals
from pipeline.sealer import Sealer
from pipeline.server_key import server_key
from pipeline.settings import Settings
from pipeline.wiring import index, signing_settings
from pipeline.wiring_orders import watch
from pipeline.wiring_trust import renewer, trust_desk
from signing.finish import finish_received
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.stamping import stamp
from storage.store import Store


def indexer(opened: Store, settings: Settings) -> Indexer:
    """The index's writer."""
    return Indexer(opened, index(settings))


def queue(settings: Settings) -> Queue:
    """The message queue."""
    return CeleryQueue(celery(settings))


def celery(settings: Settings) -> Celery:
    """The application that the dispatcher sends by and the workers listen to; the folder queue lies below the data folder."""
    return celery_app(settings.broker_url, settings.storage.data / "queue")


def dispatcher(opened: Store, settings: Settings, errands: Queue) -> Dispatcher:
    """The one process that relays, sweeps, indexes and seals."""
    data = settings.storage.data
    signing = signing_settings(opened, settings)
    sealer = Sealer(opened, server_key(data), data / "audit", _stamper(signing) if signing.tsa_url else None)
    renews, most = renewer(opened, settings), signing.renew_per_minute
    renewals = Renewals(opened, renews, most, trust_desk(opened, settings).look)
    tools = Tools(
        indexer(opened, settings), sealer, lambda: finish_received(opened, signing), renewals, watch(opened, settings),
        CopyRenewals(opened, renews, most),
    )  # fmt: skip
    return Dispatcher(opened, errands, tools, settings.processes)


def _stamper(signing: SigningSettings) -> Callable[[bytes], bytes]:
    return lambda data: stamp(data, service(signing))
