"""A small real server for the desk agent: the standard library's HTTP server around `signing.desk`, as the web has it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from domain.errors import LuukyError, PartAway, PartMissing
from signing.desk import SigningDesk

ROOT = "/api/v1/agent"


@contextmanager
def serving(desk: SigningDesk) -> Iterator[str]:
    """The address of a server that answers for `desk`."""

    class Handler(_Handler):
        door = desk

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    door: SigningDesk

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _answer(self, body: bytes) -> None:
        try:
            found = self._route(body)
        except LuukyError as error:
            status = 503 if isinstance(error, PartAway | PartMissing) else 422
            message = error.message
            found = {"code": message.code, "title": message.vi, "detail": message.en, "status": status}
            self._send(status, "application/problem+json", json.dumps(found).encode())
            return
        if isinstance(found, bytes):
            self._send(200, "application/pdf", found)
        else:
            self._send(200, "application/json", json.dumps(found).encode())

    def _route(self, body: bytes) -> bytes | dict[str, Any]:
        if self.path == f"{ROOT}/pair":
            return self.door.pair(json.loads(body))
        device = self.door.device(self.command, self.path, dict(self.headers), body)
        parts = urlsplit(self.path)
        match parts.path.removeprefix(f"{ROOT}/").split("/"):
            case ["jobs"]:
                told = parse_qs(parts.query).get("mechanisms", [""])[0]
                return self.door.jobs(device, [one for one in told.split(",") if one])
            case ["documents", job, item]:
                return self.door.document(device, job, item)
            case ["results", job]:
                return self.door.complete(device, job, json.loads(body))
        raise AssertionError(self.path)

    def _send(self, status: int, media: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Silence."""
