"""Is everything installed, reachable and safe? One finding for each part, each with what to do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from domain.copies import ending
from domain.errors import Broken, LuukyError, Message
from domain.lasting import Outlook
from domain.people import ALL
from ocr import house, weights
from ocr.settings import Reader
from pdfa.choices import MarkPlace
from pdfa.recorded import CHECK
from pdfa.verapdf import VeraPdf
from pipeline import signing_health, wiring, wiring_trust
from pipeline.settings import UNNAMED, Settings
from signing.probe import probe
from signing.renew import Renewer
from signing.rfc3161 import service
from signing.settings import SigningSettings
from signing.sunsets import Sunsets
from signing.trust import TrustList
from storage.clock import now
from storage.copies import CertifiedCopies
from storage.lasting import Lasting
from storage.proofs import Proofs
from storage.store import Store

LEAST_FREE = 5 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """About one part: `state` is `ok`, `warning`, `away` or `missing`; `detail` says what was seen, or what to do."""

    part: str
    state: str
    detail: str


def examine(store: Store, settings: Settings) -> list[Finding]:
    """Look at every part; never raises for a part that is away."""
    return [*_tools(settings), _mark(settings), *_services(store, settings), *_safety(settings)]


def _tools(settings: Settings) -> Iterator[Finding]:
    reads, wrong = _own(settings.storage.data)
    yield _recogniser(settings, reads, wrong)
    yield _tesseract(settings, alone=reads is None)
    yield _judge(settings)


def _judge(settings: Settings) -> Finding:
    """The independent judge of PDF/A."""
    judge = VeraPdf(settings.pdfa)
    if not judge.installed:
        return Finding("verapdf", "warning", "not installed: files are marked as not checked (chưa kiểm định)")
    if shutil.which(settings.pdfa.java) is None:
        return Finding("verapdf", "missing", f"apt-get install openjdk-17-jre-headless: veraPDF needs {settings.pdfa.java}")
    return Finding("verapdf", "ok", f"veraPDF {judge.version}, {settings.pdfa.verapdf}")


def _proofs(store: Store) -> Finding:
    """What no judge has passed."""
    with store.read() as tx:
        counts = Proofs(tx.connection).counts()
    if not counts.failed and not counts.unchecked:
        return Finding("pdfa", "ok", "every bound and signed document was checked")
    todo = "; run luuky custody judge" if counts.unchecked else ""
    return Finding("pdfa", "warning", f"{counts.unchecked} documents not checked, {counts.failed} not valid{todo}")


def lasting(store: Store, settings: Settings) -> tuple[Outlook, list[Message]]:
    """Until when the proofs in signed documents last, and what a person must see to."""
    renewer = Renewer(wiring.signing_settings(store, settings), now)
    with store.read() as tx:
        outlook = Lasting(tx.connection).outlook(renewer.before)
        copies, first = CertifiedCopies(tx.connection).ending(renewer.soon)
    alarms = outlook.alarms(renewer.now, renewer.soon)
    return outlook, [*alarms, ending(copies, first)] if copies else alarms


def _lasting(store: Store, settings: Settings) -> Finding:
    """Until when the proofs in signed documents last."""
    outlook, alarms = lasting(store, settings)
    if alarms:
        return Finding("lasting", "warning", f"{alarms[0].en} luuky custody lasting shows all.")
    number = sum(one.documents for one in outlook.chains)
    first = f", the first proof ends {outlook.chains[0].ends_at:%Y-%m-%d}" if outlook.chains else ""
    return Finding("lasting", "ok", f"{number} documents are proven for the long term{first}")


def _recogniser(settings: Settings, reads: str | None, wrong: LuukyError | None) -> Finding:
    """Who reads pages: our own recogniser, or Tesseract alone. `reads`, `wrong`: as `_own` says."""
    if settings.ocr.engine is Reader.TESSERACT:
        return Finding("recogniser", "ok", "Tesseract alone, as LUUKY_OCR_ENGINE says")
    if wrong is None:
        return Finding("recogniser", "ok", reads or "")
    meanwhile = f"the packaged one reads: {reads}" if reads else "Tesseract reads alone"
    return Finding("recogniser", "missing", f"{wrong.message.en} Until then {meanwhile}")


def _own(data: Path) -> tuple[str | None, LuukyError | None]:
    """Which of our own recognisers reads (name, size, SHA-256; None: none can), and what is wrong with those that do not."""
    wrong: LuukyError | None = None
    try:
        taught = house.whole(data)
    except Broken as error:
        taught, wrong = None, error
    try:
        card = weights.card(taught or weights.FOLDER)
        size = weights.size(taught or weights.FOLDER) / 1e6
    except LuukyError as error:
        return None, error
    return f"{card.name}, {size:.1f} MB, SHA-256 {card.sha256}" + (", taught by this house" if taught else ""), wrong


def _tesseract(settings: Settings, *, alone: bool) -> Finding:
    """Needed where it is to read, or where our own cannot (`alone`)."""
    languages = _output(["tesseract", "--list-langs"])
    wanted = [*settings.ocr.languages.split("+"), "osd"]
    lacking = [name for name in wanted if name not in (languages or "").split()]
    if not lacking:
        program = (_output(["tesseract", "--version"]) or "").split("\n")[0]
        library = f"; pages are read by tesserocr {metadata.version('tesserocr')}, in process" if find_spec("tesserocr") else ""
        return Finding("tesseract", "ok", program + library)
    packages = " ".join(["tesseract-ocr"] * (languages is None) + [f"tesseract-ocr-{name}" for name in lacking])
    needed = settings.ocr.engine is not Reader.OWN or alone
    return Finding("tesseract", "missing" if needed else "warning", f"apt-get install {packages}")


def _mark(settings: Settings) -> Finding:
    """Whether the mark of conversion names somebody, and leads somewhere."""
    lacking = [] if settings.pdfa.verify_url else ["LUUKY_PDFA_VERIFY_URL, or marks have no QR code"]
    named = settings.pdfa.converter or settings.pdfa.organisation or settings.hospital != UNNAMED
    lacking += [] if named else ["LUUKY_HOSPITAL, or marks and metadata name no hospital"]
    if settings.pdfa.mark is MarkPlace.NONE:
        return Finding("mark", "warning", "LUUKY_PDFA_MARK is none: pages do not say that they were converted from paper")
    detail = f"set {'; '.join(lacking)}" if lacking else f"{settings.pdfa.verify_url}{CHECK}…"
    return Finding("mark", "warning" if lacking else "ok", detail)


def _services(store: Store, settings: Settings) -> Iterator[Finding]:
    yield _asked("database", lambda: f"{store.engine.dialect.name}, {_documents(store)} documents")
    yield _proofs(store)
    yield _lasting(store, settings)
    yield _asked("index", lambda: f"{wiring.index(settings).count(ALL)} pages")
    if settings.broker_url:
        yield _asked("queue", lambda: _reachable(settings.broker_url))
    else:
        yield Finding("queue", "ok", "folder queue")
    signing = wiring.signing_settings(store, settings)
    if signing.tsa_url:
        yield _time_stamps(signing, wiring_trust.trust_desk(store, settings).known)
    else:
        yield Finding("time-stamps", "warning", "set LUUKY_SIGNING_TSA_URL; until then documents cannot be signed")
    yield _trust(store, settings)
    yield from (Finding(*found) for found in signing_health.look(store, settings))


def _trust(store: Store, settings: Settings) -> Finding:
    """Whom signatures are believed by, and what ends soon."""
    desk = wiring_trust.trust_desk(store, settings)
    alarms = desk.alarms()
    if alarms:
        return Finding("trust", "warning", f"{alarms[0].en} luuky trust list shows all.")
    ends = min(one.face.ends for one in desk.listed() if one.face.root and one.standing(now()) == "trusted")
    return Finding("trust", "ok", f"{len(desk.trust().roots)} roots, the first ends {ends:%Y-%m-%d}")


def _time_stamps(signing: SigningSettings, trust: Callable[[], TrustList]) -> Finding:
    """Whether a stamp can be had now, from a clock and a chain that proofs can rest on."""
    try:
        found = probe(service(signing), trust(), Sunsets(signing.sunsets))
    except LuukyError as error:
        return Finding("time-stamps", "away", error.message.en)
    host = urllib.parse.urlsplit(signing.tsa_url).hostname
    chain = f"{found.ends.authority}, until {found.ends.at:%Y-%m-%d} ({found.ends.what})"
    seen = f"{host} stamps by {chain}; its clock and this machine's differ by {abs(found.ahead.total_seconds()):.1f} s"
    if not found.trusted:
        return Finding("time-stamps", "warning", f"{seen}; no trusted root vouches for it: luuky trust add its root")
    return Finding("time-stamps", "ok", seen)


def _safety(settings: Settings) -> Iterator[Finding]:
    data = settings.storage.data
    free = shutil.disk_usage(data).free
    yield Finding("disk", "ok" if free > LEAST_FREE else "warning", f"{free >> 30} GiB free at {data}")
    shared = data.stat().st_mode & 0o007
    yield Finding(
        "rights", "warning" if shared else "ok", f"chmod o-rwx {data}" if shared else "only this account reads the data folder"
    )
    tmp = Path(os.path.realpath("/tmp"))  # noqa: S108 - only its free space is asked for
    yield Finding(
        "scratch",
        "ok" if shutil.disk_usage(tmp).free > LEAST_FREE >> 3 else "warning",
        f"{shutil.disk_usage(tmp).free >> 20} MiB",
    )


def _asked(part: str, question: Callable[[], str]) -> Finding:
    try:
        return Finding(part, "ok", question())
    except LuukyError as error:
        return Finding(part, "away", error.message.en)
    except OSError as error:
        return Finding(part, "away", f"no answer: {error.strerror or type(error).__name__}")


def _documents(store: Store) -> int:
    with store.read() as tx:
        return sum(tx.documents.counts().values())


def _reachable(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    port = parts.port or {"https": 443, "amqp": 5672, "amqps": 5671}.get(parts.scheme, 80)
    with socket.create_connection((parts.hostname or "localhost", port), timeout=3):
        return f"{parts.hostname}:{port}"


def _output(command: list[str]) -> str | None:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
    except FileNotFoundError:
        return None
