"""The providers of signature values by name, as the settings have them. A name travels in every transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from domain.errors import LuukyError, Message, PartMissing
from signing.csc import Csc, Manner
from signing.csc_authorization import BasicLogin, ClientLogin, CodeLogin, Login, Pages
from signing.keys import Health, Provider
from signing.mysign import MySignLogin, mysign
from signing.pin_ledger import PinLedger
from signing.seal import Seal
from signing.secret_files import secret
from signing.service import Service
from signing.settings import CscLogin, SigningSettings
from signing.smartca import SmartCa

DRIVER_SECONDS = 20.0
"""How long a token's driver may take to be looked at."""


@dataclass(frozen=True)
class Providers:
    """The providers of one process. What was opened stays open: sessions, tokens. `memory`: a folder for what all processes of
    this machine must know, such as a refused PIN.
    """

    settings: SigningSettings
    memory: Path
    _open: dict[str, Provider] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, name: str) -> Provider:
        """The provider called `name`. Raises PartMissing for one that is not configured, Refused for wrong settings."""
        with self._lock:
            if name not in self._open:
                self._open[name] = provider(self.settings, name, self.memory)
            return self._open[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Those that are configured."""
        return configured(self.settings)


def provider(settings: SigningSettings, name: str, memory: Path) -> Provider:
    """The provider called `name`. Raises PartMissing for one that is not configured, Refused for wrong settings."""
    if name not in configured(settings):
        raise PartMissing("provider", f"Chưa cấu hình dịch vụ ký {name}.", f"The signing service {name} is not configured.")
    if name == "seal":
        return Seal(settings.seal_module, settings.seal_token, settings.seal_pin, PinLedger(memory / "seal-pin"))
    return _MAKERS[name](settings)


def configured(settings: SigningSettings) -> tuple[str, ...]:
    """The names that the settings tell of."""
    told = {
        "seal": settings.seal_module,
        "csc": settings.csc_url,
        "smartca": settings.smartca_url,
        "mysign": settings.mysign_url,
    }
    return tuple(name for name, value in told.items() if value)


def check_all(settings: SigningSettings, users: Mapping[str, str], memory: Path) -> dict[str, Health]:
    """A look at every configured provider, all at once, none of which signs. `users`: by provider, a person to look up."""
    names = configured(settings)
    with ThreadPoolExecutor(max(len(names), 1)) as pool:
        found = pool.map(lambda name: _checked(settings, name, users.get(name, ""), memory), names)
        return dict(zip(names, found, strict=True))


def csc_login(settings: SigningSettings) -> Login:
    """How this server makes itself known to the Consortium's service; a `CodeLogin` is what a screen sends persons to."""
    known = secret(settings.csc_secret, "LUUKY_SIGNING_CSC_SECRET")
    pages = _csc_pages(settings, known)
    match settings.csc_login:
        case CscLogin.BASIC:
            return BasicLogin(_csc_service(settings), f"/csc/{settings.csc_version}/auth/login", settings.csc_client, known)
        case CscLogin.CLIENT:
            return ClientLogin(pages.oauth, pages.token, settings.csc_client, known)
        case CscLogin.CODE:
            if settings.csc_tokens is None:
                raise PartMissing("setting", "Chưa đặt LUUKY_SIGNING_CSC_TOKENS.", "LUUKY_SIGNING_CSC_TOKENS is not set.")
            return CodeLogin(pages, settings.csc_tokens)


def _checked(settings: SigningSettings, name: str, user: str, memory: Path) -> Health:
    """A token's driver is foreign code: it is looked at in a process of its own."""
    if name != "seal":
        return _looked_at(settings, name, user, memory)
    with ProcessPoolExecutor(1, get_context("spawn")) as aside:
        try:
            return aside.submit(_looked_at, settings, name, user, memory).result(timeout=DRIVER_SECONDS)
        except (BrokenProcessPool, TimeoutError):
            for process in list(aside._processes.values()):  # noqa: SLF001 - one that hangs is not waited for
                process.kill()
            return Health(reachable=False, authenticated=False, problem=_driver_died())


def _looked_at(settings: SigningSettings, name: str, user: str, memory: Path) -> Health:
    try:
        found = provider(settings, name, memory)
    except LuukyError as error:
        return Health(reachable=False, authenticated=False, problem=error.message)
    try:
        return found.check(user)
    finally:
        if isinstance(found, Seal):
            found.close()


def _driver_died() -> Message:
    return Message(
        "driver_died",
        "Thư viện PKCS#11 của con dấu số bị treo hoặc chết khi được gọi. Kiểm tra thiết bị và phần mềm của nhà cung cấp.",
        "The PKCS#11 library of the seal hangs or dies when it is called. Check the device and the vendor's software.",
    )


def _csc(settings: SigningSettings) -> Provider:
    personal = settings.csc_login is CscLogin.CODE
    manner = Manner(version=settings.csc_version, personal=personal, approval=settings.approval_seconds)
    pages = _csc_pages(settings, secret(settings.csc_secret, "LUUKY_SIGNING_CSC_SECRET"))
    return Csc(_csc_service(settings), csc_login(settings), manner, pages)


def _csc_service(settings: SigningSettings) -> Service:
    return Service("csc", settings.csc_url, settings.csc_ca, settings.provider_seconds, settings.proxy)


def _csc_pages(settings: SigningSettings, known: str) -> Pages:
    root = settings.csc_oauth_url.rstrip("/") or f"{settings.csc_url.rstrip('/')}/csc/{settings.csc_version}"
    oauth = Service("csc", root, settings.csc_ca, settings.provider_seconds, settings.proxy)
    return Pages(oauth, f"{root}/oauth2/authorize", "/oauth2/token", settings.csc_return_url, settings.csc_client, known)


def _smartca(settings: SigningSettings) -> Provider:
    service = Service("smartca", settings.smartca_url, settings.smartca_ca, settings.provider_seconds, settings.proxy)
    return SmartCa(service, settings.smartca_sp, secret(settings.smartca_secret, "LUUKY_SIGNING_SMARTCA_SECRET"))


def _mysign(settings: SigningSettings) -> Provider:
    service = Service("mysign", settings.mysign_url, settings.mysign_ca, settings.provider_seconds, settings.proxy)
    known = secret(settings.mysign_secret, "LUUKY_SIGNING_MYSIGN_SECRET")
    return mysign(
        service, MySignLogin(service, settings.mysign_client, known, settings.mysign_profile), settings.approval_seconds
    )


_MAKERS: Mapping[str, Callable[[SigningSettings], Provider]] = {
    "csc": _csc,
    "smartca": _smartca,
    "mysign": _mysign,
}
