"""A certification authority for moving clocks and for lies: certomancer's OCSP, CRLs and time stamps over HTTP, in this process.

Its time is `clock`. It has one hierarchy for each era, root included; its time-stamp service, at one address, uses that of the
era. What stands in `lies` it does wrong.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from asn1crypto import ocsp, tsp
from certomancer.integrations._animator_shared import FAKE_TIME_HEADER
from certomancer.integrations.aiohttp_animator import build_animator_app
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig, ServiceLabel
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing import demo_config as demo
from signing.certificates import Signatory
from tests.servers.server import free_port

OWN_KEYS = ("root", "ica", "ocsp", "tsa", "next_tsa")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Era:
    """From `begins` on the authority is this hierarchy. Keys are `rsa` (2048, PKCS #1 v1.5) or `ec` (P-256).

    The time-stamp certificate holds for `stamps` years, signers' certificates for `signs`, authorities for `lasts`.
    """

    name: str
    begins: datetime
    key: str = "ec"
    stamps: int = 6
    signs: int = 3
    lasts: int = 25
    signers: tuple[str, ...] = ("bs",)
    crl_days: int = 30
    revoked: dict[str, datetime] = field(default_factory=dict)
    weak: tuple[str, ...] = ()
    """Whose keys are RSA of 1024 bits."""


class Authority:
    """A context manager: answers while it is open."""

    def __init__(self, folder: Path, *eras: Era) -> None:
        self.folder, self.eras, self.port = folder, eras, free_port()
        self.clock = eras[0].begins + timedelta(days=1)
        self.lies: set[str] = set()
        self.asked: list[str] = []
        self._keys: dict[str, Any] = {}
        for name in ("keys", "trust"):
            (folder / name).mkdir(parents=True)
        config = {
            "external-url-prefix": f"http://127.0.0.1:{self.port}",
            "keysets": {era.name: self._keyset(era) for era in eras},
            "pki-architectures": {era.name: _hierarchy(era) for era in eras},
        }
        self._pki = CertomancerConfig(config, key_search_dir=str(folder))
        for era in eras:
            self.trust(era.name)

    def trust(self, era: str) -> None:
        """The root of an era is put into the folder of those that are trusted."""
        (self.folder / "trust" / f"{era}.der").write_bytes(self._certificate(era, "root"))

    @property
    def tsa_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    @property
    def roots(self) -> Path:
        return self.folder / "trust"

    def signatory(self, era: str, label: str = "bs") -> Signatory:
        return Signatory(self._certificate(era, label), (self._certificate(era, "ica"),))

    def sign(self, era: str, data: bytes, label: str = "bs") -> bytes:
        key = self._keys[f"{era}-{label}"]
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        value: bytes = key.sign(data, ec.ECDSA(hashes.SHA256()))
        return value

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(20)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # ---- inside

    async def _serve(self) -> None:
        application: web.Application = build_animator_app(self._pki.pki_archs, with_web_ui=False)

        @web.middleware
        async def in_between(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._answer(request, handler)

        application.middlewares.append(in_between)
        application.router.add_post("/tsa", self._stamp)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append(request.path)
        if "silence" in self.lies:
            raise web.HTTPServiceUnavailable
        if "/ocsp/" in request.path and "ocsp_silence" in self.lies:
            raise web.HTTPServiceUnavailable
        if "/ocsp/" in request.path and "ocsp_unknown" in self.lies:
            return await self._unknown(request)
        late = timedelta(hours=2) if "stale" in self.lies else timedelta(0)
        return await handler(request.clone(headers={**request.headers, FAKE_TIME_HEADER: (self.clock - late).isoformat()}))

    async def _unknown(self, request: web.Request) -> web.Response:
        _, era, _, label = request.path.split("/")
        responder = self._pki.get_pki_arch(ArchLabel(era)).service_registry.summon_responder(ServiceLabel(label), self.clock)
        known = responder.revinfo_interface
        known.check_revocation_status = lambda *_: (ocsp.CertStatus("unknown"), [])  # type: ignore[method-assign]
        answer = responder.build_ocsp_response(ocsp.OCSPRequest.load(await request.read()))
        return web.Response(body=answer.dump(), content_type="application/ocsp-response")

    async def _stamp(self, request: web.Request) -> web.Response:
        if "tsa_silence" in self.lies:
            raise web.HTTPServiceUnavailable
        era = [one for one in self.eras if one.begins <= self.clock][-1]
        label = "next" if "another_certificate" in self.lies else "tsa"
        off = timedelta(minutes=20) if "clock" in self.lies else timedelta(0)
        services = self._pki.get_pki_arch(ArchLabel(era.name)).service_registry
        service = services.summon_timestamper(ServiceLabel(label), self.clock + off)
        asked = tsp.TimeStampReq.load(await request.read())
        if asked["req_policy"].native and "policy" not in self.lies:
            service.policy = asked["req_policy"]
        if "imprint" in self.lies:
            asked["message_imprint"]["hashed_message"] = bytes(len(asked["message_imprint"]["hashed_message"].native))
        return web.Response(body=service.request_tsa_response(asked).dump(), content_type="application/timestamp-reply")

    def _certificate(self, era: str, label: str) -> bytes:
        der: bytes = self._pki.get_pki_arch(ArchLabel(era)).get_cert(CertLabel(label)).dump()
        return der

    def _keyset(self, era: Era) -> dict[str, Any]:
        for label in (*OWN_KEYS, *era.signers):
            name = f"{era.name}-{label}"
            bits = 1024 if label in era.weak else 2048
            ours = era.key == "rsa" or label in era.weak
            key = rsa.generate_private_key(65537, bits) if ours else ec.generate_private_key(ec.SECP256R1())
            self._keys[name] = key
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (self.folder / "keys" / f"{name}.pem").write_bytes(pem)
        return {"path-prefix": "keys", "keys": {one: {"path": f"{era.name}-{one}.pem"} for one in (*OWN_KEYS, *era.signers)}}


def _hierarchy(era: Era) -> dict[str, Any]:
    names = {one: {"common-name": f"{era.name} {one}"} for one in (*OWN_KEYS, *era.signers)}
    return {
        "keyset": era.name,
        "entity-defaults": {"country-name": "VN", "organization-name": "Lưu Ký – MÔI TRƯỜNG THỬ"},
        "entities": names,
        "certs": _certificates(era),
        "services": {
            "ocsp": {"ica": {"for-issuer": "ica", "responder-cert": "ocsp", "signing-key": "ocsp"}},
            "crl-repo": {
                one: {"for-issuer": one, "signing-key": one, "simulated-update-schedule": f"P{era.crl_days}D"}
                for one in ("root", "ica")
            },
            "cert-repo": {one: {"for-issuer": one, "publish-issued-certs": True} for one in ("root", "ica")},
            "time-stamping": {
                "tsa": {"signing-key": "tsa", "signing-cert": "tsa"},
                "next": {"signing-key": "next_tsa", "signing-cert": "next_tsa"},
            },
        },
    }


def _certificates(era: Era) -> dict[str, Any]:
    born = era.begins.astimezone(UTC)
    authority = [demo._critical("basic_constraints", {"ca": True}), demo._usage("digital_signature", "key_cert_sign", "crl_sign")]
    stamping = [demo._usage("digital_signature"), demo._critical("extended_key_usage", ["time_stamping"]), demo._crl("root")]
    answering = [
        demo._usage("digital_signature"), demo._critical("extended_key_usage", ["ocsp_signing"]), {"id": "ocsp_no_check"},
    ]  # fmt: skip
    found: dict[str, Any] = {
        "root": {"subject": "root", "issuer": "root", "validity": demo._years(born, era.lasts), "extensions": authority},
        "ica": {"issuer": "root", "validity": demo._years(born, era.lasts), "extensions": [*authority, demo._crl("root")]},
        "ocsp": {"issuer": "ica", "validity": demo._years(born, era.lasts), "extensions": answering},
        "tsa": {"issuer": "root", "validity": demo._years(born, era.stamps), "extensions": stamping},
        "next_tsa": {"issuer": "root", "validity": demo._years(born, era.stamps + 2), "extensions": stamping},
    }
    for label in era.signers:
        found[label] = {**demo._certificate(demo.DemoSigner(label, label), born), "validity": demo._years(born, era.signs)}
    for label, since in era.revoked.items():
        found[label]["revocation"] = {"revoked-since": since.isoformat(), "reason": "key_compromise"}
    return found
