"""A process of the belt that carries orders and kills itself: `python -m tests.faults.ordering DATA POINT COUNTDOWN`.

`ORDERED` in the environment holds the settings as JSON. Does what dispatcher and worker do until nothing goes on by itself, or
dies by SIGKILL when it reaches POINT for the COUNTDOWN-th time: one of the belt's own, or `asked` (the provider has answered, and
nothing is written down), `filled` (files hold their values, and nothing is written down), `signing` (a signature is being written
down). `AUTOMATIC` set: the seal puts itself.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from pipeline.orders import OrderRunner, OrderWatch
from pipeline.points import arm
from pipeline.relay import sweep
from pipeline.worker_name import owner
from signing import fulfil, sealing
from signing.csc import Csc
from signing.ordering import Ordering
from signing.providers import Providers
from signing.seal import Seal
from signing.settings import SigningSettings
from signing.smartca import SmartCa
from storage import orders as kept
from storage.orders import Orders
from storage.settings import StorageSettings
from storage.store import Store, open_store
from storage.tables import orders
from tests.faults.process import killer_at

PATHS = ("trust", "seal_module", "seal_pin", "csc_secret", "smartca_secret", "mysign_secret")
PATIENCE = 200.0
"""Seconds after which what must happen has not happened; nothing is measured by it."""


def as_environment(settings: SigningSettings) -> str:
    """What this process is told of."""
    names: tuple[str, ...] = ("tsa_url", "network_seconds", "provider_seconds", "approval_seconds", "seal_token", *PATHS)
    names += tuple(f"{name}_url" for name in ("csc", "smartca", "mysign"))
    names += ("csc_client", "smartca_sp", "mysign_client", "csc_return_url")
    value = {name: getattr(settings, name) for name in names}
    return json.dumps({name: str(one) if isinstance(one, Path) else one for name, one in value.items() if one is not None})


def main(data: Path, point: str, countdown: int) -> None:
    kill = killer_at(point, countdown)
    arm(kill)
    for place, name, reached in (
        (SmartCa, "begin", "asked"), (Csc, "begin", "asked"), (Seal, "begin", "asked"), (fulfil, "complete_all", "filled"),
        (fulfil, "signed", "signing"),
    ):  # fmt: skip
        setattr(place, name, then(getattr(place, name), kill, reached))
    told = json.loads(os.environ["ORDERED"])
    values: dict[str, Any] = {name: Path(value) if name in PATHS else value for name, value in told.items()}
    settings = SigningSettings(**values)
    store = open_store(StorageSettings(data))
    providers = Providers(settings, data)
    ordering = Ordering(store, settings, providers, owner())
    watch, runner = OrderWatch(ordering, seals_itself=False), OrderRunner(store, settings, providers, owner())
    if "AUTOMATIC" in os.environ:
        sealing.take_waiting(store)
    deadline = time.monotonic() + PATIENCE
    while under_way(store) and time.monotonic() < deadline:
        go_round(store, watch, runner)
        time.sleep(0.05)


def go_round(store: Store, watch: OrderWatch, runner: OrderRunner) -> None:
    """One round of the dispatcher and of a worker."""
    sweep(store)
    with store.read() as tx:
        mine, theirs = Orders(tx.connection).due("dispatcher", 10), Orders(tx.connection).due("worker", 10)
    for order_id in mine:
        watch.run(order_id)
    for order_id in theirs:
        runner.run(order_id)


def then(honest: Callable[..., Any], kill: Callable[[str], None], reached: str) -> Callable[..., Any]:
    """The same, and a point after it."""

    def done(*given: Any, **more: Any) -> Any:
        answer = honest(*given, **more)
        kill(reached)
        return answer

    return done


def under_way(store: Store) -> bool:
    """Whether anything goes on by itself."""
    moving = orders.c.state.in_((kept.NEW, kept.READY, kept.OPEN, kept.SIGNED))
    with store.read() as tx:
        return tx.connection.execute(select(orders.c.id).where(moving, orders.c.problem.is_(None))).first() is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
