"""One batch, from what the server asks to what became of each document. The command and the window drive the same.

1. Every document is fetched and checked before a PIN is asked for; what does not match is left out and said so. What is shown
   are the bytes that were checked.
2. The token is asked once to log in; a wrong PIN ends the batch, nothing is tried again. It logs out after the last signature.
3. Each value is kept on disk (`outbox.py`), then goes to the server; the token makes the next ones meanwhile, and waits for
   neither: a value at most is not on the disk yet when the agent is killed, and then nobody has it.
4. Once the token is found, the server is told how its key can sign, and says anew how each value is to be made. A token that then
   refuses RSA-PSS all the same goes on with PKCS #1 v1.5, as soon as the server says so too.
5. When the token or the server fails in the middle, the job stays open: the rest can be signed after the trouble. What has a
   value is never signed again.
"""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from luuky_agent.checking import check, mismatch
from luuky_agent.errors import AgentError
from luuky_agent.job import Item, Job, expired
from luuky_agent.keys import RSA_PSS, Keys, TokenCertificate, usual
from luuky_agent.outbox import Outbox
from luuky_agent.server import Server

DONE = frozenset({"signed", "received"})
"""Outcomes after which the doctor has nothing left to do."""
OVER = frozenset({"no_item", "result"})
"""Refusals after which a value is of no use: its job is over."""
CANNOT = "cannot_sign_so"
"""Said of a token that does not sign in a certain way (`data/token_errors.csv`)."""
SENDERS = 4
"""Values on their way at the same time: the server needs a time stamp for each."""
Sent = Future[Future[None]]
"""A value that is being kept, and then handed in."""


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
    """A job at this desk. `papers`: where fetched documents lie while the batch lasts. `bad`: what is left out, and why."""

    def __init__(self, server: Server, job: Job, outbox: Outbox, papers: Path) -> None:
        self.job = job
        self.bad: dict[str, AgentError] = {}
        self._server, self._outbox, self._papers = server, outbox, papers
        self._hashes: dict[str, bytes] = {}
        self._ways: dict[str, str | None] = {item.id: item.mechanism for item in job.items}
        self._able: tuple[str, ...] = ()
        self._telling = threading.Lock()
        self._life = job.expires - time.time()
        self.expires = float(job.expires)
        """When the server gives the rest back: it counts anew from each value that it takes."""
        self._away = False

    @property
    def certificate(self) -> bytes:
        """The certificate that the whole job is for."""
        return self.job.items[0].certificate

    def paper(self, item: Item) -> bytes:
        """The very bytes that were checked. Raises AgentError `mismatch` if the file on disk is another by now."""
        data = self._path(item).read_bytes()
        if hashlib.sha256(data).digest() != self._hashes[item.id]:
            raise mismatch("5")
        return data

    def fetch(self, tell: Callable[[int, int], None]) -> list[Item]:
        """Rule 1. The items that may be signed; the others are in `bad`. `tell(done, all)` counts. Raises AgentError."""
        for number, item in enumerate(self.job.items, 1):
            document = self._server.document(self.job.id, item.id)
            try:
                self._check(item, document)
            except AgentError as error:
                self.bad[item.id] = error
            self._path(item).write_bytes(document)
            self._hashes[item.id] = hashlib.sha256(document).digest()
            tell(number, len(self.job.items))
        return [item for item in self.job.items if item.id not in self.bad]

    def able(self, items: Iterable[Item], certificate: TokenCertificate) -> list[Item]:
        """Rule 4. The items that this key can sign in the way the server wants; the others go to `bad`. Raises AgentError."""
        chosen = list(items)
        self._agree(certificate.mechanisms or usual(certificate.certificate))
        for item in chosen:
            way = self._ways[item.id]
            if way is not None and way not in self._able:
                self.bad[item.id] = _cannot(way)
        return [item for item in chosen if item.id not in self.bad]

    def sign(
        self, keys: Keys, items: Sequence[Item], tell: Callable[[Outcome], None], go: Callable[[], bool] = lambda: True
    ) -> bool:  # fmt: skip
        """Sign items with keys that are logged in (rules 3 to 5), telling of each as it is done; whether all went through.

        `go` is asked before each; False: enough. Raises AgentError of the token, or `expired`.
        """
        with ThreadPoolExecutor(max_workers=SENDERS) as senders, ThreadPoolExecutor(max_workers=1) as keeper:
            sent: list[Sent] = []
            try:
                for item in items:
                    if not go():
                        break
                    if self.expires < time.time():
                        raise expired()
                    value = self._value(keys, item, sent)
                    if sent:
                        sent[-1].result()  # a value that cannot be kept ends the batch; the token made one more meanwhile
                    sent.append(keeper.submit(self._keep, item, value, partial(senders.submit, self._hand_in, item, value, tell)))
            finally:
                keys.close()
                _arrived(sent)
        return not self._away

    def finish(self) -> None:
        """Tell the server that this is all; what was not signed waits again."""
        left = sorted(item.id for item in self.job.items if self._outbox.state(self.job.id, item.id) is None)
        self._server.results(self.job.id, {"signatures": {}, "declined": left, "finished": True})

    def _keep(self, item: Item, value: bytes, send: Callable[[], Future[None]]) -> Future[None]:
        """Rule 3: on the disk first, while the token makes the next one."""
        self._outbox.keep(self.job.id, item.id, value)
        return send()

    def _value(self, keys: Keys, item: Item, sent: Sequence[Sent]) -> bytes:
        """Rule 4. Values that are on their way were made in the old way, and arrive before the new one is agreed."""
        way = self._ways[item.id]
        try:
            return keys.sign(item.attributes, way)
        except AgentError as error:
            if error.code != CANNOT or way != RSA_PSS:
                raise
            _arrived(sent)
            if self._away:
                raise
            self._agree([one for one in self._able if one != RSA_PSS] or usual(item.certificate))
            if self._ways[item.id] == RSA_PSS:
                raise
            return keys.sign(item.attributes, self._ways[item.id])

    def _agree(self, able: Sequence[str]) -> None:
        """Rule 4: the same job over again, but for the ways. Raises AgentError."""
        self._able = tuple(able)
        job = self._server.job(self._able)
        if job is None or job.id != self.job.id:
            raise expired()
        known = {item.id: item for item in self.job.items}
        for item in job.items:
            if item.id not in known or replace(item, mechanism=known[item.id].mechanism) != known[item.id]:
                raise mismatch("5")
            self._ways[item.id] = item.mechanism
        self.expires = max(self.expires, float(job.expires))

    def _check(self, item: Item, document: bytes) -> None:
        if self._outbox.state(self.job.id, item.id) is not None:
            raise _again()
        check(item, document, item.certificate)

    def _hand_in(self, item: Item, value: bytes, tell: Callable[[Outcome], None]) -> None:
        """Rule 3. Once the server is away, nothing more is tried: everything is kept."""
        outcome = Outcome(item.id, "away") if self._away else deliver(self._server, self._outbox, self.job.id, item.id, value)
        with self._telling:
            self._away = self._away or outcome.state == "away"
            if not self._away:
                self.expires = max(self.expires, time.time() + self._life)
            tell(outcome)

    def _path(self, item: Item) -> Path:
        return self._papers / f"{item.id}.pdf"


