"""Running the application under uvicorn, so that open event streams never hold up a shutdown."""

from __future__ import annotations

import socket
from pathlib import Path

import uvicorn
from fastapi import FastAPI

GRACE = 2
"""Seconds that running requests get at shutdown."""


class Server(uvicorn.Server):
    """Ends the event streams first: uvicorn waits for open responses, and those would stay open for ever."""

    def __init__(self, app: FastAPI, host: str, port: int, tls: tuple[Path, Path] | None) -> None:
        """`tls`: certificate and key (PEM); None: plain HTTP."""
        certificate, key = (str(tls[0]), str(tls[1])) if tls else (None, None)
        config = uvicorn.Config(
            app, host=host, port=port, ssl_certfile=certificate, ssl_keyfile=key, timeout_graceful_shutdown=GRACE,
            log_level="warning", access_log=False, server_header=False,
        )  # fmt: skip
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._app.state.live.close()
        await super().shutdown(sockets)
