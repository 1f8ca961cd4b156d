"""`luuky up [--demo] [--lan]`: everything on this machine: web, watcher, worker, dispatcher, started, watched and restarted."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from cli import console, environment
from cli.stopping import stop_on_signal
from domain.errors import PartAway, Refused
from pipeline import wiring
from pipeline.settings import Settings
from pipeline.single import only_one
from pipeline.supervisor import Child, Supervisor
from watch_folders.settings import watch_settings

DEMO_HOSPITAL = "Bệnh viện Đa khoa Sông Mây"
PARTS = ("serve", "dispatch", "worker", "watch")


def up(
    with_demo: Annotated[
        bool, typer.Option("--demo", help="A trial with invented patients, test certificates and sample scans.")
    ] = False,
    lan: Annotated[bool, typer.Option("--lan", help="Answer the whole network, over TLS.")] = False,
    port: Annotated[int | None, typer.Option(help="The port of the web pages.")] = None,
) -> None:
    """Start everything and keep it running until stopped."""
    settings = environment.settings()
    store = wiring.store(settings, wiring.DEMO if with_demo else wiring.PRODUCTION)
    is_demo = wiring.born(store) == wiring.DEMO
    if with_demo and not is_demo:
        raise Refused(
            "production_data",
            "Kho dữ liệu này là kho thật nên không mở được ở chế độ thử. Đặt LUUKY_DATA sang thư mục khác.",
            "This data folder is a production one and never becomes a trial. Point LUUKY_DATA elsewhere.",
        )
    port = port or _free_port(settings)
    address = f"{'https' if lan else 'http'}://{socket.gethostname() if lan else '127.0.0.1'}:{port}"
    variables = {**os.environ, "LUUKY_PORT": str(port)}
    if lan:
        variables |= {"LUUKY_HOST": "0.0.0.0", "LUUKY_TLS": "1"}  # noqa: S104 - the whole network is what --lan means
    with only_one(store.engine, settings.storage.data) as free:
        if not free:
            raise PartAway("running", "Lưu Ký đang chạy trên kho này rồi.", "Lưu Ký is running on this data folder already.")
    children = [Child(name, [sys.executable, "-m", "cli", name]) for name in PARTS]
    if is_demo:
        variables.setdefault("LUUKY_HOSPITAL", DEMO_HOSPITAL)
        variables.setdefault("LUUKY_PDFA_VERIFY_URL", address)
        subprocess.run([sys.executable, "-m", "cli.demo"], check=True)
        folder = str(settings.storage.data / "demo")
        children.insert(0, Child("demo authority", [sys.executable, "-m", "signing.demo_authority", folder]))
        services = [sys.executable, "-m", "signing.demo_services", folder, wiring.demo_port(settings)]
        children.insert(1, Child("demo services", services))
        variables["SOFTHSM2_CONF"] = f"{folder}/softhsm2.conf"
    Supervisor(children, variables, stop_on_signal()).run(_Greeting(settings, address, is_demo=is_demo).tell_once)


def _free_port(settings: Settings) -> int:
    for port in (settings.port, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PartAway("no_port", "Không còn cổng mạng nào trống.", "No network port is free.")


class _Greeting:
    """Prints the address once the web pages answer, and the demo's logins the first time."""

    def __init__(self, settings: Settings, address: str, *, is_demo: bool) -> None:
        self._settings = settings
        self._address = address
        self._demo = is_demo
        self._next = 0.0
        self._told = False

    def tell_once(self) -> None:
        """At every look of the supervisor."""
        if self._told or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.5
        try:
            socket.create_connection(("127.0.0.1", int(self._address.rsplit(":", 1)[1])), timeout=1).close()
        except OSError:
            return
        self._told = True
        console.out.print(f"\nLưu Ký: {self._address}\n", markup=False)
        for profile in watch_settings(self._settings.storage.data).profiles:
            if profile.uploads:
                continue
            console.out.print(f"Thư mục nhận bản quét / watched folder: {profile.path}", markup=False)
        if self._demo:
            self._tell_demo(self._settings.storage.data)

    def _tell_demo(self, data: Path) -> None:
        console.out.print(
            "\nMÔI TRƯỜNG THỬ: người bệnh và chứng thư đều là giả / a trial: patients and certificates are invented"
        )
        console.out.print((data / "demo" / "logins.txt").read_text(encoding="utf-8"), markup=False)
