"""A forked process of our own: it heads a group, may fill no more than its share of the memory, and ends when nobody listens.

The parent has no threads that hold a lock, so nothing is imported twice and nothing hangs.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

_MORE = 3 << 30
"""Bytes of address space that a process may add to those it was forked with: what asks for more fails alone, before the machine
looks for somebody to kill. The largest picture that is taken, of 120 million pixels in colour, needs 1.8 GB.
"""
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
"""Names of glibc's `mallopt`."""
_FROM_FREED, _KEPT = 32 << 20, 256 << 20
"""Bytes: smaller blocks are taken from what was freed before, and so much of that stays with the process. To be given the memory
of every picture anew by the kernel takes one part in twenty-five of the time.
"""


class Forked:
    """A process and our end of the pipe to it. What it starts is ended with it; Ctrl-C reaches the parent alone."""

    def __init__(
        self, work: Callable[[Connection], None], folder: str | None = None, strangers: Sequence[Connection] = ()
    ) -> None:
        """`work` is given the other end of the pipe; `folder`: for temporary files; `strangers`: ends that are not its own."""
        self.pipe, theirs = Pipe()
        self._process = os.fork()
        if not self._process:
            try:
                _alone(work, theirs, folder, (self.pipe, *strangers))
            except BaseException:  # noqa: BLE001 - whatever it is, this is not the parent: nothing of the parent's may run here
                os._exit(1)
            os._exit(0)
        theirs.close()

    def end(self) -> int:
        """End it, and whatever it has started. Returns its exit status, negative for a signal."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        self.pipe.close()
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        except ChildProcessError:  # somebody else has heard of its end
            return 0


def _alone(work: Callable[[Connection], None], pipe: Connection, folder: str | None, strangers: Sequence[Connection]) -> None:
    """What a forked process does, until nobody listens to it any more."""
    os.setpgid(0, 0)
    for each in strangers:
        each.close()
    tempfile.tempdir = folder or tempfile.tempdir
    _silence()
    _keep_freed_memory()
    most, hard = _own_size() + _MORE, resource.getrlimit(resource.RLIMIT_AS)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))  # a hard limit could not be raised for what is forked from here later
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work(pipe)


def _own_size() -> int:
    """Bytes of address space of this process (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _keep_freed_memory() -> None:
    with suppress(AttributeError, OSError):  # another C library does as it likes
        tune = ctypes.CDLL(None).mallopt
        tune(_MMAP_THRESHOLD, _FROM_FREED)
        tune(_TRIM_THRESHOLD, _KEPT)


def _silence() -> None:
    """What libraries find odd about a file goes nowhere; what we log goes where it went."""
    warnings.simplefilter("ignore")
    for name in ("pikepdf", "PIL"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    before = sys.stderr, sys.__stderr__
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream in before:
            handler.setStream(sys.stderr)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
