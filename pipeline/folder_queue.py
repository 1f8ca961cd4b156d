"""A message queue in a folder, with nothing to install: kombu's filesystem transport, made safe.

As shipped, that transport polls once a second and loses messages when a process dies while it writes one, or when two readers
meet. Here a message is written under a temporary name and moved into place, taken by moving it to a name of the reader's own,
and looked for every 50 ms. A folder that was deleted is made anew by who sends: the database sends again what was in it.
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
    """Puts and takes messages atomically. Each names its lane, so no table of exchanges is kept."""

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        draft = self._folder / f"draft-{name}"
        draft.write_text(json.dumps(payload), encoding="utf-8")
        draft.replace(self._folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - kombu's own signature
        for name in self._waiting(queue):
            taken = self._folder / f"draft-{os.getpid()}-{name}"
            with suppress(FileNotFoundError):  # another reader was faster, or the folder is being deleted
                (self._folder / name).rename(taken)
                payload = json.loads(taken.read_text(encoding="utf-8"))
                taken.unlink()
                return payload
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _waiting(self, queue: str) -> list[str]:
        """Names of its messages, the oldest first; none where there is no folder: who only looks must not race to make it."""
        with suppress(FileNotFoundError):
            names = sorted(path.name for path in self._folder.iterdir())
            return [name for name in names if not name.startswith("draft-") and name.partition(".")[2] == f"{queue}.msg"]
        return []

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def get_table(self, exchange: str) -> list[Any]:  # noqa: ARG002 - kombu's own signature
        """None."""
        return []

    def _queue_bind(self, *_arguments: Any) -> None:
        pass


class Transport(filesystem.Transport):
    """Registered under the scheme `luukyfolder`."""

    Channel = Channel
    polling_interval = 0.05
    default_connection_params: dict[str, Any] = {}  # noqa: RUF012 - kombu's own attribute


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


def options(folder: Path) -> dict[str, str]:
    """Transport options that keep everything below `folder`."""
    return {"data_folder_in": str(folder / "messages")}
