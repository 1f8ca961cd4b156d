"""Certified copies on the belt: workers make what people asked for and renew the proofs in what was issued.

1. A worker that claims an order holds its lease, and the attempt is counted before it begins. Whoever asked must still be allowed
   to, and the pages must still be those that were asked for.
2. The file is made with no transaction open. The entry in the register with its number, the copy among the document's versions
   and the audit entry are one transaction: killed anywhere before it, the copy is made anew; after it, nothing is left to do.
3. The seal's token, its PIN, its authority and the service of time are waited for, for ever, and it is said; a PIN that was
   refused is not tried again (`signing/pin_ledger.py`). What cannot be copied ends with the reason.
4. An issued copy is kept, so its proof is renewed like a document's. What cannot be renewed is a person's problem.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.copies import CertifiedCopy, CopyOrder
from domain.documents import Document
from domain.errors import Broken, LuukyError, Message, PartAway, PartMissing, Refused, Stale, Unreadable
from domain.people import Person
from pipeline import retries
from pipeline.leases import kept
from pipeline.points import reach
from signing.certified import CopyMaker, Derived
from signing.copies import KIND, may_copy, not_copyable, tell
from signing.renew import Renewer
from signing.trust import TrustList
from signing.trusted import trust_of
from storage.clock import now
from storage.copies import CertifiedCopies
from storage.copying import CopyWork
from storage.store import Store, Transaction

log = logging.getLogger("luuky.copying")
ACTOR = "renewal"
SURVEYED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class CopyRenewals:
    """The dispatcher's part: asks for what is due, and looks into what nobody has looked into."""

    store: Store
    renewer: Renewer
    per_minute: int

    def ask(self) -> int:
        """Ask for a minute's renewals; returns how many."""
        with self.store.read() as tx:
            unknown = CertifiedCopies(tx.connection).unknown(SURVEYED_AT_ONCE)
        for copy in unknown:
            self._survey(copy)
        with self.store.write() as tx:
            return CopyWork(tx.connection).ask(self.renewer.before, self.per_minute)

    def _survey(self, copy: CertifiedCopy) -> None:
        try:
            ends = self.renewer.last(self.store.objects.path(copy.current))
        except (Broken, Refused) as error:
            with self.store.write() as tx:
                _stick(tx, copy, error.message)
            return
        with self.store.write() as tx:
            CopyWork(tx.connection).note(copy.id, ends.at)


@dataclass(frozen=True, slots=True)
class _About:
    """What a copy is made of."""

    person: Person
    document: Document
    pages: tuple[int, ...]
    trust: TrustList


