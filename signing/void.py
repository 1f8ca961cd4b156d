"""A kept document is made void (hủy): by one more signature, in a field of its own, whose block is red and says why.

1. A rule for the field says who may; a reason is asked. The signature then waits for that person and goes the way of every other.
2. The field is made with the signature: the signatures before stay what they were. The document is proven and kept anew; it stays
   findable and says everywhere that it is void.
3. A file that came in signed is never added to.
"""

from __future__ import annotations

from domain.certification import Permits
from domain.documents import Nature, State
from domain.errors import Refused
from domain.people import Person
from domain.signers import VOID, voiding
from signing.prepare import in_whose_name, not_free
from signing.refuse import checked_reason
from storage.signing import WAITING
from storage.store import Store


def ask_void(store: Store, person: Person, document_id: str, why: str) -> None:
    """Rule 1. Raises Refused `not_voidable`, `certified`, `reason_needed`."""
    reason = checked_reason(why)
    with store.write() as tx:
        document = tx.documents.get(document_id)
        found = voiding(tx.signing.rules(), document, tx.documents.facts(document_id), tx.signers.hats(person))
        made = tx.signing.of(document_id)
        if any((one.prepared or {}).get("certifies") == Permits.NOTHING for one in made):
            raise _certified()
        asked = any(one.field == VOID for one in made)
        if found is None or asked or document.state is not State.KEPT or document.nature is Nature.SIGNED:
            raise _not_voidable()
        rule, hat = found
        tx.signing.ask_void(document_id, rule, hat.person_id, reason)
        tx.audit.add(person.login, "ask_void", document_id, why=reason)
        tx.events.add("signing", document_id, state="waiting")


def cancel_void(store: Store, person: Person, signature_id: str) -> None:
    """Ask no longer, before it is signed. Raises Refused `not_waiting`."""
    with store.write() as tx:
        signature = tx.signing.get(signature_id)
        if signature is None or signature.field != VOID or signature.state != WAITING:
            raise not_free()
        in_whose_name(tx, person, signature)
        tx.signing.forget(signature.document_id)
        tx.audit.add(person.login, "cancel_void", signature.document_id)
        tx.events.add("signing", signature.document_id, state="cancelled")


def _certified() -> Refused:
    return Refused(
        "certified",
        "Tài liệu đã được chứng nhận là không thay đổi nữa nên không ký hủy được. Hãy lập bản mới thay bản này.",
        "The document was certified as final, so it cannot be made void by a signature. Make a new version in its place.",
    )


def _not_voidable() -> Refused:
    return Refused(
        "not_voidable",
        "Không hủy được tài liệu này: chưa cất vào kho, đã hủy, đến đã có chữ ký sẵn, hoặc bạn không có quyền hủy.",
        "This document cannot be made void: it is not kept yet, void already, came in signed, or you may not.",
    )
