"""RabbitMQ, as the distribution packages it, with its own node name, database, cookie and port mapper."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.servers.server import Server, free_port

_PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_HELLO = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = b"\x01"


class RabbitMQ(Server):
    """`url` is `amqp://guest:guest@127.0.0.1:…//`."""

    name = "rabbitmq"
    patience = 300

    def __init__(self) -> None:
        super().__init__()
        self._ports = {"ERL_EPMD_PORT": str(free_port()), "RABBITMQ_DIST_PORT": str(free_port())}

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def prepare(self) -> None:
        if not _PROGRAM.exists():
            raise RuntimeError("RabbitMQ is not installed: apt-get install rabbitmq-server")
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("LUUKYTESTS")
        cookie.chmod(0o400)
        (self.folder / "plugins").write_text("[].")
        (self.folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\n")

    def launch(self) -> None:
        environment = {
            **self._ports,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"luuky{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
        }
        self.spawn("epmd", environment=environment)
        self.spawn(_PROGRAM, environment=environment)

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
                client.sendall(_HELLO)
                return client.recv(1) == _METHOD_FRAME
        except OSError:
            return False
