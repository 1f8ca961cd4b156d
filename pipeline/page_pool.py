"""Work is done in processes that may die: a page that kills its process, or never comes to an end, costs that page only.

1. Workers are forked as pages come, by a parent that has no threads: a single page starts one, and nothing is imported twice.
2. A worker answers in the order in which it was given pages, so the page it died on is the first that it has not answered. It
   is given a second one, to begin at once, only while more wait than there are workers.
3. The kernel's clocks end a worker that takes too long with a page: in native code too, and when the parent is busy or gone. One
   counts the time of the processor, so that no page is lost because others keep the machine busy; what only waits is ended later.
4. The page that a worker died on is tried in the next of several ways, by another worker; the one behind it waits again.
5. Each process heads a group, so that what it started is ended with it, and Ctrl-C reaches the parent alone, which ends them all.
   Its temporary files lie in one folder, which the parent clears away.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

from domain.errors import LuukyError

log = logging.getLogger("luuky.pool")
_CONTEXT = get_context("fork")
_AHEAD = 2
"""Pages that a worker holds while many wait."""
_WAITING = 4
"""What takes so many times longer than it may work is ended even if it did not work."""
_LARGEST = 6 << 30
"""Bytes of address space of a process: what asks for more fails alone, before the machine looks for somebody to kill. The
largest picture that is taken, of 120 million pixels, needs 2.2 GiB.
"""

Task = TypeVar("Task")
Result = TypeVar("Result")
Made = TypeVar("Made")
_Answer = tuple[Any, Exception | None]


class Died(Exception):
    """A process died at its work or did not come to an end, in whatever way it was tried."""


@dataclass(slots=True, eq=False)
class Errand(Generic[Task]):
    """A task that was handed in; `way` is the one in which it is tried."""

    task: Task
    way: int = 0
    answer: _Answer | None = None


class _Process:
    """A forked process and our end of the pipe to it."""

    def __init__(self, work: Callable[[Connection], None], folder: str, strangers: Sequence[Connection]) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        closed = (self.pipe, *strangers)
        self._process = _CONTEXT.Process(target=_alone, args=(work, theirs, folder, closed), daemon=True)
        self._process.start()
        theirs.close()

    def end(self) -> int:
        """End it, and whatever it has started. Returns its exit status, negative for a signal."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode or 0


class _Worker(Generic[Task]):
    """A process that works on one task after the other."""

    def __init__(self, process: _Process) -> None:
        self.process = process
        self.errands: deque[Errand[Task]] = deque()

    def give(self, errand: Errand[Task]) -> None:
        """Of a worker that has just died we hear when we next listen."""
        self.errands.append(errand)
        with suppress(OSError):
            self.process.pipe.send((errand.task, errand.way))


