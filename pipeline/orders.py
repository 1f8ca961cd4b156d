"""Orders of signatures on the belt: workers make and finish files, the dispatcher asks providers and waits for people.

1. Whoever works at an order holds its lease, and the attempt is counted before. What has killed its worker three times is given
   up; a batch of the seal is taken apart after the first time, so that one document does not stop the others.
2. A worker prepares what is to be sealed, has the token sign it, and fills files with values (`signing/fulfil.py`).
3. Asking a provider may take as long as a person needs. The dispatcher does it in threads of its own that do nothing else: no
   worker waits for a telephone.
4. The seal waits for its token, its PIN and its authority for ever, and says so; a person's order ends with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from domain.errors import LuukyError, Message, PartAway, PartMissing, Refused, Stale
from pipeline import retries
from pipeline.leases import kept as leased
from pipeline.points import reach
from signing import sealing
from signing.finish import give_back
from signing.fulfil import fulfil
from signing.keys import Provider, Told
from signing.ordering import Ordering, end
from signing.settings import SigningSettings
from storage import orders as kept
from storage.clock import now
from storage.orders import Orders, SignOrder
from storage.signing import SENT, Signature
from storage.store import Store, Transaction

log = logging.getLogger("luuky.orders")
AT_ONCE = 16
"""Orders that are asked about at the same time: where a provider answers only once a person has approved, so many people."""
ASKED_AT_ONCE = 8
"""Orders that workers are asked for at a time."""
_LONGEST_REST = timedelta(minutes=1)


class OrderRunner:
    """The worker's part, as worker `owner`."""

    def __init__(self, store: Store, settings: SigningSettings, providers: Callable[[str], Provider], owner: str) -> None:
        self._store = store
        self._settings = settings
        self._providers = providers
        self._owner = owner
        self._ordering = Ordering(store, settings, providers, owner)

    def run(self, order_id: str) -> None:
        """Take an order as far as a worker can, if nobody else is at it."""
        while (order := self._claim(order_id)) is not None:
            try:
                reach("after-look")
                with leased(lambda: _hold(self._store, order_id, self._owner)):
                    self._do(order)
                reach("after-commit")
            except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or is said
                self._answer(order, error)
                return

    def _do(self, order: SignOrder) -> None:
        """Rule 2."""
        match order.state:
            case kept.NEW:
                sealing.prepare_seal(self._store, self._settings, self._providers, order, self._owner)
                reach("in-work")
            case kept.READY:
                self._ordering.begin(order, Told())
                reach("before-commit")
            case _:
                fulfil(self._store, self._settings, order, sealing.in_trouble if order.seals else give_back)

    def _claim(self, order_id: str) -> SignOrder | None:
        """Rule 1."""
        with self._store.write() as tx:
            order = Orders(tx.connection).claim(order_id, "worker", self._owner)
            if order is None:
                return None
            items = Orders(tx.connection).items(order_id)
            if not items and order.state != kept.SIGNED:
                Orders(tx.connection).put(order_id, kept.DONE)
                return None
            if order.attempts > 1 and order.seals and len(items) > 1:
                _take_apart(tx, order, items)
                return None
            if order.attempts > retries.MOST_ATTEMPTS:
                _give_up(tx, order, retries.KILLED)
                return None
            return order

    def _answer(self, order: SignOrder, error: Exception) -> None:
        """Rule 4."""
        if isinstance(error, Stale):
            return
        problem, moment = retries.as_problem(error), now()
        log.warning("order %s: %s", order.id, problem.code)
        with self._store.write() as tx:
            orders = Orders(tx.connection)
            if not orders.holds(order.id, self._owner):
                return
            if isinstance(error, PartAway | PartMissing) or (order.seals and isinstance(error, Refused)):
                rest = retries.wait_for_part(error, order.waits, moment)
                orders.rest(order.id, moment + rest, problem, counts=False)
                tx.events.add("signing", person_id=order.person_id, job=order.id, state="waiting")
            elif isinstance(error, LuukyError) or order.attempts >= retries.MOST_ATTEMPTS:
                _give_up(tx, order, problem)
            else:
                orders.rest(order.id, moment + retries.rest_after_failure(order.attempts), None, counts=True)


class OrderWatch:
    """The dispatcher's part: asks workers for what is theirs, and providers for what people decide."""

    def __init__(self, ordering: Ordering, *, seals_itself: bool) -> None:
        self._ordering = ordering
        self._store = ordering.store
        self._seals_itself = seals_itself
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="order")
        self._asking: dict[str, Future[None]] = {}

    def tick(self) -> int:
        """Ask for what is due; returns how much there was for workers."""
        taken = sealing.take_waiting(self._store) if self._seals_itself else 0
        with self._store.read() as tx:
            mine, theirs = Orders(tx.connection).due("dispatcher", AT_ONCE), Orders(tx.connection).due("worker", 1)
        self._asking = {name: future for name, future in self._asking.items() if not future.done()}
        for order_id in mine:
            if order_id not in self._asking and len(self._asking) < AT_ONCE:
                self._asking[order_id] = self._threads.submit(self.run, order_id)
        asked = 0
        if theirs:
            with self._store.write() as tx:
                asked = Orders(tx.connection).ask(ASKED_AT_ONCE)
        return taken + asked + self._ordering.expire()

    def run(self, order_id: str) -> None:
        """Ask the provider about one order, if nobody else does (rule 3)."""
        with self._store.write() as tx:
            order = Orders(tx.connection).claim(order_id, "dispatcher", self._ordering.owner)
            if order is None:
                return
            if order.attempts > retries.MOST_ATTEMPTS:
                end(tx, order, retries.KILLED)
                return
        try:
            with leased(lambda: _hold(self._store, order_id, self._ordering.owner)):
                reach("before-asking")
                self._ask(order)
                reach("after-asking")
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or is said
            self._answer(order, error)

    def close(self) -> None:
        """Begin nothing more; what is being asked is asked again by the next dispatcher."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(self, order: SignOrder) -> None:
        if order.state == kept.OPEN:
            self._ordering.look(order)
        else:
            self._ordering.ask(order)

    def _answer(self, order: SignOrder, error: Exception) -> None:
        if isinstance(error, Stale):
            return
        log.warning("order %s: %s", order.id, retries.as_problem(error).code)
        if isinstance(error, LuukyError):
            self._ordering.fail(order, error, min(retries.wait_for_part(error, order.waits, now()), _LONGEST_REST))
            return
        with self._store.write() as tx:
            if order.attempts >= retries.MOST_ATTEMPTS:
                end(tx, order, retries.as_problem(error))
            else:
                rest = now() + retries.rest_after_failure(order.attempts)
                Orders(tx.connection).rest(order.id, rest, None, counts=True)


def _take_apart(tx: Transaction, order: SignOrder, items: Iterable[Signature]) -> None:
    """An order for each of its documents, which begins anew."""
    orders = Orders(tx.connection)
    for one in items:
        orders.count(orders.open_seal([one.id], order.person_id).id, order.attempts - 1)
    orders.put(order.id, kept.DONE, kept=None)


def _give_up(tx: Transaction, order: SignOrder, problem: Message) -> None:
    """What is not signed becomes the document's problem where the seal was to be put, and waits again for a person."""
    if not order.seals:
        end(tx, order, problem)
        return
    for one in Orders(tx.connection).items(order.id, SENT):
        sealing.in_trouble(tx, one, problem)
    Orders(tx.connection).put(order.id, kept.ENDED, kept=None)


def _hold(store: Store, order_id: str, owner: str) -> None:
    with store.write() as tx:
        Orders(tx.connection).hold(order_id, owner)
