"""The choice of tools for the doors: one function for each part. The heavy tools are chosen in `worker.py`."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

from pdfa.pikepdf_check import PikepdfCheck
from pdfa.validator import Validator
from pdfa.verapdf import VeraPdf
from pipeline.celery_queue import CeleryQueue, celery_app
from pipeline.dispatcher import Dispatcher, Tools
from pipeline.indexer import Indexer
from pipeline.queue import Queue
from pipeline.sealer import Sealer
from pipeline.server_key import server_key
from pipeline.settings import Settings
from pipeline.tls import own_certificate
from pipeline.verifying import Verifier
from search.elastic import ElasticIndex
from search.index import Index
from search.tantivy import TantivyIndex
from signing.desk import SigningDesk
from signing.finish import finish_received
from signing.network import Network
from signing.settings import SigningSettings
from signing.trust import TrustList, load_trust
from storage.migrate import migrate
from storage.store import Store, open_store

BORN = "born"
PRODUCTION = "production"
DEMO = "demo"
DEMO_SERVICES = "services.json"


def store(settings: Settings, born: str = PRODUCTION) -> Store:
    """The memory, created or brought up to date if need be; a new one is born `production` unless told otherwise, for ever."""
    os.umask(0o027)
    migrate(settings.storage)
    opened = open_store(settings.storage)
    with opened.read() as tx:
        known = tx.remembered(BORN)
    if known is None:
        with opened.write() as tx:
            if tx.remembered(BORN) is None:
                tx.remember(BORN, born)
    return opened


def born(opened: Store) -> str:
    """Whether a store is `demo` or `production`."""
    with opened.read() as tx:
        return tx.remembered(BORN) or PRODUCTION


def signing_settings(opened: Store, settings: Settings) -> SigningSettings:
    """How to sign and whom to trust; a demo store brings its own authority."""
    services = settings.storage.data / "demo" / DEMO_SERVICES
    if born(opened) != DEMO or not services.exists():
        return settings.signing
    found = json.loads(services.read_text(encoding="utf-8"))
    return dataclasses.replace(settings.signing, tsa_url=found["tsa_url"], trust=Path(found["trust"]))


def tls_files(settings: Settings) -> tuple[Path, Path] | None:
    """Certificate chain and key to serve with; None without TLS."""
    if not settings.tls:
        return None
    if settings.tls_certificate and settings.tls_key:
        return settings.tls_certificate, settings.tls_key
    return own_certificate(settings.storage.data, settings.hospital)


def validators(settings: Settings) -> tuple[Validator, ...]:
    """The judges of PDF/A, the best first."""
    judges: list[Validator] = [VeraPdf(settings.pdfa)] if settings.pdfa.verapdf else []
    return (*judges, PikepdfCheck())


def signer(opened: Store, settings: Settings) -> SigningDesk:
    """Both halves of signing."""
    return SigningDesk(opened, signing_settings(opened, settings), server_key(settings.storage.data).private)


def verifier(opened: Store, settings: Settings) -> Verifier:
    """The judge of the store's own documents."""
    signing = signing_settings(opened, settings)
    trust = load_trust(signing.trust) if signing.trust else TrustList()
    return Verifier(trust, validators(settings), opened)


def verifier_for(settings: Settings, trust: Path | None, *, online: bool) -> Verifier:
    """The judge of any file: with `trust` only those roots and no register, otherwise the store's trust list and register."""
    network = Network(settings.signing.network_seconds) if online else None
    if trust is not None:
        return Verifier(load_trust(trust), validators(settings), None, network)
    opened = store(settings)
    signing = signing_settings(opened, settings)
    return Verifier(load_trust(signing.trust) if signing.trust else TrustList(), validators(settings), opened, network)


def index(settings: Settings) -> Index:
    """The search index."""
    if settings.search.elasticsearch_url:
        return ElasticIndex(settings.search)
    return TantivyIndex(settings.storage.data / "index", settings.search)


def indexer(opened: Store, settings: Settings) -> Indexer:
    """The index's writer."""
    return Indexer(opened, index(settings))


def queue(settings: Settings) -> Queue:
    """The message queue."""
    return CeleryQueue(celery_app(settings.broker_url, queue_folder(settings)))


def queue_folder(settings: Settings) -> Path:
    """Where the folder queue keeps its messages."""
    return settings.storage.data / "queue"


def dispatcher(opened: Store, settings: Settings, errands: Queue) -> Dispatcher:
    """The one process that relays, sweeps, indexes and seals."""
    data = settings.storage.data
    sealer = Sealer(opened, server_key(data), data / "audit")
    signing = signing_settings(opened, settings)
    tools = Tools(indexer(opened, settings), sealer, lambda: finish_received(opened, signing))
    return Dispatcher(opened, errands, tools, settings.processes)
