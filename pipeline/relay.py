"""Hands work to the queue after the commit, and takes back what was lost. Both only read and mark the outbox.

The relay picks what a person waits for first, and keeps in the broker only what workers can start soon.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from datetime import timedelta

from pipeline.queue import Queue
from storage.copies import TOPIC as COPY
from storage.copying import RENEW as RENEW_COPY
from storage.copying import CopyWork
from storage.lasting import TOPIC, Lasting
from storage.orders import TOPIC as ORDER
from storage.orders import Orders
from storage.preparing import TOPIC as PREPARE
from storage.preparing import Preparing
from storage.store import Store

LOST_AFTER = timedelta(seconds=60)
PER_PROCESS = 4
_TOPICS = ("step", "page", TOPIC, RENEW_COPY)
AT_ONCE = 20
"""Of what has a lane of its own: jobs to prepare, orders, copies that are handed on at once."""


def relay(store: Store, queue: Queue, processes: int) -> int:
    """Send what is due; returns how many errands went out. What could not be sent stays unsent."""
    with store.read() as tx:
        room = PER_PROCESS * processes - tx.outbox.in_flight()
        errands = tx.outbox.next((PREPARE, ORDER, COPY), AT_ONCE)
        errands += tx.outbox.next(_TOPICS, room) if room > 0 else []
    if not errands:
        return 0
    with store.write() as tx:
        tx.outbox.mark_sent([errand.id for errand in errands])
    try:
        queue.send(errands)
    except Exception:
        with store.write() as tx:
            tx.outbox.unsend([errand.id for errand in errands])
        raise
    return len(errands)


def sweep(store: Store, lost_after: timedelta = LOST_AFTER) -> int:
    """Put work back that nobody does any more: messages lost, leases overdue, signing jobs expired. Returns how much."""
    with store.write() as tx:
        found = tx.outbox.unsend_lost(lost_after)
        for document in tx.documents.overdue(_dead(tx.documents.owners())):
            tx.documents.free(document.id)
            tx.outbox.add("step", document.id, urgent=document.urgent)
            found += 1
        for page in tx.pages.abandoned(_dead(tx.pages.owners())):
            tx.pages.release(page.document_id, page.number)
            tx.outbox.add("page", page.document_id, page=page.number)
            found += 1
        lasting = Lasting(tx.connection)
        found += lasting.take_back(_dead(lasting.owners()))
        preparing = Preparing(tx.connection)
        found += preparing.take_back(_dead(preparing.owners()))
        orders = Orders(tx.connection)
        found += orders.take_back(_dead(orders.owners()))
        copies = CopyWork(tx.connection)
        found += copies.take_back(_dead(copies.owners()))
        return found + len(tx.signing.expire_jobs())


def _dead(owners: Iterable[str]) -> list[str]:
    """Those lease owners (`host:pid`) that were processes of this machine and are no more; their leases need not run out."""
    here = socket.gethostname()
    return [owner for owner in owners if owner.partition(":")[0] == here and not _lives(int(owner.partition(":")[2]))]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # somebody else's process, but alive
    return True