class CopyRunner:
    """The worker's part, as worker `owner`."""

    def __init__(self, store: Store, maker: CopyMaker, renewer: Renewer, owner: str) -> None:
        self._store = store
        self._maker = maker
        self._renewer = renewer
        self._owner = owner

    def run(self, copy_id: str) -> None:
        """Make a copy that was asked for, if nobody else is at it."""
        with self._store.write() as tx:
            order = CopyWork(tx.connection).claim(copy_id, self._owner)
            if order is None:
                return
            try:
                about = self._about(tx, order)
            except Refused as error:
                self._end(tx, order, error.message)
                return
        try:
            reach("after-look")
            with kept(lambda: self._hold(copy_id)):
                self._make(order, about)
            reach("after-commit")
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or is said
            self._answer(order, error)

    def renew(self, copy_id: str) -> None:
        """Renew the proof in an issued copy, if nobody else is at it."""
        with self._store.write() as tx:
            claimed = CopyWork(tx.connection).claim_renewal(copy_id, self._owner)
            if claimed is None:
                return
            copy, attempts, waits = claimed
            if attempts > retries.MOST_ATTEMPTS:
                _stick(tx, copy, _KILLED)
                return
        try:
            reach("after-look")
            with kept(lambda: self._hold(copy_id)):
                self._extend(copy)
            reach("after-commit")
        except Exception as error:  # noqa: BLE001 - the task boundary: every error ends in a rest or is said
            self._answer_renewal(copy, (attempts, waits), error)

    # ---- making

    def _about(self, tx: Transaction, order: CopyOrder) -> _About:
        """Rule 1. Raises Refused."""
        if order.attempts > retries.MOST_ATTEMPTS:
            raise Refused(_KILLED.code, _KILLED.vi, _KILLED.en)
        person, document = tx.people.by_login(order.asked_by), tx.documents.get(order.document_id)
        if person is None or not may_copy(tx, person, document):
            raise not_copyable()
        if document.current != order.source and not _same_pages(tx, order):
            raise _changed()
        return _About(person, document, order.request.numbers(document.pages or 1), trust_of(tx, self._maker.settings.trust))

    def _make(self, order: CopyOrder, about: _About) -> None:
        """Rule 2."""
        document, request, made = about.document, order.request, datetime.now(UTC)
        source = document.current or ""
        title = f"{request.form.words}: {document.title or document.origin.name}"
        path = self._store.objects.path(source)
        wanted = Derived(path, about.pages, title, order.id, source, document.kind_code, made)
        with tempfile.TemporaryDirectory(prefix="luuky-copy-") as folder:
            proven = self._maker.make(wanted, request, about.trust, Path(folder))
            ends = self._renewer.last(proven)
            name = self._store.objects.put_file(proven)
        reach("in-work")
        with self._store.write() as tx:
            work, now_ = CopyWork(tx.connection), tx.documents.get(document.id)
            if not work.holds(order.id, self._owner):
                return
            if not may_copy(tx, about.person, now_):
                self._end(tx, order, not_copyable().message)
                return
            if now_.current != source:
                raise Stale
            self._enter(tx, about.person, work.issue(order.id, source, name, made, ends.at))
            reach("before-commit")

    def _enter(self, tx: Transaction, person: Person, copy: CertifiedCopy) -> None:
        tx.documents.add_version(copy.document_id, KIND, copy.sha256, {"copy": copy.id})
        tx.audit.add(
            person.login, "certify_copy", copy.document_id, number=copy.number, form=copy.form, pages=copy.pages,
            recipient=copy.recipient, why=copy.reason, count=copy.count, source=copy.source, sha256=copy.sha256,
        )  # fmt: skip
        tell(tx, copy.id)

    def _answer(self, order: CopyOrder, error: Exception) -> None:
        """Rule 3."""
        problem, moment = retries.as_problem(error), now()
        log.warning("copy %s: %s", order.id, problem.code)
        with self._store.write() as tx:
            work = CopyWork(tx.connection)
            if not work.holds(order.id, self._owner):
                return
            if isinstance(error, Stale):
                work.rest(order.id, moment, None)
            elif isinstance(error, PartAway | PartMissing | Refused) and not isinstance(error, Unreadable):
                work.rest(order.id, moment + retries.wait_for_part(error, order.waits, moment), problem)
            elif isinstance(error, LuukyError) or order.attempts >= retries.MOST_ATTEMPTS:
                self._end(tx, order, problem)
                return  # it tells
            else:
                work.rest(order.id, moment + retries.rest_after_failure(order.attempts), None)
            tell(tx, order.id)

    def _end(self, tx: Transaction, order: CopyOrder, why: Message) -> None:
        if CopyWork(tx.connection).end(order.id, why):
            tx.audit.add(order.asked_by, "end_copy", order.document_id, copy=order.id, code=why.code)
            tell(tx, order.id)

    # ---- renewing

    def _extend(self, copy: CertifiedCopy) -> None:
        """Rule 4."""
        with tempfile.TemporaryDirectory(prefix="luuky-copy-") as folder:
            target = Path(folder, "renewed.pdf")
            ends = self._renewer.renew(self._store.objects.path(copy.current), target, copy.current)
            if self._maker.judged(target) is False:
                raise _not_pdfa()
            name = self._store.objects.put_file(target)
        reach("in-work")
        with self._store.write() as tx:
            work = CopyWork(tx.connection)
            if not work.holds(copy.id, self._owner):
                return
            work.renewed(copy.id, name, ends.at)
            tx.documents.add_version(copy.document_id, KIND, name, {"copy": copy.id})
            tx.audit.add(ACTOR, "renew_copy", copy.document_id, number=copy.number, sha256=name, ends=ends.at.isoformat())
            reach("before-commit")

    def _answer_renewal(self, copy: CertifiedCopy, tried: tuple[int, int], error: Exception) -> None:
        attempts, waits = tried
        problem, moment = retries.as_problem(error), now()
        log.warning("renewal of copy %s: %s", copy.id, problem.code)
        with self._store.write() as tx:
            work = CopyWork(tx.connection)
            if not work.holds(copy.id, self._owner):
                return
            if isinstance(error, PartAway | PartMissing):
                work.rest(copy.id, moment + retries.wait_for_part(error, waits, moment), problem)
            elif isinstance(error, LuukyError) or attempts >= retries.MOST_ATTEMPTS:
                _stick(tx, copy, problem)
            else:
                work.rest(copy.id, moment + retries.rest_after_failure(attempts), None)

    # ---- both

    def _hold(self, copy_id: str) -> None:
        with self._store.write() as tx:
            CopyWork(tx.connection).hold(copy_id, self._owner)


def _stick(tx: Transaction, copy: CertifiedCopy, why: Message) -> None:
    """A person must see to it: the proof cannot be renewed."""
    if CopyWork(tx.connection).stick(copy.id, why):
        tx.audit.add(ACTOR, "problem", copy.document_id, copy=copy.number, code=why.code)
        tell(tx, copy.id)


def _same_pages(tx: Transaction, order: CopyOrder) -> bool:
    """Whether the document, whose bytes are others, still has the pages that were asked for: it was renewed, not bound anew."""
    versions = tx.documents.versions(order.document_id)
    seen = max((number for number, one in enumerate(versions) if one["sha256"] == order.source), default=-1)
    return not any(one["kind"] == "bound" for one in versions[seen + 1 :])


def _changed() -> Refused:
    return Refused(
        "copy_changed",
        "Các trang của tài liệu đã được xếp lại sau khi yêu cầu cấp bản sao. Mở xem lại rồi yêu cầu lần nữa.",
        "The pages of the document were put together anew after the copy was asked for. Look at it again, then ask once more.",
    )


def _not_pdfa() -> Broken:
    return Broken(
        "renewal_not_pdfa",
        "Bản sao vừa gia hạn không còn là PDF/A. Bản đang lưu còn nguyên. Hãy báo người quản trị.",
        "The copy just renewed is no longer PDF/A. The kept one is as it was. Call the administrator.",
    )


_KILLED = Message(
    "copy_killed_worker",
    "Máy xử lý đã dừng ba lần khi làm bản sao này. Tài liệu trong kho còn nguyên. Bấm “Thử lại”; nếu vẫn lỗi, báo người quản "
    "trị.",
    "The worker died three times on this copy. The document in the archive is safe. Press “Try again”; if it stays, tell the "
    "administrator.",
)
