"""From the values of an order to signed documents.

1. The values were verified when they came and are verified again by every half they fill (`batch.py`); they are in the database,
   so that a process that dies here is followed by another, which goes on with what is not signed.
2. Files are filled outside any transaction, some at a time. Then each signature, its document's new bytes, its move and the audit
   entry are one transaction. Who may no longer sign has signed nothing.
3. While the service of time is away the values are kept with their signatures, and finished when it is back (`finish.py`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Broken, LuukyError, Message, PartAway, Refused, Stale
from signing.admission import note, prepared_with, still_admitted
from signing.batch import Outcome, Waiting, complete_all
from signing.certificates import NotFit
from signing.finish import Signer, give_back, keep_for_later, signed
from signing.keys import Transaction
from signing.ordering import nothing_left, tell
from signing.prepare import in_whose_name
from signing.prepared import PreparedSignature
from signing.rfc3161 import service
from signing.settings import SigningSettings
from storage import orders as kept
from storage.orders import Orders, SignOrder
from storage.signing import Signature
from storage.store import Store
from storage.store import Transaction as Memory

AT_ONCE = 20
"""Files that are copied and filled before they are written down."""
Trouble = Callable[[Memory, Signature, Message], None]


def fulfil(store: Store, settings: SigningSettings, order: SignOrder, trouble: Trouble = give_back) -> None:
    """Finish the files of a signed order. `trouble`: what becomes of a signature whose file cannot be finished."""
    with store.read() as tx:
        items = Orders(tx.connection).items(order.id, ("prepared",))
        person = tx.people.get(order.person_id or "") if not order.seals else None
    if person is None and not order.seals:
        raise nothing_left()  # nobody's values are the seal's
    work = _Work(store, settings, Transaction.from_json(order.kept or {}), Signer(person, order.provider), trouble)
    for start in range(0, len(items), AT_ONCE):
        work.finish(items[start : start + AT_ONCE])
    with store.write() as tx:
        Orders(tx.connection).put(order.id, kept.DONE, kept=None)
        if tx.signing.job(order.id):
            tx.signing.end_job(order.id, "done")
        tell(tx, order, kept.DONE)


@dataclass(frozen=True, slots=True)
class _Work:
    """What files are finished with."""

    store: Store
    settings: SigningSettings
    transaction: Transaction
    signer: Signer
    trouble: Trouble

    def finish(self, items: Sequence[Signature]) -> None:
        """Fill some files and write them down."""
        with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
            signed_for = [one for one in items if one.id in self.transaction.values]
            waiting = [self._copied(one, Path(folder)) for one in signed_for]
            done = complete_all(waiting, self.transaction, service(self.settings))
            for signature, one in zip(signed_for, waiting, strict=True):
                self._keep(signature, done[signature.id], one.path)

    def _copied(self, signature: Signature, folder: Path) -> Waiting:
        half = signature.prepared or {}
        target = folder / f"{signature.id}.pdf"
        shutil.copyfile(self.store.objects.path(str(half["file"])), target)
        return Waiting(signature.id, target, PreparedSignature.from_json(half))

    def _keep(self, signature: Signature, outcome: Outcome, path: Path) -> None:
        """Rules 2 and 3."""
        try:
            if isinstance(outcome.problem, PartAway):
                keep_for_later(self.store, self.signer, signature, outcome.value)
                return
            if outcome.problem is not None:
                raise outcome.problem
            name = self.store.objects.put_file(path)
            with self.store.write() as tx:
                now = tx.signing.get(signature.id) or signature
                self._still(tx, now, signature)
                signed(tx, self.signer, now, name)
        except (Refused, Broken, Stale) as error:
            with self.store.write() as tx:
                now = tx.signing.get(signature.id) or signature
                if now.state == "prepared" and now.job_id == signature.job_id:
                    if isinstance(error, NotFit) and self.signer.person is not None:
                        note(tx, self.signer.person, prepared_with(now), error)
                    self.trouble(tx, now, _said(error))

    def _still(self, tx: Memory, now: Signature, before: Signature) -> None:
        """Whether it is still this signature, and still theirs to make. Raises Stale, Refused."""
        if now.job_id != before.job_id or now.prepared != before.prepared:
            raise Stale
        if self.signer.person is None:
            return
        person = tx.people.get(self.signer.person.id)
        if person is None or not person.active:
            raise _closed()
        in_whose_name(tx, person, now)
        still_admitted(tx, self.settings, person, now)


def _said(error: LuukyError) -> Message:
    if not isinstance(error, Stale):
        return error.message
    return Message(
        "changed",
        "Tài liệu đã thay đổi trong lúc ký. Mở xem lại rồi gửi ký lần nữa.",
        "The document changed while it was signed. Look at it again, then send it once more.",
    )


def _closed() -> Refused:
    return Refused(
        "account_closed",
        "Tài khoản đã bị khóa trước khi ký xong. Chữ ký này không được nhận.",
        "The account was locked before the signature was finished. It is not taken.",
    )
