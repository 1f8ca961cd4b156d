"""A certification authority for trying things out: root, issuing CA, OCSP, CRLs, RFC 3161 time stamps, SoftHSM tokens.

`create` lays everything down in a folder, once: keys, tokens with their certificates, `trust/` with the root. `start` runs the
services as a child process, `python -m signing.demo_authority FOLDER`, which listens on 127.0.0.1 at the port that the
certificates name. A file `clock` in the folder with an ISO time moves the services' time. Never for production: it refuses.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web
from certomancer.integrations._animator_shared import FAKE_TIME_HEADER
from certomancer.integrations.aiohttp_animator import build_animator_app
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_der_public_key

from domain.errors import PartAway, PartMissing, Refused
from signing.demo_config import ARCH, OWN_KEYS, DemoSigner, configuration

MODULES = tuple(
    Path(folder, "softhsm/libsofthsm2.so") for folder in ("/usr/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu")
)
STARTS_WITHIN = 20.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class DemoToken:
    """A signer's token: PIN and certificate (DER)."""

    signer: DemoSigner
    pin: str
    certificate: bytes


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """What lies in the folder."""

    folder: Path
    port: int
    tokens: tuple[DemoToken, ...]

    @property
    def url(self) -> str:
        """Where the services answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tsa_url(self) -> str:
        """The time-stamp service."""
        return f"{self.url}/{ARCH}/tsa/tsa"

    @property
    def trust(self) -> Path:
        """Folder with the root certificate alone."""
        return self.folder / "trust"

    @property
    def softhsm_conf(self) -> Path:
        """The value of SOFTHSM2_CONF with which the tokens are seen."""
        return self.folder / "softhsm2.conf"

    @property
    def clock(self) -> Path:
        """An ISO time in this file is the services' time; no file: the real time."""
        return self.folder / "clock"

    def token(self, label: str) -> DemoToken:
        """The token of a signer."""
        return next(token for token in self.tokens if token.signer.label == label)


def module() -> Path:
    """The SoftHSM module. Raises PartMissing."""
    found = next((path for path in MODULES if path.exists()), None)
    if found is None:
        raise PartMissing("softhsm", "Chưa cài softhsm2.", "softhsm2 is not installed; run ./dev setup.")
    return found


def create(folder: Path, signers: Sequence[DemoSigner], *, production: bool, port: int = 0) -> DemoAuthority:
    """The authority in `folder`, made at the first call; a later call adds signers that are new and changes nothing else.

    `port` 0: a free one. Raises Refused `production`, PartMissing.
    """
    if production:
        raise Refused(
            "production",
            "Kho dữ liệu thật không được dùng chứng thư thử.",
            "A production store must not use the demo's certificates. Use another data folder for the demo.",
        )
    state = _read_state(folder) or {
        "port": port or free_port(),
        "born": (datetime.now(UTC) - timedelta(days=1)).replace(microsecond=0).isoformat(),
        "tokens": [],
    }
    known = {token["label"] for token in state["tokens"]}
    new = [one for one in signers if one.label not in known]
    if not known:
        _lay_down(folder)
    if new or not known:
        _add(folder, state, new)
    return load(folder)


def load(folder: Path) -> DemoAuthority:
    """The authority made in `folder` before. Raises PartMissing."""
    state = _read_state(folder)
    if state is None:
        raise PartMissing("demo_authority", "Chưa có nơi cấp chứng thư thử.", "There is no demo authority in this folder.")
    tokens = [
        DemoToken(_signer(one), one["pin"], base64.b64decode(one["certificate"]))
        for one in state["tokens"]
    ]  # fmt: skip
    return DemoAuthority(folder, state["port"], tuple(tokens))


def start(authority: DemoAuthority) -> subprocess.Popen[bytes]:
    """The services as a child process, answering. The caller ends it. Raises PartAway if they do not answer in time."""
    process = subprocess.Popen([sys.executable, "-m", "signing.demo_authority", str(authority.folder)])
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        if answers(authority):
            return process
        time.sleep(0.1)
    process.kill()
    process.wait()
    raise PartAway(
        "demo_authority",
        f"Nơi cấp chứng thư thử không khởi động được ở cổng {authority.port}.",
        f"The demo authority did not start on port {authority.port}; is the port in use?",
    )


