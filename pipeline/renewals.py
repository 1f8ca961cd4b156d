"""Renews the proof in documents before it ends: the dispatcher asks for what is due, workers do it, one document at a time.

1. What is due is asked for by the outbox, so many a minute; a worker that claims it holds a lease and counts the attempt.
2. The work is done with no transaction open: one more time stamp, our own verdict (`signing/renew.py`), the judge of PDF/A.
3. The new version, its judgement, the document's new bytes, the audit entry and how the new proof ends are one transaction; so is
   the new manifest of a kept document, which stays KEPT. A document that moved meanwhile is left alone.
4. Absent parts are waited for; what cannot be renewed becomes the document's problem, for a person to see. Whoever has lost the
   lease meanwhile says nothing: the document is another worker's.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custody.step import KeepStep
from domain.documents import Document, State
from domain.errors import Broken, Message, PartAway, PartMissing, Refused, Stale
from domain.lasting import Ends
from domain.proof import Standing, named, proof_of
from pdfa.validator import Judgement
from pipeline import retries
from pipeline.leases import kept
from pipeline.points import reach
from signing.renew import Renewer
from storage.lasting import Lasting, Renewal
from storage.store import Store, Transaction

log = logging.getLogger("luuky.renewals")
ACTOR = "renewal"
SURVEYED_AT_ONCE = 50


class Renewals:
    """The dispatcher's part: asks for what is due, and notes what was proven before anybody noted it."""

    def __init__(self, store: Store, renewer: Renewer, per_minute: int, look: Callable[[int], int]) -> None:
        """`look` notes of some files, at most so many, on whose roots their proofs rest; returns of how many."""
        self._store = store
        self._renewer = renewer
        self._per_minute = per_minute
        self._look = look

    def ask(self) -> int:
        """Ask for a minute's renewals (rule 1); returns how many."""
        with self._store.write() as tx:
            return Lasting(tx.connection).ask(self._renewer.before, self._renewer.now, self._per_minute)

    def survey(self) -> int:
        """Look into some of the proven documents of which nothing is noted; returns how many there were."""
        with self._store.read() as tx:
            unknown = Lasting(tx.connection).unknown(SURVEYED_AT_ONCE)
        for document_id, sha256 in unknown:
            try:
                ends = self._renewer.last(self._store.objects.path(sha256))
            except (Broken, Refused) as error:
                with self._store.write() as tx:
                    tx.documents.give_up(tx.documents.get(document_id), error.message)
                continue
            with self._store.write() as tx:
                Lasting(tx.connection).note(document_id, sha256, ends)
        return len(unknown) + self._look(SURVEYED_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _Result:
    name: str
    ends: Ends
    report: dict[str, Any]


class RenewalRunner:
    """The worker's part, as worker `owner`. `ask` gives the judge's verdict on an object of so many pages."""

    def __init__(self, store: Store, renewer: Renewer, ask: Callable[[str, int], Judgement], owner: str) -> None:
        self._store = store
        self._renewer = renewer
        self._ask = ask
        self._owner = owner
        self._keep = KeepStep(store.objects)

    def run(self, document_id: str) -> None:
        """Renew the proof in one document, if it is due and nobody else is at it."""
        with self._store.write() as tx:
            renewal = Lasting(tx.connection).claim(document_id, self._owner, self._renewer.before)
            if renewal is None:
                return
            document = tx.documents.get(document_id)
            if renewal.attempts > retries.MOST_ATTEMPTS:
                self._give_up(tx, document, retries.KILLED)
                return
        try:
            reach("after-look")
            with kept(lambda: self._hold(document_id)):
                result = self._work(renewal, document)
            reach("in-work")
            with self._store.write() as tx:
                self._write(tx, document, result)
                reach("before-commit")
            reach("after-commit")
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or a problem
            self._answer(renewal, error)

    def _work(self, renewal: Renewal, document: Document) -> _Result:
        """Rule 2."""
        with tempfile.TemporaryDirectory(prefix="luuky-renew-") as folder:
            target = Path(folder, "renewed.pdf")
            ends = self._renewer.renew(self._store.objects.path(renewal.sha256), target, renewal.sha256)
            name = self._store.objects.put_file(target)
        report = self._ask(name, document.pages or 1).as_report()
        if proof_of(report).standing is Standing.FAILED:
            raise _not_pdfa(report)
        return _Result(name, ends, report)

    def _write(self, tx: Transaction, document: Document, result: _Result) -> None:
        """Rule 3. Raises Stale."""
        note = {"sha256": result.name, "before": document.current, "ends": result.ends.at.isoformat()}
        tx.documents.add_version(document.id, "renewed", result.name, result.report)
        changed = tx.documents.change(document, ACTOR, "renew", note=note, searched=False, current=result.name)
        if document.state is State.KEPT:
            manifest = self._store.objects.put(self._keep.look(tx, changed).manifest)
            tx.documents.add_version(document.id, "manifest", manifest)
        Lasting(tx.connection).note(document.id, result.name, result.ends)

    def _answer(self, renewal: Renewal, error: Exception) -> None:
        """Rule 4."""
        document_id = renewal.document_id
        log.warning("renewal of %s: %s", document_id, retries.as_problem(error).code)
        with self._store.write() as tx:
            moment, lasting = self._renewer.now, Lasting(tx.connection)
            if not lasting.holds(document_id, self._owner):
                return
            if isinstance(error, Stale):
                lasting.rest(document_id, None, None)
            elif isinstance(error, PartAway | PartMissing):
                until = moment + retries.wait_for_part(error, renewal.waits, moment)
                lasting.rest(document_id, until, error.message.code)
            elif isinstance(error, Broken | Refused) or renewal.attempts >= retries.MOST_ATTEMPTS:
                self._give_up(tx, tx.documents.get(document_id), retries.as_problem(error))
            else:
                lasting.rest(document_id, moment + retries.rest_after_failure(renewal.attempts), None)

    def _give_up(self, tx: Transaction, document: Document, problem: Message) -> None:
        """A person is told; once that person has taken the problem back, everything begins anew."""
        tx.documents.give_up(document, problem)
        Lasting(tx.connection).again(document.id)

    def _hold(self, document_id: str) -> None:
        with self._store.write() as tx:
            Lasting(tx.connection).hold(document_id, self._owner)


def _not_pdfa(report: dict[str, Any]) -> Broken:
    vi, en = named(proof_of(report).failed)
    return Broken(
        "renewal_not_pdfa",
        f"Bản vừa gia hạn không đạt kiểm định PDF/A ({vi}). Bản đang lưu còn nguyên. Hãy báo người quản trị.",
        f"The file just renewed is no valid PDF/A ({en}). The kept file is as it was. Call the administrator.",
    )
