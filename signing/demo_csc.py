"""A Cloud Signature Consortium service of the demo, versions 1.0.4 and 2, and the MySign-like one beside it.

Every signer has four keys of different manners, which are all the one in the token: `LABEL.phone`, `LABEL.pin` (PIN and one-time
password), `LABEL.page` (approved on a page), and in version 2 `LABEL.phone` answers with a handle.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from signing import csc_wire as wire
from signing.demo_keys import CLIENT, PIN, SECRET, Keys
from signing.demo_phone import Phone, Prompt
from signing.keys import Scheme

MOST = 20
TRIES = 3
"""Wrong PINs before a key is locked."""


class Wrong(Exception):
    """An answer of the interface's own kind of error."""

    def __init__(self, error: str, description: str = "", status: int = 400) -> None:
        super().__init__(error)
        self.body, self.status = {"error": error, "error_description": description}, status


@dataclass
class Approval:
    """What a SAD stands for."""

    credential: str
    hashes: list[str]
    left: int


@dataclass
class Csc:
    """The service. `async_mode`: version 2 signs behind the caller's back; `lists`: a MySign wants documents listed."""

    keys: Keys
    phone: Phone
    async_mode: bool = False
    tokens: dict[str, str] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    waiting: dict[str, tuple[Prompt, Approval]] = field(default_factory=dict)
    done: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    codes: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    otp: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    def routes(self, prefix: str, version: str) -> list[web.RouteDef]:
        """Everything the service answers below `prefix`, as `v1` or `v2`."""
        root = f"{prefix}/csc/{version}"
        open_to_all = {"info": self._info, "auth/login": self._login, "oauth2/token": self._token}
        closed = {
            "credentials/list": self._list,
            "credentials/info": self._describe,
            "credentials/authorize": self._authorize,
            "credentials/authorizeCheck": self._check,
            "credentials/sendOTP": self._send,
            "credentials/getChallenge": self._send,
            "credentials/extendTransaction": self._extend,
            "signatures/signHash": self._sign,
            "signatures/signPolling": self._poll,
        }
        found = [web.post(f"{root}/{name}", self._answering(version, what, known=False)) for name, what in open_to_all.items()]
        found += [web.post(f"{root}/{name}", self._answering(version, what, known=True)) for name, what in closed.items()]
        return [*found, web.get(f"{root}/oauth2/authorize", self._page)]

    def login_of_mysign(self, prefix: str) -> web.RouteDef:
        """What the MySign-like service has instead of the ways of the Consortium."""
        return web.post(f"{prefix}/v1/login", self._mysign_login)

    def _answering(self, version: str, what: Any, *, known: bool) -> Any:
        async def handler(request: web.Request) -> web.Response:
            self.log.append(request.path)
            if known and request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
                return web.json_response({"error": "invalid_token"}, status=401)
            try:
                status, body = await what(request, version)
            except Wrong as error:
                return web.json_response(error.body, status=error.status)
            return web.json_response(body, status=status) if status != 204 else web.Response(status=204)

        return handler

    # ---- logging in

    async def _info(self, _: web.Request, version: str) -> tuple[int, Any]:
        methods = ["credentials/extendTransaction", "signatures/signHash"]
        body = {"specs": "1.0.4.0" if version == "v1" else "2.0.0.2", "name": "Lưu Ký demo", "methods": methods}
        return 200, body | ({"asynchronousOperationMode": True} if self.async_mode else {})

    async def _login(self, request: web.Request, _: str) -> tuple[int, Any]:
        body = await request.json()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if body.get("refresh_token") not in self.tokens and request.headers.get("Authorization") != f"Basic {basic}":
            raise Wrong("authentication_error")
        return 200, self._issued("") | {"refresh_token": self._issued("")["access_token"]}

    async def _token(self, request: web.Request, _: str) -> tuple[int, Any]:
        form = {name: str(value) for name, value in (await request.post()).items()}
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            raise Wrong("invalid_client", status=401)
        match form.get("grant_type"):
            case "client_credentials":
                return 200, self._issued("")
            case "refresh_token" if form.get("refresh_token") in self.tokens:
                return 200, self._issued(self.tokens[form["refresh_token"]])
            case "authorization_code" if form.get("code") in self.codes:
                return 200, self._redeemed(form)
        raise Wrong("invalid_grant")

    def _redeemed(self, form: dict[str, str]) -> dict[str, Any]:
        user, asked = self.codes.pop(form["code"])
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked["code_challenge"] != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            raise Wrong("invalid_grant")
        if asked["scope"] == "service":
            return self._issued(user) | {"refresh_token": self._issued(user)["access_token"]}
        hashes = [
            base64.b64encode(base64.urlsafe_b64decode(one)).decode() for one in (asked.get("hash") or asked["hashes"]).split(",")
        ]
        return {"access_token": self._approve(asked["credentialID"], hashes), "token_type": "SAD", "expires_in": 300}

    async def _page(self, request: web.Request) -> web.Response:
        """The page on which a person logs in or approves: here it sends the browser straight back."""
        asked = dict(request.query)
        if self.phone.answer != "approve":
            back = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(8)
            self.codes[code] = (self.keys.visitor, asked)
            back = {"code": code, "state": asked["state"]}
        return web.Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    async def _mysign_login(self, request: web.Request) -> web.Response:
        body = await request.json()
        known = (body.get("client_id"), body.get("client_secret"), body.get("profile_id")) == (
            CLIENT,
            SECRET,
            "adss:ras:profile:001",
        )
        if not known or self.keys.label(str(body.get("user_id"))) is None:
            return web.json_response({"error": "invalid_client", "error_description": "login failed"}, status=400)
        return web.json_response(self._issued(str(body["user_id"])))

    def _issued(self, user: str) -> dict[str, Any]:
        token = secrets.token_urlsafe(16)
        self.tokens[token] = user
        return {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    # ---- keys

    async def _list(self, request: web.Request, _: str) -> tuple[int, Any]:
        own = self.tokens[request.headers["Authorization"].removeprefix("Bearer ")]
        label = self.keys.label(str((await request.json()).get("userID") or own))
        return 200, {"credentialIDs": [f"{label}.{manner}" for manner in ("phone", "pin", "page")] if label else []}

    async def _describe(self, request: web.Request, version: str) -> tuple[int, Any]:
        label, manner = self._credential(await request.json())
        wanted = self.keys.wanted.get(label, "phone")
        key = self.keys.key(label)
        ec = key.schemes == (Scheme.ECDSA,)
        chain = [base64.b64encode(one).decode() for one in (key.certificate, *self.keys.roots)]
        mode = {"phone": "implicit", "pin": "explicit", "page": "oauth2code"}[manner]
        body = {
            "key": {
                "status": "enabled" if manner == wanted else "disabled",
                "algo": [wire.ECDSA_SHA256] if ec else [wire.RSA, wire.RSA_PSS],
                "len": 2048,
            },
            "cert": {"status": "valid", "certificates": chain},
            "SCAL": "2",
            "multisign": MOST,
        }
        if version == "v1":
            asked = {"PIN": {"presence": "true"}, "OTP": {"presence": "true", "type": "online"}} if manner == "pin" else {}
            return 200, {**body, "authMode": mode, **asked}
        objects = [{"type": "Password", "id": "PIN"}, {"type": "ChallengeResponse", "id": "OTP"}] if manner == "pin" else []
        return 200, {**body, "auth": {"mode": "oauth2code" if manner == "page" else "explicit", "objects": objects}}

    def _credential(self, body: dict[str, Any]) -> tuple[str, str]:
        label, _, manner = str(body.get("credentialID", "")).rpartition(".")
        if self.keys.label(label) is None or manner not in ("phone", "pin", "page"):
            raise Wrong("invalid_request", "Invalid parameter credentialID")
        return label, manner

    # ---- approval

    async def _send(self, request: web.Request, _: str) -> tuple[int, Any]:
        label, _manner = self._credential(await request.json())
        self.otp[label] = f"{secrets.randbelow(10**6):06d}"
        return 204, {}

    async def _authorize(self, request: web.Request, version: str) -> tuple[int, Any]:
        body = await request.json()
        label, manner = self._credential(body)
        hashes = body.get("hash" if version == "v1" else "hashes") or []
        if not 0 < body["numSignatures"] <= MOST or len(hashes) != body["numSignatures"]:
            raise Wrong("invalid_request", "Numbers of signatures is too high")
        if "/mysign/" in request.path and [one["document_id"] for one in body.get("documents", [])] == []:
            raise Wrong("invalid_request", "documents")
        if manner == "pin":
            self._admit(label, body, version)
            return 200, {"SAD": self._approve(body["credentialID"], hashes), "expiresIn": 300}
        prompt = self.phone.ask(label, len(hashes), body.get("description", ""))
        approval = Approval(body["credentialID"], hashes, len(hashes))
        if version == "v2":
            handle = secrets.token_urlsafe(8)
            self.waiting[handle] = (prompt, approval)
            return 202, {"handle": handle}
        return 200, self._decided(await self.phone.decided(prompt), approval)

    async def _check(self, request: web.Request, _: str) -> tuple[int, Any]:
        handle = (await request.json()).get("handle")
        if handle not in self.waiting:
            raise Wrong("invalid_request", "Invalid parameter handle")
        prompt, approval = self.waiting[handle]
        if prompt.state() == "pending":
            return 202, {"handle": handle}
        return 200, self._decided(prompt.state(), approval)

    def _decided(self, state: str, approval: Approval) -> dict[str, Any]:
        if state == "decline":
            raise Wrong("access_denied", "The user declined")
        if state == "expire":
            raise Wrong("invalid_request", "The authorization request has expired")
        return {"SAD": self._approve(approval.credential, approval.hashes), "expiresIn": 300}

    def _admit(self, label: str, body: dict[str, Any], version: str) -> None:
        given = {one["id"]: one.get("value") for one in body.get("authData", [])} if version == "v2" else body
        if self.wrong.get(label, 0) >= TRIES:
            raise Wrong("invalid_request", "Credential locked")
        if given.get("PIN") != PIN:
            self.wrong[label] = self.wrong.get(label, 0) + 1
            raise Wrong("invalid_pin" if version == "v1" else "invalid_authentication_data", "The PIN is invalid")
        if not given.get("OTP") or given["OTP"] != self.otp.pop(label, None):
            raise Wrong("invalid_otp" if version == "v1" else "invalid_authentication_data", "The OTP is invalid")
        self.wrong[label] = 0

    def _approve(self, credential: str, hashes: list[str]) -> str:
        sad = secrets.token_urlsafe(12)
        self.approvals[sad] = Approval(credential, hashes, len(hashes))
        return sad

    async def _extend(self, request: web.Request, version: str) -> tuple[int, Any]:
        body = await request.json()
        approval = self.approvals.pop(body.get("SAD"), None)
        hashes = body.get("hash" if version == "v1" else "hashes")
        if approval is None or not set(hashes) <= set(approval.hashes):
            raise Wrong("invalid_request", "Invalid parameter SAD")
        sad = self._approve(approval.credential, approval.hashes)
        self.approvals[sad].left = approval.left
        return 200, {"SAD": sad}

    # ---- values

    async def _sign(self, request: web.Request, version: str) -> tuple[int, Any]:
        body = await request.json()
        approval = self.approvals.get(body.get("SAD"))
        hashes = body.get("hash" if version == "v1" else "hashes") or []
        if body.get("hashAlgo" if version == "v1" else "hashAlgorithmOID") != wire.SHA256:
            raise Wrong("invalid_request", "Invalid parameter hashAlgo")
        if approval is None or approval.credential != body.get("credentialID") or not set(hashes) <= set(approval.hashes):
            raise Wrong("invalid_request", "Hash is not authorized by the SAD")
        if len(hashes) > approval.left:
            raise Wrong("invalid_request", "SAD expired")
        approval.left -= len(hashes)
        label = approval.credential.rpartition(".")[0]
        scheme = Scheme.PSS if (body["signAlgo"], body.get("signAlgoParams")) == (wire.RSA_PSS, wire.PSS_PARAMETERS) else None
        values = [self.keys.value(label, base64.b64decode(one), scheme) for one in hashes]
        if body.get("operationMode") == "A":
            name = secrets.token_urlsafe(8)
            self.done[name] = (2, values)
            return 200, {"responseID": name}
        return 200, {"signatures": values}

    async def _poll(self, request: web.Request, _: str) -> tuple[int, Any]:
        name = (await request.json()).get("requestID")
        if name not in self.done:
            raise Wrong("invalid_request", "Invalid parameter requestID")
        looks, values = self.done[name]
        self.done[name] = (looks - 1, values)
        return (202, {"error": "accepted_request"}) if looks else (200, {"signatures": values})
