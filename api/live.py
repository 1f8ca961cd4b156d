"""What happens, as it happens: one reader of the event sequence per web process, fanned out to every browser that listens.

Rules
1. A browser hears of a document only while its person may see it; of a person's own events only that person hears.
2. An event carries ids, numbers and the name of the kind, nothing else: screens then ask for what changed, under their rights.
3. A stream opens with the number of the newest event: a page that was drawn before it asks once for what it missed.
4. A stream ends when its session ends, and at once when the server goes down.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import anyio.to_thread

from api.desk import sight_in
from domain.errors import PartAway
from domain.people import Person, Sight
from storage.events import Event
from storage.store import Store, Transaction

LOOK_EVERY = 0.4
"""Seconds between two looks at the sequence."""
SIGN_OF_LIFE = 15.0
"""Seconds after which an idle stream says that it is alive, so that proxies keep it open."""
BACKLOG = 500


@dataclass(eq=False)
class Listener:
    """One open stream."""

    token: str
    person: Person
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(BACKLOG))

    def tell(self, line: str | None) -> None:
        """Hand a line over; None ends the stream. A browser that does not keep up is cut off and comes back by itself."""
        if self.queue.full():
            self.queue.get_nowait()
            line = None
        self.queue.put_nowait(line)


class Live:
    """The reader and its listeners."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: set[Listener] = set()
        self._last = 0
        self._closed = False

    async def run(self) -> None:
        """Follow the sequence until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._listeners:
                await self._look()

    def close(self) -> None:
        """End all streams now; later ones end at once."""
        self._closed = True
        for listener in self._listeners:
            listener.tell(None)

    async def stream(self, token: str, person: Person) -> AsyncIterator[str]:
        """The text of one event stream (HTML standard, server-sent events)."""
        newest = await anyio.to_thread.run_sync(self._newest)
        if not self._listeners:
            self._last = newest
        listener = Listener(token, person)
        self._listeners.add(listener)
        try:
            yield f"retry: 2000\nid: {newest}\nevent: opened\ndata: {newest}\n\n"
            while not self._closed and (line := await _next(listener)) is not None:
                yield line
        finally:
            self._listeners.discard(listener)

    async def _look(self) -> None:
        listeners = list(self._listeners)
        try:
            told = await anyio.to_thread.run_sync(self._read, listeners)
        except PartAway:
            return
        for listener, lines in told:
            for line in lines:
                listener.tell(line)

    def _read(self, listeners: list[Listener]) -> list[tuple[Listener, list[str | None]]]:
        with self._store.read() as tx:
            fresh = tx.events.after(self._last)
            if not fresh:
                return [(one, [None]) for one in listeners if tx.people.session(one.token) is None]
            self._last = fresh[-1].id
            return [(one, _for(tx, one, fresh)) for one in listeners]

    def _newest(self) -> int:
        with self._store.read() as tx:
            return tx.events.last()


def _for(tx: Transaction, listener: Listener, fresh: list[Event]) -> list[str | None]:
    session = tx.people.session(listener.token)
    if session is None:
        return [None]
    sight = sight_in(tx, session.person)
    ids = {event.document_id for event in fresh if event.document_id}
    seen = {document.id for document in tx.documents.listed(ids=ids, sight=sight)} if ids else set()
    return [_line(event) for event in fresh if _concerns(event, session.person, seen, sight)]


def _concerns(event: Event, person: Person, seen: set[str], sight: Sight) -> bool:
    if event.person_id is not None:
        return event.person_id == person.id
    return event.document_id in seen if event.document_id else bool(sight.states)


def _line(event: Event) -> str:
    """An event as a stream has it; of words, also on which page, and what a screen that shows them has `seen`."""
    where = {name: event.payload[name] for name in ("page", "seen")} if event.kind == "words" else {}
    return f"id: {event.id}\ndata: {json.dumps({'kind': event.kind, 'document': event.document_id} | where)}\n\n"


async def _next(listener: Listener) -> str | None:
    try:
        return await asyncio.wait_for(listener.queue.get(), SIGN_OF_LIFE)
    except TimeoutError:
        return ": here\n\n"
