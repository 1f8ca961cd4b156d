"""Work is done in processes that may die: a page that kills its process, or never comes to an end, costs that page only.

1. Workers are forked as pages come, by a parent that has no threads: a single page starts one, and nothing is imported twice.
2. A worker answers in the order in which it was given pages, so the page it died on is the first that it has not answered. It
   is given a second one, to begin at once, only while more wait than there are workers.
3. The kernel's clocks end a worker that takes too long with a page: in native code too, and when the parent is busy or gone. One
   counts the time of the processor, so that no page is lost because others keep the machine busy; what only waits is ended later.
4. The page that a worker died on is tried in the next of several ways, by another worker; the one behind it waits again.
   Opening and binding are errands like pages: a process forked for each would cost 30 ms a document.
5. Each process heads a group, so that what it started is ended with it, and Ctrl-C reaches the parent alone, which ends them all.
   Its temporary files lie in one folder, which the parent clears away.
"""

from __future__ import annotations

import logging
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

from domain.errors import LuukyError
from pipeline.forked import Forked

log = logging.getLogger("luuky.pool")
_AHEAD = 2
"""Pages that a worker holds while many wait."""
_WAITING = 4
"""What takes so many times longer than it may work is ended even if it did not work."""
Made = TypeVar("Made")
_Answer = tuple[Any, Exception | None]


class Died(Exception):
    """A process died at its work or did not come to an end, in whatever way it was tried."""


class NextWay(Exception):
    """Raised by a way of doing something that gives up in time: the next is tried, as if the process had died."""


@dataclass(slots=True, eq=False)
class Errand(Generic[Made]):
    """Something to do, in the first of `ways` or, when that killed a worker, the next. `seconds` of the processor it may take; if
    `urgent`, it comes before what waits. Where it is not, its ways are small (a few kB).
    """

    ways: Sequence[Callable[[], Made]]
    seconds: float
    urgent: bool = False
    way: int = 0
    answer: _Answer | None = None


class _Worker:
    """A process that does one errand after the other."""

    def __init__(self, process: Forked) -> None:
        self.process = process
        self.errands: deque[Errand[Any]] = deque()

    def give(self, errand: Errand[Any]) -> None:
        """Of a worker that has just died we hear when we next listen."""
        self.errands.append(errand)
        with suppress(OSError):
            self.process.pipe.send((errand.ways[errand.way], errand.seconds))


class PagePool:
    """Up to `jobs` workers. `prepare` is called in each before its first errand."""

    def __init__(self, jobs: int, prepare: Callable[[], None], master: Connection | None = None) -> None:
        """`master`: what says nothing while we work; when it is closed, `result` raises EOFError instead of going on waiting."""
        self._jobs = jobs
        self._prepare = prepare
        self._master = [master] if master else []
        self._waiting: deque[Errand[Any]] = deque()
        self._workers: list[_Worker] = []
        self._folder = tempfile.TemporaryDirectory(prefix="luuky-", ignore_cleanup_errors=True)

    def submit(self, errand: Errand[Made]) -> Errand[Made]:
        """Hand in what is to be done; its calls and what they make must be fit for pickling."""
        if errand.urgent:
            self._waiting.appendleft(errand)
        else:
            self._waiting.append(errand)
        self._feed()
        return errand

    def result(self, errand: Errand[Made]) -> Made:
        """Wait for it. Raises Died when it could be done in no way, and what the first way raised: LuukyError, OSError."""
        while errand.answer is None:
            self._listen()
        made, error = errand.answer
        if error is not None:
            raise error
        return cast("Made", made)

    def close(self) -> None:
        """End all processes at once."""
        for worker in self._workers:
            worker.process.end()
        self._workers.clear()
        self._folder.cleanup()

    def _listen(self) -> None:
        """Wait until a worker says something; take it in, and give them more."""
        ready = wait([*self._master, *(worker.process.pipe for worker in self._workers)])
        if any(each in ready for each in self._master):
            raise EOFError
        for worker in [each for each in self._workers if each.process.pipe in ready]:
            answer = _received(worker.process.pipe)
            if answer is None:
                self._bury(worker)
            else:
                self._take(worker.errands.popleft(), answer)
        self._feed()

    def _take(self, errand: Errand[Any], answer: _Answer) -> None:
        """An error of the first way is the answer; what goes wrong in the others says nothing of the page."""
        if isinstance(answer[1], NextWay) or (errand.way and answer[1] is not None):
            self._try_otherwise(errand)
        else:
            errand.answer = answer

    def _bury(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        status = worker.process.end()
        log.warning("a process ended at its work with status %d", status)
        guilty, *others = worker.errands or (None,)
        self._waiting.extendleft(reversed(others))
        if guilty:
            self._try_otherwise(guilty)

    def _try_otherwise(self, errand: Errand[Any]) -> None:
        errand.way += 1
        if errand.way < len(errand.ways):
            self._waiting.appendleft(errand)
        else:
            errand.answer = None, Died()

    def _feed(self) -> None:
        while self._waiting and (worker := self._free(ahead=not self._waiting[0].urgent)):
            worker.give(self._waiting.popleft())

    def _free(self, *, ahead: bool) -> _Worker | None:
        """One that is idle, else a new one, else, if `ahead`, one that works yet; only what is small can lie in its pipe."""
        least = min(self._workers, key=lambda worker: len(worker.errands), default=None)
        if least is not None and not least.errands:
            return least
        if len(self._workers) < self._jobs:
            pipes = [*self._master, *(worker.process.pipe for worker in self._workers)]
            self._workers.append(_Worker(Forked(self._work, self._folder.name, pipes)))
            return self._workers[-1]
        many = len(self._waiting) > len(self._workers)
        return least if least and ahead and many and len(least.errands) < _AHEAD else None

    def _work(self, pipe: Connection) -> None:
        self._prepare()
        while True:
            call, seconds = pipe.recv()
            pipe.send(_timed(call, seconds))


def _timed(call: Callable[[], Any], seconds: float) -> _Answer:
    """What the call returns or raises; what it should not raise ends this process, as too long a time does."""
    _set_clocks(seconds)
    try:
        return call(), None
    except (LuukyError, OSError, NextWay) as error:
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
