"""The choice of tools for the doors: one function for each part. The heavy tools are chosen in `worker.py`."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

from domain.signers import Sealing
from pipeline.settings import Settings
from pipeline.tls import own_certificate
from search.elastic import ElasticIndex
from search.index import Index
from search.tantivy import TantivyIndex
from signing.settings import SigningSettings
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
    signing = dataclasses.replace(settings.signing, tsa_url=found["tsa_url"], trust=Path(found["trust"]))
    back = f"http://{settings.host}:{settings.port}/sign/return"
    return _with_demo_providers(dataclasses.replace(signing, csc_return_url=back), found) if "port" in found else signing


def demo_port(settings: Settings) -> str:
    """Where the trial's signing services answer."""
    return str(json.loads((settings.storage.data / "demo" / DEMO_SERVICES).read_text(encoding="utf-8"))["port"])


def _with_demo_providers(signing: SigningSettings, found: dict[str, Any]) -> SigningSettings:
    """What answers as signing services in the trial, and the seal in its token; a service that settings name stays."""
    if signing.smartca_url or signing.mysign_url or signing.csc_url or signing.seal_module:
        return signing
    url, secret = f"http://127.0.0.1:{found['port']}", Path(found["secret"])
    return dataclasses.replace(
        signing,
        smartca_url=f"{url}/smartca", smartca_sp=found["client"], smartca_secret=secret,
        mysign_url=f"{url}/mysign", mysign_client=found["client"], mysign_secret=secret,
        csc_url=url, csc_client=found["client"], csc_secret=secret,
        seal_module=Path(found["seal_module"]), seal_token=found["seal_token"], seal_pin=Path(found["seal_pin"]),
    )  # fmt: skip


def sealing(opened: Store, settings: Settings) -> Sealing:
    """How the hospital's seal is put."""
    signing = signing_settings(opened, settings)
    if not signing.seal_module:
        return Sealing.NONE
    return Sealing.ITSELF if signing.seal_automatic else Sealing.PRESSED


def tls_files(settings: Settings) -> tuple[Path, Path] | None:
    """Certificate chain and key to serve with; None without TLS."""
    if not settings.tls:
        return None
    if settings.tls_certificate and settings.tls_key:
        return settings.tls_certificate, settings.tls_key
    return own_certificate(settings.storage.data, settings.hospital)


def index(settings: Settings) -> Index:
    """The search index."""
    if settings.search.elasticsearch_url:
        return ElasticIndex(settings.search)
    return TantivyIndex(settings.storage.data / "index", settings.search)
