"""Stands before what may kill or never end: one errand at a time is done in another process, kept warm for the next.

    this process ── keeper ── worker

The keeper is forked before there are threads and connections to a database, and does nothing but hold a pool of one worker: a
worker that died is forked anew from it in no time. When this process ends, however it ends, so do they.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import Self, TypeVar, cast

from domain.errors import LuukyError
from pipeline.forked import Forked
from pipeline.page_pool import Died, Errand, PagePool

Made = TypeVar("Made")


class Keeper:
    """To be made early; a context manager where this process goes on without it. `prepare` is called in each worker before its
    first errand.
    """

    def __init__(self, prepare: Callable[[], None] = lambda: None) -> None:
        self._prepare = prepare
        self._keeper = self._fresh()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._keeper.end()

    def do(self, ways: Sequence[Callable[[], Made]], seconds: float) -> Made:
        """What the first of `ways` makes that does not die of it, each in `seconds`. Raises as `PagePool.result` does."""
        try:
            self._keeper.pipe.send((ways, seconds))
            made, error = self._keeper.pipe.recv()
        except (EOFError, OSError):  # somebody has ended the keeper itself
            self._keeper.end()
            self._keeper = self._fresh()
            raise Died from None
        if error is not None:
            raise error
        return cast("Made", made)

    def _fresh(self) -> Forked:
        return Forked(partial(_keep, self._prepare))


def _keep(prepare: Callable[[], None], master: Connection) -> None:
    """What the keeper does, until its master is gone."""
    pool = PagePool(1, prepare, master)
    try:
        while True:
            ways, seconds = master.recv()
            try:
                master.send((pool.result(pool.submit(Errand(ways, seconds, urgent=True))), None))
            except (LuukyError, OSError, Died) as error:
                master.send((None, error))
    finally:
        pool.close()
