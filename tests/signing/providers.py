"""Every provider as the tests reach it: over real HTTP at the demo's services, which a test gives rules."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from signing.batch import Waiting
from signing.csc import Csc, Manner
from signing.csc_authorization import BasicLogin, ClientLogin, Pages
from signing.demo_keys import CLIENT, SECRET
from signing.keys import Order, Provider, Scheme, Stage, Told, Transaction
from signing.mysign import MySignLogin, mysign
from signing.service import Service
from signing.settings import CscVersion
from signing.smartca import SmartCa
from tests.signing.fixtures import Hospital

USER = "bs-thao"
SECONDS = 10.0
PATIENCE = 60.0
"""Seconds after which a transaction that stays pending fails a test."""


@dataclass(frozen=True)
class At:
    """A provider that is asked, and where its questions go: the one that asks the person, and the one that fetches values."""

    provider: Provider
    asks: str
    fetches: str
    keeps_ids: bool = False
    answers_when_approved: bool = False


def csc(
    url: str, version: CscVersion, *, basic: bool = False, chunk: int = 100, seconds: float = SECONDS, approval: float = 60.0
) -> Csc:
    service = Service("csc", url, seconds=seconds)
    path = f"/csc/{version}"
    login = BasicLogin(service, f"{path}/auth/login", CLIENT, SECRET) if basic else None
    pages = Pages(service, f"{url}{path}/oauth2/authorize", f"{path}/oauth2/token", "https://luuky.example/ve", CLIENT, SECRET)
    manner = Manner(version=version, approval=approval, chunk=chunk, pause=0.05)
    return Csc(service, login or ClientLogin(service, f"{path}/oauth2/token", CLIENT, SECRET), manner, pages)


def _mysign(url: str, seconds: float, approval: float) -> Provider:
    service = Service("mysign", f"{url}/mysign", seconds=seconds)
    login = MySignLogin(service, CLIENT, SECRET, "adss:ras:profile:001")
    return mysign(service, login, approval=approval, pause=0.05)


def _smartca(url: str, seconds: float) -> Provider:
    return SmartCa(Service("smartca", f"{url}/smartca", seconds=seconds), CLIENT, SECRET)


ALL = ("csc v1", "csc v2", "csc v2 that signs later", "mysign", "smartca")


def at(kind: str, url: str, seconds: float = SECONDS, approval: float = 60.0) -> At:
    """A provider, of which an answer may take `seconds`, and a person `approval`."""
    authorize = "credentials/authorize"
    match kind:
        case "csc v1":
            return At(
                csc(url, CscVersion.V1, seconds=seconds, approval=approval),
                authorize,
                "signatures/signHash",
                answers_when_approved=True,
            )
        case "csc v2":
            return At(csc(url, CscVersion.V2, seconds=seconds, approval=approval), authorize, "credentials/authorizeCheck")
        case "csc v2 that signs later":
            return At(csc(f"{url}/later", CscVersion.V2, seconds=seconds, approval=approval), authorize, "signatures/signPolling")
        case "mysign":
            return At(_mysign(url, seconds, approval), authorize, "signatures/signHash", answers_when_approved=True)
        case _:
            return At(_smartca(url, seconds), "signatures/sign", "/status", keeps_ids=True)


def order(hospital: Hospital, label: str = USER, count: int = 2, *, name: str = "", again: bool = False) -> Order:
    certificate = hospital.authority.token(label).certificate
    scheme = Scheme.ECDSA if label == "bs-dung" else Scheme.PKCS1
    digests = {f"ky-{number}": bytes([number]) * 32 for number in range(count)}
    return Order(name or f"lan-{time.monotonic_ns()}", label, certificate, digests, scheme, again)


def finished(provider: Provider, transaction: Transaction) -> Transaction:
    """Ask until it is over; what is kept in between is JSON."""
    until = time.monotonic() + PATIENCE
    while transaction.stage is Stage.PENDING and time.monotonic() < until:
        time.sleep(0.05)
        transaction = Transaction.from_json(json.loads(json.dumps(provider.poll(transaction, Told()).as_json())))
    return transaction


def batch(hospital: Hospital, folder: Path, count: int) -> list[Waiting]:
    first = folder / "0.pdf"
    half = hospital.prepared(hospital.fields(), first, USER, "TacGia")
    copies = [shutil.copyfile(first, folder / f"{number}.pdf") for number in range(1, count)]
    return [Waiting(str(number), path, half) for number, path in enumerate([first, *copies])]
