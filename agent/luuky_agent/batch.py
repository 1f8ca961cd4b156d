"""One batch, from what the server asks to what became of each document. The command and the window drive the same.

1. Every document is fetched and checked before a PIN is asked for; what does not match is left out and said so.
2. The token is asked once to log in; a wrong PIN ends the batch, nothing is tried again.
3. Each value goes to the server as soon as it is made. What could not be delivered is kept and sent first the next time.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from luuky_agent.checking import check
from luuky_agent.errors import AgentError
from luuky_agent.job import Item, Job
from luuky_agent.keys import Keys
from luuky_agent.server import Server
from luuky_agent.settings import write

UNSENT = "unsent.json"
DONE = frozenset({"signed", "received"})
"""Outcomes after which the doctor has nothing left to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an item: `signed`, `received` (waits for a time stamp), `refused`, `declined`, or `away` (kept here, sent
    again the next time, because the server does not answer).
    """

    item: str
    state: str
    vi: str = ""
    en: str = ""


class Batch:
    """A job at this desk. `place`: the settings folder; `papers`: where fetched documents lie while the batch lasts."""

    def __init__(self, server: Server, job: Job, place: Path, papers: Path) -> None:
        self.job = job
        self.bad: dict[str, AgentError] = {}
        self._server, self._place, self._papers = server, place, papers

    def paper(self, item: Item) -> Path:
        """The fetched file of an item, for looking at."""
        return self._papers / f"{item.id}.pdf"

    def fetch(self, tell: Callable[[int, int], None]) -> list[Item]:
        """Rule 1. The items that may be signed; the others are in `bad`. `tell(done, all)` counts. Raises AgentError."""
        for number, item in enumerate(self.job.items, 1):
            document = self._server.document(self.job.id, item.id)
            try:
                check(item, document, item.certificate)
            except AgentError as error:
                self.bad[item.id] = error
            self.paper(item).write_bytes(document)
            tell(number, len(self.job.items))
        return [item for item in self.job.items if item.id not in self.bad]

    @property
    def certificate(self) -> bytes:
        """The certificate that the whole job is for."""
        return self.job.items[0].certificate

    def sign(self, token: Keys, items: Iterable[Item], tell: Callable[[Outcome], None]) -> None:
        """Sign items with a token that is logged in, telling of each as it is done (rule 3). Raises AgentError."""
        waiting = False
        chosen = list(items)
        try:
            for item in chosen:
                outcome = deliver(self._server, self._place, self.job.id, item.id, token.sign(item.attributes))
                waiting = waiting or outcome.state == "away"
                tell(outcome)
        finally:
            if not waiting:
                self.finish(chosen)

    def finish(self, chosen: Iterable[Item] = ()) -> None:
        """Tell the server that this is all; what was not signed waits again."""
        left = sorted({item.id for item in self.job.items} - {item.id for item in chosen})
        self._server.results(self.job.id, {"signatures": {}, "declined": left, "finished": True})


def deliver(server: Server, place: Path, job: str, item: str, value: bytes) -> Outcome:
    """Hand in one value; kept first, so that neither a dead line nor a power cut loses it."""
    text = base64.b64encode(value).decode()
    _keep(place, job, item, text)
    try:
        answer = server.results(job, {"signatures": {item: text}})[item]
    except AgentError as error:
        if error.status == 1:
            _forget(place, job, item)
            return Outcome(item, "refused", error.vi, error.en)
        return Outcome(item, "away", error.vi, error.en)
    _forget(place, job, item)
    return Outcome(item, answer["state"], answer.get("vi", ""), answer.get("en", ""))


def resend(server: Server, place: Path) -> list[Outcome]:
    """Hand in what could not be delivered before."""
    kept = _kept(place)
    return [deliver(server, place, job, item, base64.b64decode(text)) for job in kept for item, text in kept[job].items()]


def _kept(place: Path) -> dict[str, dict[str, str]]:
    try:
        found: dict[str, dict[str, str]] = json.loads((place / UNSENT).read_text())
    except (OSError, ValueError):
        return {}
    return found


def _keep(place: Path, job: str, item: str, text: str) -> None:
    kept = _kept(place)
    kept.setdefault(job, {})[item] = text
    write(place / UNSENT, json.dumps(kept).encode())


def _forget(place: Path, job: str, item: str) -> None:
    kept = _kept(place)
    kept.get(job, {}).pop(item, None)
    write(place / UNSENT, json.dumps({name: items for name, items in kept.items() if items}).encode())