class PagePool(Generic[Task, Result]):
    """Up to `jobs` workers; a task is tried in the first of `ways`, and in the next when that killed a worker or took more than
    `seconds` of the processor. `prepare` is called in each worker before its first task.
    """

    def __init__(
        self, ways: Sequence[Callable[[Task], Result]], jobs: int, seconds: float, prepare: Callable[[], None]
    ) -> None:  # fmt: skip
        self._ways = ways
        self._jobs = jobs
        self._seconds = seconds
        self._prepare = prepare
        self._waiting: deque[Errand[Task]] = deque()
        self._workers: list[_Worker[Task]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="luuky-", ignore_cleanup_errors=True)

    def submit(self, task: Task) -> Errand[Task]:
        """Hand in a task."""
        errand = Errand(task)
        self._waiting.append(errand)
        self._feed()
        return errand

    def result(self, errand: Errand[Task]) -> Result:
        """Wait for a task. Raises Died when it could be done in no way, and what the first way raised: LuukyError, OSError."""
        while errand.answer is None:
            self._listen()
        return cast("Result", _opened(errand.answer))

    def aside(self, call: Callable[[], Made], seconds: float) -> Made:
        """Call in a process of its own, while the workers are looked after. Raises Died, LuukyError, OSError."""
        process = self._fork(lambda pipe: pipe.send(_timed(call, seconds)))
        try:
            while process.pipe not in self._listen(process.pipe):
                pass
            answer = _received(process.pipe)
        finally:
            status = process.end()
        if answer is None:
            log.warning("a process ended at its work with status %d", status)
            raise Died
        return cast("Made", _opened(answer))

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.process.end()
        self._workers.clear()
        self._folder.cleanup()

    def _listen(self, *more: Connection) -> Sequence[object]:
        """Wait until something was said; take in what workers say, and give them more."""
        ready = wait([*more, *(worker.process.pipe for worker in self._workers)])
        for worker in [each for each in self._workers if each.process.pipe in ready]:
            answer = _received(worker.process.pipe)
            if answer is None:
                self._bury(worker)
            else:
                self._take(worker.errands.popleft(), answer)
        self._feed()
        return ready

    def _take(self, errand: Errand[Task], answer: _Answer) -> None:
        """An error of the first way is the answer; what goes wrong in the others says nothing of the page."""
        if errand.way and answer[1] is not None:
            self._try_otherwise(errand)
        else:
            errand.answer = answer

    def _bury(self, worker: _Worker[Task]) -> None:
        self._workers.remove(worker)
        status = worker.process.end()
        log.warning("a process ended at its work with status %d", status)
        guilty, *others = worker.errands or (None,)
        self._waiting.extendleft(reversed(others))
        if guilty:
            self._try_otherwise(guilty)

    def _try_otherwise(self, errand: Errand[Task]) -> None:
        errand.way += 1
        if errand.way < len(self._ways):
            self._waiting.appendleft(errand)
        else:
            errand.answer = None, Died()

    def _feed(self) -> None:
        while self._waiting and (worker := self._free()):
            worker.give(self._waiting.popleft())

    def _free(self) -> _Worker[Task] | None:
        """One that is idle, else a new one, else one that will be idle soon."""
        least = min(self._workers, key=lambda worker: len(worker.errands), default=None)
        if least is not None and not least.errands:
            return least
        if len(self._workers) < self._jobs:
            self._workers.append(_Worker(self._fork(self._work)))
            return self._workers[-1]
        many = len(self._waiting) > len(self._workers)
        return least if least and many and len(least.errands) < _AHEAD else None

    def _fork(self, work: Callable[[Connection], None]) -> _Process:
        return _Process(work, self._folder.name, [worker.process.pipe for worker in self._workers])

    def _work(self, pipe: Connection) -> None:
        self._prepare()
        while True:
            task, way = pipe.recv()
            pipe.send(_timed(lambda: self._ways[way](task), self._seconds))  # noqa: B023 - called at once


def _alone(work: Callable[[Connection], None], pipe: Connection, folder: str, strangers: Sequence[Connection]) -> None:
    """What a forked process does, until nobody listens to it any more."""
    os.setpgid(0, 0)
    for each in strangers:
        each.close()
    tempfile.tempdir = folder
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST, _LARGEST))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work(pipe)


def _timed(call: Callable[[], Any], seconds: float) -> _Answer:
    """What the call returns or raises; what it should not raise ends this process, as too long a time does."""
    _set_clocks(seconds)
    try:
        return call(), None
    except (LuukyError, OSError) as error:
        return None, error
    except Exception as error:  # the boundary of a task  # noqa: BLE001
        log.warning("unexpected: %s", type(error).__name__)  # never its text, which may hold a patient's data
        raise SystemExit(1) from None
    finally:
        _set_clocks(0)


def _set_clocks(seconds: float) -> None:
    """What they send ends a process that does not know it; 0 stops them."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, _WAITING * seconds)


def _received(pipe: Connection) -> _Answer | None:
    """The next answer; None from a process that is dead."""
    try:
        return cast("_Answer", pipe.recv())
    except (EOFError, OSError):
        return None


def _opened(answer: _Answer) -> Any:
    value, error = answer
    if error is not None:
        raise error
    return value
