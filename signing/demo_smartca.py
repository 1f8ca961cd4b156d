"""A SmartCA-like service of the demo: its own JSON, several files in a transaction, approval on the phone."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from signing.demo_keys import CLIENT, SECRET, Keys
from signing.demo_phone import Phone, Prompt

LASTS = 300
"""Seconds that a transaction waits."""


@dataclass
class SmartCa:
    """The service."""

    keys: Keys
    phone: Phone
    transactions: dict[str, tuple[Prompt, dict[str, Any]]] = field(default_factory=dict)
    """Also those of earlier runs of the rules: an id is never free again."""

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Everything the service answers."""
        return [
            web.post(f"{prefix}/v1/credentials/get_certificate", self._certificates),
            web.post(f"{prefix}/v1/signatures/sign", self._sign),
            web.post(f"{prefix}/v1/signatures/sign/{{name}}/status", self._status),
        ]

    async def _certificates(self, request: web.Request) -> web.Response:
        body = await request.json()
        if not _admitted(body):
            return _answer(401, "invalid sp_id or sp_password")
        label = self.keys.label(body["user_id"])
        if label is None:
            return _answer(404, "user not found")
        return _answer(200, "SUCCESS", {"user_certificates": [self._certificate(label)]})

    def _certificate(self, label: str) -> dict[str, Any]:
        der = self.keys.key(label).certificate
        root = base64.b64encode(self.keys.roots[0]).decode()
        return {
            "service_type": "REMOTE_SIGNING",
            "cert_id": label,
            "cert_status": "Đang hoạt động",
            "serial_number": _serial(label),
            "cert_data": base64.encodebytes(der).decode(),
            "chain_data": {"ca_cert": None, "root_cert": root},
        }

    async def _sign(self, request: web.Request) -> web.Response:
        body = await request.json()
        if not _admitted(body):
            return _answer(401, "invalid sp_id or sp_password")
        if body["transaction_id"] in self.transactions:
            return _answer(400, "transaction_id exists")
        label = self.keys.label(body["user_id"])
        if label is None or body["serial_number"] != _serial(label):
            return _answer(404, "certificate not found")
        prompt = self.phone.ask(label, len(body["sign_files"]), body["transaction_desc"])
        self.transactions[body["transaction_id"]] = (prompt, body)
        data = {"transaction_id": body["transaction_id"], "tran_code": secrets.token_hex(3), "expired_in": LASTS}
        return _answer(200, "SUCCESS", data)

    async def _status(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self.transactions:
            return _answer(404, "transaction not found")
        prompt, body = self.transactions[name]
        match prompt.state():
            case "approve":
                values = [
                    {
                        "doc_id": one["doc_id"],
                        "signature_value": self.keys.value(prompt.user, bytes.fromhex(one["data_to_be_signed"])),
                    }
                    for one in reversed(body["sign_files"])
                ]
                return _answer(200, "SUCCESS", {"transaction_id": name, "signatures": values})
            case "decline":
                return _answer(200, "REJECTED", {"transaction_id": name, "signatures": None})
            case "expire":
                return _answer(200, "EXPIRED", {"transaction_id": name, "signatures": None})
        return _answer(200, "PENDING", {"transaction_id": name, "expired_in": LASTS, "signatures": None})


def _serial(label: str) -> str:
    return label.encode().hex()


def _admitted(body: dict[str, Any]) -> bool:
    return (body.get("sp_id"), body.get("sp_password")) == (CLIENT, SECRET)


def _answer(code: int, message: str, data: dict[str, Any] | None = None) -> web.Response:
    return web.json_response({"status_code": code, "message": message, "data": data})
