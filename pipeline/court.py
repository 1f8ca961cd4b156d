"""Judges files that people bring, hostile ones among them, for a process that serves: each in a process that may die of it.

1. Nothing that is in a file is read by the process that asks: it hands over a path and gets values back.
2. A file has so much time of the processor and so much memory (`forked.py`); what kills its judge is called unreadable.
3. Files that are being judged lie in a folder of this process alone. Whoever asks removes them; what a process left there that
   was killed is removed by the next one that starts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from domain.errors import LuukyError
from domain.signatures import Examined, FileVerdict, Verdict
from pdfa.claim import hindrance, identifier
from pipeline.keeper import Keeper
from pipeline.page_pool import Died
from pipeline.reporting import write_report
from pipeline.verifying import Verifier
from signing.trust import TrustList
from signing.verify import Expected, verify_file

SEATS = 2
"""Judges, so many files at a time."""
_LONG, _SHORT = 30.0, 10.0
"""Seconds of the processor for signatures, PDF/A and report, and for what merely looks at a file. Each may wait four times as
long for others.
"""
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brought, what they call it, and its SHA-256 (hex)."""

    path: Path
    name: str
    sha256: str


class Court:
    """Judges, each behind a keeper. To be made before there are threads; `judge` may be called by several threads."""

    def __init__(self, folder: Path, verifier: Callable[[TrustList], Verifier], seats: int = SEATS) -> None:
        """`folder`: where files that are judged may lie; `verifier` is called in the judge's process."""
        self._keepers = [Keeper() for _ in range(seats)]
        self._free: SimpleQueue[Keeper] = SimpleQueue()
        for keeper in self._keepers:
            self._free.put(keeper)
        self._verifier = verifier
        self._parent = folder
        _clear(folder)

    @property
    def seats(self) -> int:
        """How many files are judged at a time; who asks meanwhile waits."""
        return len(self._keepers)

    @property
    def folder(self) -> Path:
        """Where to put a file that is to be judged."""
        own = self._parent / str(os.getpid())
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        return own

    def judge(self, brought: Brought, trust: TrustList, register: Expected | None, tell: Callable[[str], None]) -> Examined:
        """Everything about a file. `tell` hears what is being done: `signatures`, `archival`, `report`."""
        unread = FileVerdict(brought.name, brought.sha256, Verdict.UNREADABLE)
        with self._seat() as keeper:
            tell("signatures")
            asked = partial(verify_file, brought.path, trust, register)
            verdict = _do(keeper, asked, None)
            if verdict is None or verdict.verdict is Verdict.UNREADABLE:
                why = "deadly" if verdict is None else _do(keeper, partial(hindrance, brought.path), "broken", _SHORT)
                return Examined(unread, hindrance=why)
            verdict = replace(verdict, file=brought.name)
            tell("archival")
            judged = _do(keeper, partial(_archival, self._verifier, trust, brought.path, verdict), verdict)
            tell("report")
            nothing: tuple[dict[str, Any], bytes] = {}, b""
            report, paper = _do(keeper, partial(_reported, self._verifier, trust, brought.path, judged), nothing)
            return Examined(judged, report, paper, _do(keeper, partial(identifier, brought.path), None, _SHORT))

    def close(self) -> None:
        """End the judges."""
        for keeper in self._keepers:
            keeper.__exit__()
        shutil.rmtree(self._parent / str(os.getpid()), ignore_errors=True)

    @contextmanager
    def _seat(self) -> Iterator[Keeper]:
        keeper = self._free.get()
        try:
            yield keeper
        finally:
            self._free.put(keeper)


class Examiner:
    """A court that knows a register and whom to trust, both as they are when a file is brought."""

    def __init__(self, court: Court, trust: Callable[[], TrustList], register: Callable[[str], Expected | None]) -> None:
        self._court = court
        self._trust = trust
        self._register = register

    @property
    def seats(self) -> int:
        """How many files are judged at a time."""
        return self._court.seats

    @property
    def folder(self) -> Path:
        """Where to put a file that is to be judged; whoever put it there removes it."""
        return self._court.folder

    def examine(self, path: Path, name: str, sha256: str, tell: Callable[[str], None]) -> Examined:
        """Everything about a file with that SHA-256 (hex). Raises PartMissing and Refused `trust` for a bad trust list."""
        return self._court.judge(Brought(path, name, sha256), self._trust(), self._register(sha256), tell)


def _do(keeper: Keeper, errand: Callable[[], Made], otherwise: Made, seconds: float = _LONG) -> Made:
    """What an errand makes; what died of its file, or met an error of the tree, makes `otherwise`."""
    try:
        return keeper.do([errand], seconds)
    except (Died, LuukyError, OSError):
        return otherwise


def _archival(verifier: Callable[[TrustList], Verifier], trust: TrustList, path: Path, verdict: FileVerdict) -> FileVerdict:
    return verifier(trust).archival(path, verdict)


def _reported(
    verifier: Callable[[TrustList], Verifier], trust: TrustList, path: Path, verdict: FileVerdict
) -> tuple[dict[str, Any], bytes]:
    """The report, and the same as PDF/A."""
    report = verifier(trust).report(path, verdict)
    with tempfile.TemporaryDirectory(prefix="luuky-report-") as folder:
        out = Path(folder) / "report.pdf"
        write_report(verdict, report, out)
        return report, out.read_bytes()


def _clear(folder: Path) -> None:
    """Remove what processes left that are no more (rule 3)."""
    for left in folder.iterdir() if folder.is_dir() else ():
        if not Path("/proc", left.name).exists():
            shutil.rmtree(left, ignore_errors=True)
