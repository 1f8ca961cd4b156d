"""A message queue in a folder, with nothing to install: kombu's filesystem transport, made safe.

As shipped, that transport polls once a second and loses messages when a process dies while it writes one, or when two readers
meet. Here a message is written under a temporary name and moved into place, taken by moving it to a name of the reader's own,
and looked for every 50 ms. A folder that was deleted is made anew: the database sends again what was in it.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

SCHEME = "luukyfolder"


class Channel(filesystem.Channel):
    """Puts and takes messages atomically."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]
        folder = self._folder()
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = folder / f"draft-{name}"
        draft.write_text(json.dumps(payload), encoding="utf-8")
        draft.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - kombu's own signature
        folder = self._folder()
        for name in sorted(path.name for path in folder.iterdir()):
            if name.startswith("draft-") or name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"draft-{os.getpid()}-{name}"
            with suppress(FileNotFoundError):  # another reader was faster
                (folder / name).rename(taken)
                payload = json.loads(taken.read_text(encoding="utf-8"))
                taken.unlink()
                return payload
        raise Empty

    def _folder(self) -> Path:
        folder = Path(self.data_folder_in)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _queue_bind(self, *arguments: Any) -> None:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        super()._queue_bind(*arguments)  # type: ignore[no-untyped-call]

    def _size(self, queue: str) -> int:
        return sum(path.name.partition(".")[2] == f"{queue}.msg" and path.name[0] != "d" for path in self._folder().iterdir())


class Transport(filesystem.Transport):
    """Registered under the scheme `luukyfolder`."""

    Channel = Channel
    polling_interval = 0.05
    default_connection_params: dict[str, Any] = {}  # noqa: RUF012 - kombu's own attribute


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def options(folder: Path) -> dict[str, str]:
    """Transport options that keep everything below `folder`."""
    messages = str(folder / "messages")
    return {"data_folder_in": messages, "data_folder_out": messages, "control_folder": str(folder / "control")}
