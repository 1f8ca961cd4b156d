"""Who may have certified copies made, and what they ask for; a worker makes them (`pipeline/copying.py`, `certified.py`).

1. Only who keeps the seal may ask, of a document that is kept and not void, with a recipient and a reason.
2. The order, the errand of a worker and the audit entry are one transaction. Nothing is made while the browser waits; a second
   click on the same is the same order.
3. An order is called off by whoever may give one, until the copy is issued.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.copies import CopyOrder, CopyRequest
from domain.documents import Document, State
from domain.errors import Refused
from domain.people import Person
from signing.sealing import keeps
from storage.copies import CertifiedCopies
from storage.copying import CopyWork
from storage.store import Store, Transaction

KIND = "copy"
"""Of a version."""


def may_copy(tx: Transaction, person: Person, document: Document) -> bool:
    """Rule 1."""
    kept = document.state is State.KEPT and document.current is not None
    return kept and keeps(tx, person) and not tx.signing.voided([document.id])


@dataclass(frozen=True, slots=True)
class CopyDesk:
    """What screens do about copies."""

    store: Store

    def may(self, tx: Transaction, person: Person, document: Document) -> bool:
        """Whether a person may have copies made of a document."""
        return may_copy(tx, person, document)

    def keeps(self, tx: Transaction, person: Person) -> bool:
        """Whether a person keeps the seal."""
        return keeps(tx, person)

    def ask(self, person: Person, document_id: str, request: CopyRequest) -> CopyOrder:
        """Rule 2. Raises Refused `not_copyable`, `copy_pages`, `no_such_page`."""
        with self.store.write() as tx:
            document = tx.documents.get(document_id)
            if not may_copy(tx, person, document):
                raise not_copyable()
            request.numbers(document.pages or 1)
            register = CertifiedCopies(tx.connection)
            for one in register.asked(document_id=document_id):
                if (one.request, one.asked_by) == (request, person.login):
                    return one
            order = register.ask(document_id, document.current or "", request, person.login)
            tx.audit.add(
                person.login, "ask_copy", document_id, copy=order.id, form=request.form, pages=request.pages,
                recipient=request.recipient, why=request.reason, count=request.count,
            )  # fmt: skip
            tell(tx, order.id)
            return order

    def again(self, person: Person, copy_id: str) -> None:
        """What could not be made or renewed, or waits, is tried once more, now. Raises Refused `not_copyable`."""
        with self.store.write() as tx:
            document_id = self._document_of(tx, person, copy_id)
            if CopyWork(tx.connection).again(copy_id):
                tx.audit.add(person.login, "copy_again", document_id, copy=copy_id)
                tell(tx, copy_id)

    def stop(self, person: Person, copy_id: str) -> None:
        """Rule 3. Raises Refused `not_copyable`."""
        with self.store.write() as tx:
            document_id = self._document_of(tx, person, copy_id)
            if CopyWork(tx.connection).end(copy_id, None):
                tx.audit.add(person.login, "stop_copy", document_id, copy=copy_id)
                tell(tx, copy_id)

    def _document_of(self, tx: Transaction, person: Person, copy_id: str) -> str:
        register = CertifiedCopies(tx.connection)
        found = register.order(copy_id) or register.get(copy_id)
        if found is None or not keeps(tx, person):
            raise not_copyable()
        return found.document_id


def tell(tx: Transaction, copy_id: str) -> None:
    """All screens, with no word of which document: who keeps the seal counts copies of papers that are not seen otherwise."""
    tx.events.add("copies", copy=copy_id)


def not_copyable() -> Refused:
    """Rule 1 forbids it."""
    return Refused(
        "not_copyable",
        "Không cấp được bản sao: tài liệu chưa cất vào kho, đã hủy, hoặc bạn không phải người giữ con dấu.",
        "No certified copy: the document is not kept yet or void, or you do not keep the seal.",
    )
