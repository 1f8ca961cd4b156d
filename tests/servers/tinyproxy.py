"""The proxy of a house whose network has no internet: tinyproxy, from the distribution, with a list of what it lets through."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.servers.server import Server

_PROGRAM = Path("/usr/bin/tinyproxy")
_SHIPPED = Path(__file__).parents[2] / "deploy/server/tinyproxy.conf"


class Tinyproxy(Server):
    """The configuration that is shipped, on a port of its own; `allowed`: the hosts it lets through."""

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
        here = {"Port": f"{self.port}\nListen 127.0.0.1", "Filter": f'"{self.folder}/allowed"', "Allow": "127.0.0.1"}
        lines = [line.split(" ", 1) for line in _SHIPPED.read_text().splitlines() if line and not line.startswith("#")]
        kept = [f"{name} {here.get(name, value)}\n" for name, value in lines if name not in {"User", "Group", "LogFile"}]
        (self.folder / "tinyproxy.conf").write_text("".join(kept))

    def launch(self) -> None:
        self.spawn(_PROGRAM, "-d", "-c", self.folder / "tinyproxy.conf")

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0
