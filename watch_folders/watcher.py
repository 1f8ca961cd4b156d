"""Looks at the watched folders, takes what is complete, and hands it to the belt.

A file is complete when its size and time have stood still and its trailer is readable. Links, folders' own helper folders and
hidden files are not looked at. Whatever happens, a file ends in the archive or in a visible folder with a reason.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from watchfiles import watch

from domain.documents import Origin
from domain.errors import LuukyError, Message
from ingest.accept import Accepted, Arrival, Outcome
from ingest.trailer import looks_complete
from pipeline.points import reach
from watch_folders.claim import DUPLICATE, OURS, RECEIVED, REFUSED, Claim, claim, orphans
from watch_folders.settings import UPLOAD_SEPARATOR, After, Profile, WatchSettings

log = logging.getLogger("luuky.watcher")


@dataclass(slots=True)
class _Seen:
    """How a file looked last, since when it has looked so, and since when we know it."""

    size: int
    changed: int
    since: float
    first: float


@dataclass(slots=True)
class Watcher:
    """Watches all folders of one store; `take` is `ingest.accept` with the store and settings filled in."""

    settings: WatchSettings
    take: Callable[[Arrival], Accepted]
    _seen: dict[Path, _Seen] = field(default_factory=dict)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Until told to stop: on every event at once, otherwise every `look_every` seconds."""
        for profile in self.settings.profiles:
            profile.path.mkdir(parents=True, exist_ok=True)
        while not stopped():
            self.look()
            self._wait(stopped)

    def look(self) -> int:
        """One look at every folder; returns how many files were taken."""
        taken = 0
        for profile in self.settings.profiles:
            for found in self._ready(profile):
                self._receive(found, profile)
                taken += 1
        return taken

    def _ready(self, profile: Profile) -> Iterator[Claim]:
        yield from orphans(profile.path)
        for path in _candidates(profile.path):
            if self._complete(path):
                mine = claim(path, profile.path)
                self._seen.pop(path, None)
                if mine:
                    yield mine

    def _complete(self, path: Path) -> bool:
        try:
            stat = path.stat()
        except FileNotFoundError:
            return False
        moment = time.monotonic()
        seen = self._seen.get(path)
        if seen is None or (seen.size, seen.changed) != (stat.st_size, stat.st_mtime_ns):
            self._seen[path] = _Seen(stat.st_size, stat.st_mtime_ns, moment, seen.first if seen else moment)
            return False
        if moment - seen.since < self.settings.stable_for:
            return False
        return looks_complete(path) or moment - seen.since >= self.settings.patience

    def _receive(self, found: Claim, profile: Profile) -> None:
        try:
            accepted = self.take(_arrival(found, profile))
            reach("before-clearing")
            _settle(found, profile, accepted)
        except (LuukyError, OSError) as error:
            code = error.message.code if isinstance(error, LuukyError) else type(error).__name__
            log.warning("a file in %s stays where it is and is tried again: %s", profile.name, code)
        finally:
            found.let_go()

    def _wait(self, stopped: Callable[[], bool]) -> None:
        folders = [profile.path for profile in self.settings.profiles if profile.path.is_dir()]
        pause = int(1000 * (self.settings.stable_for / 2 if self._seen else self.settings.look_every))
        for _changes in watch(*folders, rust_timeout=max(pause, 50), yield_on_timeout=True, debounce=50, step=20):
            return
        time.sleep(0.0 if stopped() else pause / 1000)


def _candidates(root: Path) -> list[Path]:
    """Plain files below `root`, oldest first, except ours and hidden ones."""
    found = []
    for path in root.rglob("*"):
        parts = path.relative_to(root).parts
        if any(part in OURS or part.startswith(".") for part in parts) or path.is_symlink() or not path.is_file():
            continue
        found.append(path)
    return sorted(found, key=lambda path: path.name)


def _arrival(found: Claim, profile: Profile) -> Arrival:
    operator, name = None, found.name
    if profile.uploads:
        operator, _, name = found.name.partition(UPLOAD_SEPARATOR)
    origin = Origin(name, profile.name, profile.scanner, profile.department, profile.kind, operator)
    return Arrival(found.path, origin, found.token, urgent=profile.uploads, in_batch=True)


def _settle(found: Claim, profile: Profile, accepted: Accepted) -> None:
    if accepted.outcome is Outcome.REFUSED:
        found.lay(REFUSED, accepted.document.reasons[0] if accepted.document.reasons else None)
    elif accepted.outcome is Outcome.DUPLICATE:
        found.lay(DUPLICATE, _already(accepted))
    elif profile.after is After.KEEP:
        found.lay(RECEIVED)
    else:
        found.clear()


def _already(accepted: Accepted) -> Message:
    document = accepted.document.id
    return Message(
        "duplicate",
        f"Tệp này đã được nhận trước đó (tài liệu {document}). Có thể xóa bản trùng này.",
        f"This very file was received before (document {document}). This copy may be deleted.",
    )
