"""Files that people bring to be judged: taken in, made to wait for a judge, judged, forgotten.

1. So many files are judged at a time, of one person one; so many wait, and so many of them are one person's; who comes then is
   told to come later.
2. What is judged is a file on disk from the first byte to the last; it is removed as soon as its judge has spoken, whether
   anybody still listens or not.
3. Of a file the audit log holds who asked, its SHA-256, its size and the verdict: neither its name nor anything in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.desk import Desk
from api.errors import Busy
from api.services import Examiner
from domain.errors import Broken, LuukyError, PartAway
from domain.signatures import Examined

log = logging.getLogger(__name__)

NAME_HEADER = "X-File-Name"
"""What the person calls the file, percent-encoded UTF-8; not in the address, since addresses end up in the logs of proxies."""
_LONGEST_NAME = 200
_CHUNK = 1 << 20
MOST, EACH = 20, 3
"""Files that may be here at once, and of one person."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    """A place in the line."""

    person_id: str


class Bench:
    """Who waits for a judge (rule 1). Lives in the loop of the web process."""

    def __init__(self, seats: int, most: int = MOST, each: int = EACH) -> None:
        self._seats = seats
        self._most = most
        self._each = each
        self._here: list[str] = []
        self._waiting: list[_Ticket] = []
        self._judged: list[str] = []
        self._moved = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def enter(self, person_id: str) -> None:
        """Take a place for a file that is about to arrive; `leave` gives it back. Raises Busy."""
        if len(self._here) >= self._most or self._here.count(person_id) >= self._each:
            raise Busy
        self._here.append(person_id)

    def leave(self, person_id: str) -> None:
        """Give a place back."""
        self._here.remove(person_id)

    def start(self, task: asyncio.Task[None]) -> None:
        """Keep a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def seat(self, person_id: str, ahead: Callable[[int], None]) -> AsyncIterator[None]:
        """A judge's time; until there is one, `ahead` hears at which place of the line the person is."""
        mine = _Ticket(person_id)
        async with self._moved:
            self._waiting.append(mine)
            try:
                while self._next() is not mine:
                    ahead(self._waiting.index(mine) + 1)
                    await self._moved.wait()
            finally:
                self._waiting.remove(mine)
            self._judged.append(person_id)
            self._moved.notify_all()
        try:
            yield
        finally:
            self._judged.remove(person_id)
            async with self._moved:
                self._moved.notify_all()

    def _next(self) -> _Ticket | None:
        """Whose turn it is: the first in the line of whom nothing is being judged."""
        if len(self._judged) >= self._seats:
            return None
        return next((one for one in self._waiting if one.person_id not in self._judged), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done: `waiting` for `ahead` others, or `signatures`, `archival`, `report`."""

    stage: str
    ahead: int = 0


@dataclass(eq=False)
class Case:
    """A file that is here. `heard` gives what happens to it, then the outcome."""

    name: str
    path: Path
    sha256: str
    bytes: int
    heard: asyncio.Queue[Progress | Examined | LuukyError] = field(default_factory=asyncio.Queue)

    async def outcome(self) -> Examined:
        """Wait for the end. Raises what stood in the way: LuukyError."""
        while isinstance(said := await self.heard.get(), Progress):
            pass
        if isinstance(said, LuukyError):
            raise said
        return said


async def take(request: Request, desk: Desk) -> Case:
    """Take the body of a request as a file to be judged; it is being judged when this returns. Raises Busy, PartAway."""
    bench: Bench = request.app.state.bench
    examiner = desk.services.examiner
    who = desk.person.id
    bench.enter(who)
    path: Path | None = None
    try:
        path = await run_in_threadpool(_place, examiner.folder)
        sha256, size = await _written(request, path)
    except BaseException:
        bench.leave(who)
        if path is not None:
            path.unlink(missing_ok=True)
        raise
    case = Case(_name(request), path, sha256, size)
    bench.start(asyncio.create_task(_judge(case, bench, desk)))
    return case


async def _judge(case: Case, bench: Bench, desk: Desk) -> None:
    """Has a case judged, whoever listens (rule 2)."""
    loop = asyncio.get_running_loop()

    def tell(stage: str) -> None:
        loop.call_soon_threadsafe(case.heard.put_nowait, Progress(stage))

    try:
        async with bench.seat(desk.person.id, lambda ahead: case.heard.put_nowait(Progress("waiting", ahead))):
            found = await run_in_threadpool(_examined, desk.services.examiner, case, tell)
            await run_in_threadpool(_noted, desk, case, found)
        case.heard.put_nowait(found)
    except LuukyError as error:
        case.heard.put_nowait(error)
    except Exception:  # the boundary of a task: somebody waits for its answer
        log.exception("a file could not be judged")
        case.heard.put_nowait(_undone())
    finally:
        bench.leave(desk.person.id)


def _undone() -> Broken:
    return Broken(
        "not_judged",
        "Máy chủ gặp lỗi khi kiểm tra nên chưa có kết luận nào về tệp này. Hãy thử lại; nếu vẫn vậy, báo người quản trị.",
        "The server met an error, so nothing was found out about this file. Try again, or call the administrator.",
    )


def _examined(examiner: Examiner, case: Case, tell: Callable[[str], None]) -> Examined:
    try:
        return examiner.examine(case.path, case.name, case.sha256, tell)
    finally:
        case.path.unlink(missing_ok=True)


def _noted(desk: Desk, case: Case, found: Examined) -> None:
    """Rule 3."""
    desk.note("verify_file", None, sha256=case.sha256, bytes=case.bytes, verdict=found.verdict.verdict)


def _place(folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".pdf", delete=False) as made:
        return Path(made.name)


async def _written(request: Request, path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size of what arrives. Raises PartAway where there is no room for it."""
    hashed, size, buffer = hashlib.sha256(), 0, bytearray()

    def write() -> None:
        hashed.update(buffer)
        with path.open("ab") as out:
            out.write(buffer)

    try:
        async for chunk in request.stream():
            buffer += chunk
            if len(buffer) >= _CHUNK:
                await run_in_threadpool(write)
                size += len(buffer)
                buffer.clear()
        await run_in_threadpool(write)
    except OSError as error:
        raise PartAway(
            "no_room",
            "Máy chủ hết chỗ để đặt tệp trong lúc kiểm tra. Hãy báo người quản trị.",
            "The server has no room for the file while it is judged. Call the administrator.",
        ) from error
    return hashed.hexdigest(), size + len(buffer)


def _name(request: Request) -> str:
    given = unquote(request.headers.get(NAME_HEADER, ""), errors="replace").replace("\\", "/")
    shown = "".join(sign for sign in Path(given).name if sign.isprintable())
    return shown[:_LONGEST_NAME] or "tep.pdf"
