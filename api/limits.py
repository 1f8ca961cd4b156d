"""How much a request may carry. Checked while it arrives, before anybody looks at who sent it."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.sessions import SESSION_COOKIE

FORM = 2_000_000
"""Bytes of an ordinary form or JSON body."""
RESULTS = 20_000_000
"""Bytes of what a desk agent hands in."""

CHECKED = 64_000_000
"""Bytes of a file that somebody without a session has compared; it is hashed and not kept."""

JUDGED = 500_000_000
"""Bytes of a file whose signatures somebody has judged."""
JUDGES = ("/signatures", "/api/v1/verifications")


class BodyLimit:
    """Cuts off bodies above the limit of their place; only somebody with a session may send more than a file to compare."""

    def __init__(self, app: ASGIApp, upload: int) -> None:
        self._app = app
        self._upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what arrives."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit, arrived = self._limit(scope), 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise HTTPException(413)  # not one of ours: FastAPI would answer 400 to any other error while a body is read
            return message

        await self._app(scope, counted, send)

    def _limit(self, scope: Scope) -> int:
        path: str = scope["path"]
        if SESSION_COOKIE in Headers(scope=scope).get("cookie", ""):
            if path == "/upload":
                return self._upload
            if path in JUDGES:
                return JUDGED
        if path.startswith("/kiem-tra/"):
            return CHECKED
        return RESULTS if path.startswith("/api/v1/agent/results/") else FORM
