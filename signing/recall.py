"""A person takes the own signature back (thu hồi), as long as nobody signed over it and it is not proven.

1. Only the newest signature of the present version, by whoever made it, with a reason.
2. The document goes back to the bytes before it; the recalled ones stay among its versions and in the log.
3. What the next person was just signing is taken back, since it was made of bytes that no longer count; a value that was received
   already stands, and the signature below it too.
"""

from __future__ import annotations

from domain.documents import Document, State
from domain.errors import Message, Refused
from domain.people import Person
from signing.finish import give_back
from signing.refuse import being_signed, checked_reason
from storage.signing import LATER, SENT, Signature
from storage.store import Store, Transaction

RECALLED = "recalled"
"""The kind of the entry among the versions that says which bytes were taken back, why, and by whom."""
_BACK = Message(
    "recalled_below",
    "Chữ ký trước vừa được thu hồi nên phải ký lại từ đầu.",
    "The signature before was recalled, so this one begins again.",
)


def recall(store: Store, person: Person, signature_id: str, why: str) -> None:
    """Raises Refused `not_recallable`, `reason_needed`, `being_signed`; Stale."""
    reason = checked_reason(why)
    with store.write() as tx:
        signature = tx.signing.get(signature_id)
        if signature is None or signature.signed_by != person.id:
            raise _too_late()
        document = tx.documents.get(signature.document_id)
        if not signature.recallable(document):
            raise _too_late()
        for other in tx.signing.of(document.id):
            if other.state == "received":
                raise being_signed()
            if other.state in SENT:
                give_back(tx, other, _BACK)
        _take_back(tx, document, signature, (person, reason))


def _take_back(tx: Transaction, document: Document, signature: Signature, by: tuple[Person, str]) -> None:
    """Rule 2."""
    person, reason = by
    before, recalled = str((signature.prepared or {})["source"]), str(document.current)
    tx.signing.set(
        signature.id, state=LATER, job_id=None, prepared=None, signed_at=None, signed_by=None, behalf_id=None, problem=None
    )
    tx.documents.add_version(document.id, RECALLED, recalled, {"field": signature.field, "by": person.login, "why": reason})
    note = {"sha256": before, "recalled": recalled, "field": signature.field, "why": reason}
    if document.state is State.SIGNED:
        tx.documents.move(document, State.AWAITING_SIGNATURE, person.login, note=note, current=before)
        tx.audit.add(person.login, "recall_signature", document.id, **note)
    else:
        tx.documents.change(document, person.login, "recall_signature", note=note, current=before)
    tx.signing.take_turns(document.id)
    tx.events.add("signing", document.id, state="recalled")


def _too_late() -> Refused:
    return Refused(
        "not_recallable",
        "Không thu hồi được: đã có chữ ký sau, hoặc tài liệu đã niêm. Cần thì ký hủy tài liệu.",
        "It cannot be recalled: somebody signed after it, or the document is proven. If need be, make the document void.",
    )
