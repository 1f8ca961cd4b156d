"""The proxy of a house whose network has no internet: tinyproxy, from the distribution, with a list of what it lets through."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.servers.server import Server

_PROGRAM = Path("/usr/bin/tinyproxy")


class Tinyproxy(Server):
    """`url` is `http://127.0.0.1:…`; `allowed`: the hosts it lets through."""

    name = "tinyproxy"

    def __init__(self, *allowed: str) -> None:
        super().__init__()
        self._allowed = allowed

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[str]:
        """What it was asked for, as it logs it."""
        return [line for line in self.log.read_text(errors="replace").splitlines() if "Request (file descriptor" in line]

    def prepare(self) -> None:
        if not _PROGRAM.exists():
            raise RuntimeError("tinyproxy is not installed: apt-get install tinyproxy-bin")
        (self.folder / "allowed").write_text("".join(f"^{host.replace('.', chr(92) + '.')}$\n" for host in self._allowed))
        (self.folder / "tinyproxy.conf").write_text(
            f'Listen 127.0.0.1\nPort {self.port}\nFilter "{self.folder}/allowed"\nFilterDefaultDeny Yes\nFilterExtended On\n'
            "LogLevel Connect\n"
        )

    def launch(self) -> None:
        self.spawn(_PROGRAM, "-d", "-c", self.folder / "tinyproxy.conf")

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0
