"""Stands before what may kill or never end: one errand at a time is done in another process, kept warm for the next.

    this process ── keeper ── worker

The keeper is forked before there are threads and connections to a database, and does nothing but hold a pool of one worker: a
worker that died is forked anew from it in no time. When this process ends, however it ends, so do they.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self, TypeVar, cast

from domain.errors import Broken, LuukyError
from ingest import refusals
from ingest.attached import Attached, unpack
from ingest.inspect import Inspection, inspect
from ingest.settings import IngestSettings
from pipeline.forked import Forked
from pipeline.page_pool import Died, Errand, PagePool

Made = TypeVar("Made")


class Guard:
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

    def inspect(self, path: Path, settings: IngestSettings, seconds: float) -> Inspection:
        """As `ingest.inspect`; a file that kills what looks at it is refused too."""
        try:
            return self.do([partial(inspect, path, settings)], seconds)
        except Died:
            raise refusals.deadly() from None

    def unpack(self, path: Path, folder: Path, settings: IngestSettings, seconds: float) -> tuple[Attached, ...]:
        """As `ingest.attached`; of a file that kills what unpacks it, nothing is taken out."""
        try:
            return self.do([partial(unpack, path, folder, settings)], seconds)
        except Died:
            return ()

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


def killed() -> Broken:
    """What to say of a file that kills what works on it, though it could be opened."""
    return Broken(
        "killed_process",
        "Tệp này làm chương trình dừng đột ngột hoặc chạy mãi không xong, nên không có gì được ghi. Hãy quét hoặc xuất lại tệp.",
        "The file made the program stop or go on for ever; nothing was written. Scan it again, or export it again.",
    )
