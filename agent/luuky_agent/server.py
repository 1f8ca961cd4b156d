"""The paired server over HTTP: every request is signed with this device's key (`docs/reference/agent.md`)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import ssl
import time
from collections.abc import Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from luuky_agent.errors import AgentError, away
from luuky_agent.job import Job, canonical, read_job
from luuky_agent.settings import Desk

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
ROOT = "/api/v1/agent"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """Base64 DER of a device's public key."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def pair(address: str, authority: str | None, body: dict[str, Any]) -> dict[str, Any]:
    """Show a pairing code. Raises AgentError."""
    with _client(address, authority) as client:
        return _json(_answer(client, client.build_request("POST", f"{ROOT}/pair", json=body)))


class Server:
    """Asks as this device; a context manager."""

    def __init__(self, desk: Desk, key: ec.EllipticCurvePrivateKey) -> None:
        self._desk, self._key = desk, key
        self._client = _client(desk.server, desk.authority)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def job(self, able: Sequence[str] = ()) -> Job | None:
        """What waits for this device; `able`: how its key can sign, once that is known. Raises AgentError."""
        told = f"?mechanisms={','.join(able)}" if able else ""
        answer = _json(self._call("GET", f"{ROOT}/jobs{told}"))
        return read_job(answer, self._desk, time.time())

    def document(self, job: str, item: str) -> bytes:
        """The prepared file of an item. Raises AgentError."""
        return self._call("GET", f"{ROOT}/documents/{job}/{item}").content

    def results(self, job: str, body: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Hand in results; what became of each item. Raises AgentError."""
        items = _json(self._call("POST", f"{ROOT}/results/{job}", canonical(body))).get("items")
        if not isinstance(items, dict) or not all(isinstance(one, dict) for one in items.values()):
            raise _unreadable()
        return items

    def _call(self, method: str, path: str, body: bytes = b"") -> httpx.Response:
        moment, nonce = str(int(time.time())), secrets.token_hex(16)
        line = "|".join([method, path, moment, nonce, hashlib.sha256(body).hexdigest()]).encode()
        headers = {
            "x-luuky-device": self._desk.device,
            "x-luuky-time": moment,
            "x-luuky-nonce": nonce,
            "x-luuky-signature": base64.b64encode(self._key.sign(line, ec.ECDSA(hashes.SHA256()))).decode(),
        }
        if body:
            headers["content-type"] = "application/json"
        return _answer(self._client, self._client.build_request(method, path, content=body, headers=headers))


def _client(address: str, authority: str | None) -> httpx.Client:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise AgentError(
            "not_https",
            "Địa chỉ máy chủ phải bắt đầu bằng https:// (http:// chỉ dùng trên chính máy này).",
            "The server's address must begin with https:// (http:// only for this very computer).",
        )
    try:
        trust = ssl.create_default_context(cafile=authority)  # without one: whom this computer trusts, policies included
    except OSError as error:
        raise AgentError(
            "ca", f"Không đọc được tệp chứng thư {authority}.", f"The certificate file {authority} cannot be read."
        ) from error
    return httpx.Client(base_url=f"{parts.scheme}://{parts.netloc}", verify=trust, timeout=TIMEOUT, follow_redirects=False)


def _answer(client: httpx.Client, request: httpx.Request) -> httpx.Response:
    try:
        response = client.send(request)
    except httpx.HTTPError as error:
        raise away(
            "server_away",
            "Máy chủ Lưu Ký không trả lời. Chưa mất gì; thử lại sau.",
            "The Lưu Ký server does not answer. Nothing is lost; try again later.",
        ) from error
    if response.is_success:
        return response
    raise _refusal(response)


def _refusal(response: httpx.Response) -> AgentError:
    try:
        problem = response.json()
        code, vi, en = str(problem["code"]), str(problem["title"]), str(problem["detail"])
    except (ValueError, KeyError, TypeError):
        code, vi, en = f"http_{response.status_code}", "Máy chủ từ chối yêu cầu.", "The server refused the request."
    later = response.status_code >= 500 or response.status_code in (408, 425, 429)
    return away(code, vi, en) if later else AgentError(code, vi, en)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        value = response.json()
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _unreadable() -> AgentError:
    return away("server_answer", "Máy chủ trả lời không đúng dạng.", "The server's answer cannot be read.")
