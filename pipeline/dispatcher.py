"""The one process that relays, sweeps, indexes, seals, asks for renewals and asks signing services, and finishes signatures that
wait for a time stamp.

It holds no state: stopped anywhere, it goes on where it was.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import LuukyError
from pipeline.copying import CopyRenewals
from pipeline.indexer import Indexer
from pipeline.orders import OrderWatch
from pipeline.queue import Queue
from pipeline.relay import relay, sweep
from pipeline.renewals import Renewals
from pipeline.sealer import Sealer
from storage.store import Store

log = logging.getLogger("luuky.dispatcher")
REST = 0.1
SWEEP_EVERY = 5.0
SEAL_EVERY = 1.0
STAMP_EVERY = 2.0
STAMP_AUDIT_EVERY = 600.0
HEAL_EVERY = 300.0
RENEW_EVERY = 60.0
SURVEY_EVERY = 86_400.0
ORDERS_EVERY = 0.5
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class _Duty:
    """Something done every so often; after a failure it pauses, longer each time."""

    name: str
    act: Callable[[], object]
    every: float
    next_at: float = 0.0
    pause: float = 0.0

    def tick(self) -> bool:
        """Do it if it is due; whether there was work."""
        if time.monotonic() < self.next_at:
            return False
        try:
            worked = bool(self.act())
        except LuukyError as error:
            self.pause = min(max(2 * self.pause, 1.0), LONGEST_PAUSE)
            log.warning("%s waits %.0f s: %s", self.name, self.pause, error.message.code)
            self.next_at = time.monotonic() + self.pause
            return False
        self.pause = 0.0
        self.next_at = time.monotonic() + (0.0 if worked else self.every)
        return worked


@dataclass(frozen=True, slots=True)
class Tools:
    """What the duties work with. `stamp` finishes signatures that wait for a time stamp; returns how many."""

    indexer: Indexer
    sealer: Sealer
    stamp: Callable[[], int]
    renewals: Renewals
    orders: OrderWatch
    copies: CopyRenewals


class Dispatcher:
    """Does its duties round after round. One duty that waits for an absent part does not stop the others."""

    def __init__(self, store: Store, queue: Queue, tools: Tools, processes: int) -> None:
        indexer, sealer, stamp = tools.indexer, tools.sealer, tools.stamp
        self._sealer = sealer
        self._orders = tools.orders
        self._indexer = indexer
        self._duties = [
            _Duty("relay", lambda: relay(store, queue, processes), 0.0),
            _Duty("index", indexer.tick, 0.2),
            _Duty("seal", sealer.tick, SEAL_EVERY),
            _Duty("stamp", stamp, STAMP_EVERY),
            _Duty("stamp the audit head", lambda: sealer.stamp_daily() and False, STAMP_AUDIT_EVERY),
            _Duty("sweep", lambda: sweep(store) and False, SWEEP_EVERY),
            _Duty("heal", lambda: indexer.heal() and False, HEAL_EVERY),
            _Duty("renew", lambda: tools.renewals.ask() and False, RENEW_EVERY),
            _Duty("renew copies", lambda: tools.copies.ask() and False, RENEW_EVERY),
            _Duty("survey", tools.renewals.survey, SURVEY_EVERY),
            _Duty("orders", tools.orders.tick, ORDERS_EVERY),
        ]

    def tick(self) -> bool:
        """One round; whether any duty found work."""
        worked = [duty.tick() for duty in self._duties]  # every duty has its turn, whoever found work
        return any(worked)

    def run(self, stopped: Callable[[], bool]) -> None:
        """Until told to stop; then index and seal what is left."""
        while not stopped():
            if not self.tick():
                time.sleep(REST)
        self.finish()

    def finish(self) -> None:
        """Nothing committed stays unindexed or unsealed because we stop."""
        self._orders.close()
        while self._indexer.tick():
            pass
        while self._sealer.tick():
            pass
