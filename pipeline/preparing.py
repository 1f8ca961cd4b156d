"""Prepares a job for signing, one document after the other, and hands it over to where it is signed.

1. A worker that claims a job holds its lease; each document's attempt is counted before it begins.
2. The certificate is asked about once; while its authority is away the job rests. A certificate that may not sign gives all back.
3. The revision is made with no transaction open. Then the half and the next document's attempt are one transaction: killed
   anywhere, the next worker goes on with the first document that is not prepared.
4. What cannot be prepared waits again, with the reason, and the others go on; so does what has killed its worker three times.
5. Once all is done the job is handed over as a whole, in the order in which it was sent: a person sees everything that a PIN is
   for before it is typed. A job that was stopped meanwhile is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.errors import LuukyError, Message, PartAway, PartMissing, Refused, Stale
from domain.people import Person
from pipeline import retries
from pipeline.leases import kept
from pipeline.points import reach
from signing import prepare
from signing.certificates import Signatory
from signing.finish import give_back
from signing.prepare import Asked
from signing.settings import SigningSettings
from storage.clock import now
from storage.preparing import Preparing
from storage.signing import PREPARING, SENT, Job
from storage.store import Store, Transaction

log = logging.getLogger("luuky.preparing")


def to_the_desk(tx: Transaction, job: Job) -> None:
    """The job waits for the person's agent, which asks for it."""
    Preparing(tx.connection).offer(job.id)


class Preparer:
    """The worker's part, as worker `owner`. `hand_over` takes a job that is ready, in the transaction that ends the work;
    `signatory_of` says with which certificate a person signs.
    """

    def __init__(
        self,
        store: Store,
        settings: SigningSettings,
        owner: str,
        hand_over: Callable[[Transaction, Job], None],
        signatory_of: Callable[[Person], Signatory],
    ) -> None:
        self._store = store
        self._settings = settings
        self._owner = owner
        self._hand_over = hand_over
        self._signatory_of = signatory_of

    def run(self, job_id: str) -> None:
        """Prepare a job, if that is still to be done and nobody else is at it."""
        with self._store.write() as tx:
            job = Preparing(tx.connection).claim(job_id, self._owner)
            if job is None:
                return
            person = tx.people.get(job.person_id)
            if person is None or not person.active:
                tx.signing.end_job(job.id, "refused")
                return
        reach("after-look")
        try:
            with kept(lambda: self._hold(job.id)):
                self._prepare(job, person)
        except (PartAway, PartMissing) as error:
            self._rest(job, error)
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or is said
            self._refuse_all(job, error)

    def _prepare(self, job: Job, person: Person) -> None:
        signatory = self._signatory_of(person)
        with self._store.write() as tx:
            asked = self._next(tx, job, person)
        while asked is not None:
            made = self._half(asked, signatory)
            reach("in-work")
            with self._store.write() as tx:
                if not Preparing(tx.connection).holds(job.id, self._owner):
                    return
                self._keep(tx, person, asked, made)
                asked = self._next(tx, job, person)
                reach("before-commit")
            reach("after-commit")

    def _half(self, asked: Asked, signatory: Signatory) -> dict[str, Any] | Message:
        """Rule 3; or why there is none."""
        try:
            return prepare.half_of(self._store.objects, asked, signatory)
        except (PartAway, PartMissing):
            raise
        except Exception as error:  # noqa: BLE001 - one document that cannot be prepared does not stop the others
            log.warning("preparing %s: %s", asked.document.id, retries.as_problem(error).code)
            return _said(error)

    def _keep(self, tx: Transaction, person: Person, asked: Asked, made: dict[str, Any] | Message) -> None:
        why = made if isinstance(made, Message) else None
        try:
            if isinstance(made, dict):
                prepare.keep_half(tx, person, asked, made)
        except (Refused, Stale) as error:
            why = _said(error)
        if why is not None:
            _give_back(tx, asked.signature.id, why)
        tx.events.add("signing", person_id=person.id, job=asked.signature.job_id, state=PREPARING)

    def _next(self, tx: Transaction, job: Job, person: Person) -> Asked | None:
        """What is prepared next, its attempt counted; None: nothing more, and the job is on its way."""
        work = Preparing(tx.connection)
        while signature := work.next(job.id):
            if signature.attempts > retries.MOST_ATTEMPTS:
                _give_back(tx, signature.id, _KILLED)
                continue
            try:
                asked = prepare.about(tx, person, signature)
            except Refused as error:
                _give_back(tx, signature.id, error.message)
                continue
            return replace(asked, signature=signature)
        self._end(tx, job)
        return None

    def _end(self, tx: Transaction, job: Job) -> None:
        """Rule 5."""
        if tx.signing.in_job(job.id):
            self._hand_over(tx, job)
        else:
            tx.signing.end_job(job.id, "refused")
        ended = tx.signing.job(job.id)
        tx.events.add("signing", person_id=job.person_id, job=job.id, state=ended.state if ended else "")

    def _rest(self, job: Job, error: LuukyError) -> None:
        log.warning("preparing job %s: %s", job.id, error.message.code)
        with self._store.write() as tx:
            work = Preparing(tx.connection)
            if work.holds(job.id, self._owner):
                moment = now()
                work.rest(job.id, moment + retries.wait_for_part(error, job.waits, moment), error.message)
                tx.events.add("signing", person_id=job.person_id, job=job.id, state="waiting")

    def _refuse_all(self, job: Job, error: Exception) -> None:
        """What is prepared already is given back too: it was made for a certificate that may not sign now."""
        log.warning("preparing job %s: %s", job.id, retries.as_problem(error).code)
        with self._store.write() as tx:
            if Preparing(tx.connection).holds(job.id, self._owner):
                for signature in tx.signing.in_job(job.id):
                    _give_back(tx, signature.id, _said(error))
                self._end(tx, job)

    def _hold(self, job_id: str) -> None:
        with self._store.write() as tx:
            Preparing(tx.connection).hold(job_id, self._owner)


def _give_back(tx: Transaction, signature_id: str, why: Message) -> None:
    signature = tx.signing.get(signature_id)
    if signature is not None and signature.state in SENT:
        give_back(tx, signature, why)


def _said(error: Exception) -> Message:
    """What a person is told about a document that could not be prepared."""
    return _CHANGED if isinstance(error, Stale) else retries.as_problem(error)


_CHANGED = Message(
    "changed",
    "Tài liệu đã thay đổi trong lúc chuẩn bị ký. Mở xem lại rồi gửi ký lần nữa.",
    "The document changed while it was prepared for signing. Look at it again, then send it once more.",
)
_KILLED = Message(
    "killed_worker",
    "Máy xử lý đã dừng ba lần khi chuẩn bị ký tài liệu này. Báo người quản trị; các tài liệu khác vẫn ký được.",
    "The worker died three times while it prepared this document. Tell the administrator; the others can be signed.",
)
