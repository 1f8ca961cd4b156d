"""A whole hospital's belt as real processes on a folder: started, killed and restarted one by one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from PIL import Image, ImageDraw, ImageFont

from domain.documents import Document
from pipeline import wiring
from pipeline.belt import at_rest
from pipeline.settings import Settings
from storage.settings import StorageSettings
from storage.store import Store

ROOT = Path(__file__).parents[2]
PARTS = ("dispatch", "worker", "watch", "serve")
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


class Hospital:
    """Processes over one data folder; a context manager that leaves nothing running."""

    def __init__(self, data: Path, parts: tuple[str, ...] = PARTS, variables: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.settings = Settings(StorageSettings(data, (variables or {}).get("LUUKY_DATABASE_URL", "")))
        self.store: Store = wiring.store(self.settings)
        self.watched = data / "watch" / "may-quet-1"
        self.watched.mkdir(parents=True, exist_ok=True)
        self._variables = {**os.environ, "LUUKY_DATA": str(data), "LUUKY_PORT": "0", "LUUKY_PDFA_VERAPDF": "",
                           **(variables or {})}  # fmt: skip
        self._parts = parts
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for part in self._parts:
            self.start(part)
        return self

    def __exit__(self, *_: object) -> None:
        for part in list(self._running):
            self.kill(part)
        self.store.close()

    def start(self, part: str) -> None:
        command = [sys.executable, "-m", "cli", part]
        log = (self.data / f"{part}.log").open("ab")
        self._running[part] = subprocess.Popen(
            command, cwd=ROOT, env=self._variables, start_new_session=True, stderr=log, stdout=log
        )

    def kill(self, part: str) -> None:
        """kill -9 of the process and of all it has started."""
        process = self._running.pop(part)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    @property
    def groups(self) -> set[int]:
        """The process groups of what runs: a part, and all that it has started."""
        return {process.pid for process in self._running.values()}

    def documents(self) -> list[Document]:
        with self.store.read() as tx:
            return tx.documents.listed()

    def wait(self, what: Callable[[], bool], patience: float = 120.0) -> None:
        """Until something is so; fails with what the logs say."""
        until = time.monotonic() + patience
        while not what():
            if time.monotonic() > until:
                logs = {path.name: path.read_text(errors="replace")[-1500:] for path in self.data.glob("*.log")}
                raise AssertionError(f"not so after {patience} s: {[(d.state, d.problem) for d in self.documents()]} {logs}")
            time.sleep(0.1)

    def all_at_rest(self, count: int) -> bool:
        """Whether there are `count` documents, all at rest and indexed."""
        documents = self.documents()
        with self.store.read() as tx:
            indexed = not tx.outbox.waiting("index")
        return len(documents) >= count and indexed and all(map(at_rest, documents))


def slip(path: Path, text: str) -> bytes:
    """A small sheet with a line of print on it, put into place at once; returns its bytes."""
    picture = Image.new("L", (620, 300), 255)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(text.split("\n")):
        draw.text((40, 60 + 50 * number), line, fill=0, font=ImageFont.truetype(FONT, 26))
    hidden = path.with_name(f".{path.name}")
    picture.save(hidden, "PNG", dpi=(200, 200))
    data = hidden.read_bytes()
    hidden.replace(path)
    return data