def answers(authority: DemoAuthority) -> bool:
    """Whether this authority's services answer (and not somebody else's at the same port)."""
    try:
        answer = httpx.get(f"{authority.url}/healthz", timeout=2)
        return bool(answer.json()["folder"] == str(authority.folder.resolve()))
    except (httpx.HTTPError, ValueError, KeyError):
        return False


def serve(folder: Path) -> None:
    """Run the services until the process is ended."""
    authority = load(folder)
    web.run_app(_application(authority), host="127.0.0.1", port=authority.port, print=None, access_log=None)


def _application(authority: DemoAuthority) -> web.Application:
    state = _read_state(authority.folder) or {}
    application: web.Application = build_animator_app(_certomancer(authority.folder, state).pki_archs, with_web_ui=False)

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"folder": str(authority.folder.resolve())})

    @web.middleware
    async def at_our_time(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        headers = {**request.headers, FAKE_TIME_HEADER: _time(authority).isoformat()}
        return await handler(request.clone(headers=headers))

    application.router.add_get("/healthz", health)
    application.middlewares.append(at_our_time)
    return application


def _time(authority: DemoAuthority) -> datetime:
    try:
        return datetime.fromisoformat(authority.clock.read_text().strip())
    except (OSError, ValueError):
        return datetime.now(UTC)


def _lay_down(folder: Path) -> None:
    for name in ("keys", "tokens", "trust"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name in OWN_KEYS:
        pem = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_secret(folder / "keys" / f"{name}.pem", pem)
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {(folder / 'tokens').resolve()}\n"
        "objectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"
    )


def _add(folder: Path, state: dict[str, Any], new: list[DemoSigner]) -> None:
    orders = [{"label": one.label, "key": one.key, "pin": f"{secrets.randbelow(10**6):06d}"} for one in new]
    for order, public in zip(orders, _tokens(folder, orders), strict=True):
        key = load_der_public_key(base64.b64decode(public or ""))
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "keys" / f"{order['label']}.pub.pem").write_bytes(pem)
    state["tokens"] += [{**asdict(one), **order} for one, order in zip(new, orders, strict=True)]
    issued = _certomancer(folder, state).get_pki_arch(ArchLabel(ARCH))
    for token in state["tokens"]:
        token["certificate"] = base64.b64encode(issued.get_cert(CertLabel(token["label"])).dump()).decode()
    labels = {one.label for one in new}
    _tokens(folder, [token for token in state["tokens"] if token["label"] in labels])
    (folder / "trust" / "demo-root.der").write_bytes(issued.get_cert(CertLabel("root")).dump())
    _write_secret(folder / "authority.json", json.dumps(state, ensure_ascii=False, indent=1).encode())


def _tokens(folder: Path, orders: list[dict[str, Any]]) -> list[str | None]:
    if not orders:
        return []
    environment = {**os.environ, "SOFTHSM2_CONF": str(folder / "softhsm2.conf")}
    command = [sys.executable, "-m", "signing.demo_tokens", str(module())]
    done = subprocess.run(command, input=json.dumps(orders).encode(), env=environment, check=True, stdout=subprocess.PIPE)
    answers: list[str | None] = json.loads(done.stdout)
    return answers


def _certomancer(folder: Path, state: dict[str, Any]) -> CertomancerConfig:
    url = f"http://127.0.0.1:{state['port']}"
    value = configuration([_signer(one) for one in state["tokens"]], url, datetime.fromisoformat(state["born"]))
    return CertomancerConfig(value, key_search_dir=str(folder))


def _signer(value: dict[str, Any]) -> DemoSigner:
    return DemoSigner(value["label"], value["name"], value["key"], value["state"])


def _read_state(folder: Path) -> dict[str, Any] | None:
    try:
        state: dict[str, Any] = json.loads((folder / "authority.json").read_text())
    except FileNotFoundError:
        return None
    return state


def _write_secret(path: Path, data: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(data)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
