"""A person will not sign (từ chối ký): the document goes to a person, with the reason and who.

1. Only whose turn it is refuses, with a reason. What others were just signing is taken back; a value that was received already
   is finished first.
2. It is nobody's turn then. Bound anew, the document is asked for anew (`step.py`); or the same is asked again, and signatures
   that were made stand.
"""

from __future__ import annotations

from dataclasses import asdict

from domain.documents import Document, State
from domain.errors import Message, Refused
from domain.people import Person
from signing.finish import give_back, waits_in
from signing.prepare import in_whose_name, not_free
from storage.signing import LATER, REFUSED, SENT, WAITING
from storage.store import Store

LONGEST = 300
"""Letters of a reason."""


def refuse(store: Store, person: Person, signature_id: str, why: str) -> None:
    """Rule 1. Raises Refused `not_waiting`, `reason_needed`, `being_signed`."""
    reason = checked_reason(why)
    with store.write() as tx:
        signature = tx.signing.get(signature_id)
        if signature is None or signature.state != WAITING:
            raise not_free()
        document, behalf = tx.documents.get(signature.document_id), in_whose_name(tx, person, signature)
        if document.state is not State.AWAITING_SIGNATURE or waits_in(signature) is not document.state:
            raise not_free()
        title = tx.signers.titles().get(signature.field, signature.field)
        message = _refused(person.name, title, reason)
        for other in tx.signing.of(document.id):
            if other.state == "received":
                raise being_signed()
            if other.state in SENT:
                give_back(tx, other, message)
        tx.signing.hold(document.id)
        in_name = behalf.id if behalf.id != person.id else None
        tx.signing.set(signature.id, state=REFUSED, problem=asdict(message), signed_by=person.id, behalf_id=in_name)
        tx.audit.add(person.login, "refuse_signature", document.id, field=signature.field, why=reason)
        tx.documents.move(document, State.NEEDS_REVIEW, person.login, reasons=(message,), note={"field": signature.field})
        tx.events.add("signing", document.id, state="refused")


def ask_again(store: Store, document: Document, actor: str) -> None:
    """Rule 2: the same document is asked for again. Raises Refused `not_refused`, Stale."""
    with store.write() as tx:
        refused = [one for one in tx.signing.of(document.id) if one.state == REFUSED]
        if not refused or document.state is not State.NEEDS_REVIEW or document.current is None:
            raise Refused("not_refused", "Tài liệu này không còn chờ vì bị từ chối ký.", "Nobody refused to sign this document.")
        for one in refused:
            tx.signing.set(one.id, state=LATER, problem=None, signed_by=None, behalf_id=None)
        tx.documents.move(document, State.AWAITING_SIGNATURE, actor, note={"again": [one.field for one in refused]})
        tx.audit.add(actor, "ask_signature_again", document.id, fields=[one.field for one in refused])
        tx.signing.take_turns(document.id)
        tx.events.add("signing", document.id, state="waiting")


def checked_reason(why: str) -> str:
    """Raises Refused `reason_needed`."""
    reason = " ".join(why.split())
    if not 0 < len(reason) <= LONGEST:
        raise Refused("reason_needed", f"Phải ghi lý do, không quá {LONGEST} chữ.", f"A reason is needed, of {LONGEST} letters.")
    return reason


def being_signed() -> Refused:
    """A signature was made that waits for its time stamp."""
    return Refused(
        "being_signed",
        "Tài liệu đang chờ dấu thời gian cho một chữ ký vừa ký. Chờ ít phút rồi làm lại.",
        "A signature just made waits for its time stamp. Try again in a few minutes.",
    )


def _refused(name: str, title: str, reason: str) -> Message:
    return Message(
        "signature_refused",
        f"{name} từ chối ký ({title}): {reason}. Sửa rồi duyệt lại, hoặc hỏi ký lại như cũ.",
        f"{name} refused to sign ({title}): {reason}. Correct and accept it again, or ask for the same again.",
    )
