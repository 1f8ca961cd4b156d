"""`luuky serve`: the web pages and the HTTP interface only."""

from __future__ import annotations

from pathlib import Path

from api.app import create_app
from api.server import Server
from api.services import Folder, Kind, Part, Seal, Services
from api.settings import ApiSettings
from cli import environment
from domain.documents import Document, Origin
from domain.errors import Message
from filing.arrange import PageDesk
from filing.catalogue import forms
from filing.review import PatientReview
from ocr.correct import WordDesk
from pipeline import health, wiring, wiring_judges, wiring_orders, wiring_trust
from pipeline.block_desk import BlockDesk
from pipeline.court import Court
from pipeline.sealer import verify_audit
from pipeline.server_key import server_key
from pipeline.settings import Settings
from search.hits import locate
from signing.admission import ClaimDesk
from signing.copies import CopyDesk
from signing.wording import sentences
from storage.store import Store
from watch_folders.settings import UPLOAD_SEPARATOR, watch_settings


def serve() -> None:
    """Serve until stopped."""
    settings = environment.with_judge(environment.settings())
    judges = wiring_judges.court(settings)
    store = wiring.store(settings)
    app = create_app(services(store, settings, judges))
    try:
        Server(app, settings.host, settings.port, wiring.tls_files(settings)).run()
    finally:
        judges.close()


def services(store: Store, settings: Settings, judges: Court) -> Services:
    """Everything the web is given."""
    orders = wiring_orders.desk(store, settings)
    return Services(
        store=store,
        index=wiring.index(settings),
        locate_hits=locate,
        accept_upload=lambda path, origin: _to_the_watcher(path, origin, settings.storage.data / "uploads"),
        review=PatientReview(store),
        words=WordDesk(store),
        pages=PageDesk(store),
        signer=wiring_judges.signer(store, settings),
        examiner=wiring_judges.examiner(judges, store, settings),
        verify_document=wiring_judges.verifier(store, settings).document,
        verdict_sentences=sentences,
        verify_audit=lambda: _seal(store, settings),
        blocks=BlockDesk(),
        copies=CopyDesk(store),
        settings=ApiSettings(settings.hospital, wiring.born(store) == wiring.DEMO, settings.tls),
        health=lambda: parts(store, settings),
        lasting=lambda: health.lasting(store, settings),
        trust=wiring_trust.trust_desk(store, settings),
        claims=ClaimDesk(store),
        kinds=lambda: [Kind(form.code, form.title) for form in forms() if form.code],
        folders=lambda: _folders(settings.storage.data),
        orders=orders,
    )


def parts(store: Store, settings: Settings) -> list[Part]:
    """What the health page shows."""
    return [Part(one.part, one.state, Message(one.part, one.detail_vi, one.detail)) for one in health.examine(store, settings)]


def _to_the_watcher(path: Path, origin: Origin, folder: Path) -> Document | None:
    """An upload is a file that lands in a watched folder: taken, kept and refused like any other."""
    folder.mkdir(exist_ok=True)
    path.replace(folder / f"{origin.operator or ''}{UPLOAD_SEPARATOR}{Path(origin.name).name}")
    return None


def _seal(store: Store, settings: Settings) -> Seal:
    data = settings.storage.data
    report = verify_audit(store, server_key(data), data / "audit")
    return Seal(report.sealed, report.unsealed, report.faults)


def _folders(data: Path) -> list[Folder]:
    profiles = watch_settings(data).profiles
    return [Folder(p.name, str(p.path), p.department, p.kind) for p in profiles if not p.uploads]
