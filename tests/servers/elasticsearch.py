"""Elasticsearch: the core build that `fetch` put into the cache, copied so that an account other than root may run it."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from pathlib import Path

from tests.servers.server import Server, free_port

_CONFIGURATION = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: {transport}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
"""


class Elasticsearch(Server):
    """`url` is `http://127.0.0.1:…`; no security, 512 MiB of heap. It refuses root."""

    name = "elasticsearch"
    account = "nobody"
    patience = 300

    def __init__(self) -> None:
        super().__init__()
        self._transport = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _home(self) -> Path:
        return self.folder / "home"

    def prepare(self) -> None:
        fetched = subprocess.run([Path(__file__).with_name("fetch")], check=True, stdout=subprocess.PIPE, text=True)
        shutil.copytree(fetched.stdout.strip(), self._home)
        text = _CONFIGURATION.format(port=self.port, transport=self._transport)
        (self._home / "config" / "elasticsearch.yml").write_text(text)
        (self._home / "temporary").mkdir()
        self.own()

    def launch(self) -> None:
        java = shutil.which("java")
        if java is None:
            raise RuntimeError("Java is not installed: apt-get install openjdk-17-jre-headless")
        environment = {
            "ES_JAVA_HOME": str(Path(java).resolve().parents[1]),
            "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
            "ES_TMPDIR": str(self._home / "temporary"),
        }
        self.spawn(self._home / "bin" / "elasticsearch", environment=environment)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_cluster/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()