def _arrived(sent: Iterable[Sent]) -> None:
    """Wait until everything is kept and handed in."""
    for one in sent:
        one.result().result()


def deliver(server: Server, outbox: Outbox, job: str, item: str, value: bytes) -> Outcome:
    """Hand in one value that is kept, and say what became of it.

    `stale`: an earlier request with the same value was still under way there; asked once more, the server knows how it ended.
    """
    signatures = {"signatures": {item: base64.b64encode(value).decode()}}
    try:
        answer = server.results(job, signatures).get(item, {})
        if answer.get("code") == "stale":
            answer = server.results(job, signatures).get(item, {})
    except AgentError as error:
        if error.code in OVER:
            outbox.useless(job, item)
            return Outcome(item, "refused", error.vi, error.en)
        return Outcome(item, "away", error.vi, error.en)
    state = str(answer.get("state", "away"))
    if state in DONE:
        outbox.handed_in(job, item)
    elif state != "away":
        outbox.useless(job, item)
    return Outcome(item, state, str(answer.get("vi", "")), str(answer.get("en", "")))


def resend(server: Server, outbox: Outbox) -> list[Outcome]:
    """Hand in what could not be delivered before; no PIN is needed. Nothing more is tried once the server is away."""
    outcomes: list[Outcome] = []
    for job, item, value in outbox.waiting():
        away = bool(outcomes) and outcomes[-1].state == "away"
        outcomes.append(Outcome(item, "away") if away else deliver(server, outbox, job, item, value))
    return outcomes


def finished(batch: Batch) -> None:
    """End a job as far as the server can be told; a job that it is not told of ends by itself."""
    with suppress(AgentError):
        batch.finish()


def _cannot(mechanism: str) -> AgentError:
    return AgentError(
        CANNOT,
        f"USB này không ký được kiểu {mechanism} mà máy chủ yêu cầu. Tài liệu chờ ký lại; hãy báo bộ phận CNTT.",
        f"This token cannot make {mechanism}, which the server asks for. The document waits again; tell the IT department.",
    )


def _again() -> AgentError:
    return AgentError(
        "replayed",
        "Tài liệu này đã được ký trong lượt này rồi, không ký lần nữa. Nếu màn hình Ký vẫn thấy nó chờ, hãy gửi lại từ đó.",
        "This document was signed in this job already and is not signed again. If it still waits, send it again.",
    )
