"""What is written when pages have been arranged: one transaction, or nothing.

1. Only documents that have pages and whose story goes on; none that came in signed, none that somebody is just signing.
2. What was signed or kept is replaced only with a reason. Its bytes stay among the versions, its signatures stay on record as of
   them, and the version that comes names the one it replaces.
3. Pages are written, what is known of the document goes with them (`carried.py`), whom it was filed under is asked anew: the
   document goes back to be read where a page is not read, else to be filed.
4. A document that has no page left is withdrawn, and says where its pages went.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.arrangement import Arrangement, Held, told
from domain.documents import ARRANGEABLE, Document, Nature, State
from domain.errors import Message, Refused
from domain.reasons import Why
from filing.carried import moved
from filing.reasons import CONFIRMED_BEFORE
from filing.review import take_back_stay
from filing.step import ACTOR as BELT
from storage.arrangements import Made
from storage.signing import BEING_SIGNED
from storage.store import Transaction

KEPT_AS_SIGNED = frozenset({State.SIGNED, State.PROVEN, State.KEPT})
REPLACED = "replaced"
"""The kind of the entry among the versions that says which bytes are replaced, why, and by whom."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who arranges, by which act (`arrange`, `split`, `join`), why; which document the pages go to that leave others; which
    documents are made by it.
    """

    actor: str
    act: str
    why: Why | None = None
    into: str = ""
    made: frozenset[str] = frozenset()


def needs_reason(tx: Transaction, document: Document) -> bool:
    """Whether the document is signed or kept (rule 2)."""
    return document.state in KEPT_AS_SIGNED or any(one.state == "signed" for one in tx.signing.of(document.id))


def settle(
    tx: Transaction, before: Mapping[str, Arrangement], after: Mapping[str, Arrangement], change: Change
) -> dict[str, Document]:
    """Write what differs between `before` and `after`, of documents that are held. Returns every document of `after`. Raises
    Refused `not_arrangeable`, `came_signed`, `being_signed`, `reason_needed`.
    """
    tx.signing.expire_jobs()
    changed = {name: each for name, each in sorted(after.items()) if before[name] != each}
    documents = {name: tx.documents.get(name) for name in after}
    for name in sorted(set(documents) - change.made):
        _may(tx, documents[name], change)
    known = {name: _Known.of(tx, documents[name]) for name in changed}
    text = _text(change.why)
    made = tx.arrangements.write(changed, change.actor, text)
    for name, each in changed.items():
        _replace_signed(tx, documents[name], change)
        written = _moved(tx, documents[name], (before[name], each, made[name]), known[name], change)
        documents[name] = _carried(tx, documents[name], written, (before[name], each), change.actor)
    return documents


@dataclass(frozen=True, slots=True)
class _Known:
    """What people had decided: whom the document was confirmed to be of, and whether they wrote any fact."""

    patient: str | None
    wrote: bool
    held: Held | None

    @classmethod
    def of(cls, tx: Transaction, document: Document) -> _Known:
        held = tx.documents.held(document.id)
        patient = document.patient_id if document.patient_id and _by_a_person(tx, document) else None
        return cls(patient or (held.patient if held else None), bool(tx.documents.said(document.id)), held)

    def after(self, before: Arrangement, now: Arrangement) -> Held | None:
        """What filing must take up again."""
        came = bool(now.named - before.named)
        decided = self.patient is not None or self.wrote
        whole = before.named == now.named and (self.held is None or self.held.whole)
        came_in = (came and decided) or (self.held is not None and self.held.came_in)
        return Held(self.patient, whole, came_in) if decided or came_in else None


def _may(tx: Transaction, document: Document, change: Change) -> None:
    """Rules 1 and 2."""
    if document.state not in ARRANGEABLE:
        raise Refused(
            "not_arrangeable",
            "Trang của tài liệu này chưa có hoặc không còn xếp lại được.",
            "The pages of this document are not there yet, or can no longer be arranged.",
        )
    if document.nature is Nature.SIGNED:
        raise Refused(
            "came_signed",
            "Tệp này đã có chữ ký khi gửi đến nên phải giữ nguyên, không tách hay ghép trang.",
            "This file came in signed and is kept as it is; its pages cannot be taken apart.",
        )
    if any(one.state in BEING_SIGNED for one in tx.signing.of(document.id)):
        raise Refused(
            "being_signed",
            "Tài liệu đang được ký. Chờ ký xong hoặc dừng lượt ký rồi xếp lại trang.",
            "The document is just being signed. Wait until it is, or stop the turn of signing, then arrange its pages.",
        )
    if change.why is None and needs_reason(tx, document):
        raise Refused(
            "reason_needed",
            "Tài liệu đã ký hoặc đã cất vào kho: phải ghi lý do, và bản mới phải ký lại.",
            "The document is signed or kept: a reason is needed, and the new version is signed again.",
        )


def _by_a_person(tx: Transaction, document: Document) -> bool:
    moves = (entry for entry in tx.audit.of(document.id, 1000) if entry.act == "move" and entry.details.get("end") == State.FILED)
    last = next(moves, None)
    return last is not None and (last.actor != BELT or CONFIRMED_BEFORE.code in last.details.get("because", ()))


def _replace_signed(tx: Transaction, document: Document, change: Change) -> None:
    """Rule 2; before anything is signed, nobody is asked any longer."""
    if change.why is None or not needs_reason(tx, document):
        tx.signing.forget(document.id)
        return
    if document.current:
        tx.signing.replace(document.id, document.current)
        report = {"reason": change.why.code, "text": change.why.text, "by": change.actor}
        tx.documents.add_version(document.id, REPLACED, document.current, report)


def _moved(
    tx: Transaction, document: Document, what: tuple[Arrangement, Arrangement, Made], known: _Known, change: Change
) -> Document:
    """Rules 3 and 4: the state, with who did what and why in the audit log."""
    before, now, made = what
    note: dict[str, Any] = {"pages": told(now.leaves), "aside": told(now.aside), "was": told(before.leaves)}
    note |= {"reason": change.why.code, "why": change.why.text} if change.why else {}
    note |= {"into": change.into} if change.into and change.into != document.id else {}
    tx.audit.add(change.actor, change.act, document.id, **note)
    gone: dict[str, Any] = {"patient_id": None, "bound": None, "current": None, "pages": made.pages, "pages_read": made.read}
    if not now.leaves:
        return tx.documents.move(document, State.WITHDRAWN, change.actor, reasons=(_went(change.into),), held=None, **gone)
    held = known.after(before, now)
    gone["held"] = {"patient": held.patient, "whole": held.whole, "came_in": held.came_in} if held else None
    to = State.READ if made.read == made.pages and document.state is not State.RECEIVED else State.PAGED
    return tx.documents.move(document, to, change.actor, **gone, **_of_originals(document, now, made))


def _of_originals(document: Document, now: Arrangement, made: Made) -> dict[str, Any]:
    """The original that names the document stays as long as it has a page of it; text of its own, where any page has."""
    known = {one.sha256: one for one in made.originals}
    named = known.get(document.original) or known[now.leaves[0].original]
    natures = {known[leaf.original].nature for leaf in now.leaves}
    nature = Nature.TEXT if Nature.TEXT in natures else Nature.SCAN if Nature.SCAN in natures else None
    return {"original": named.sha256, "bytes": named.bytes, "nature": nature}


def _carried(
    tx: Transaction, document: Document, written: Document, what: tuple[Arrangement, Arrangement], actor: str
) -> Document:
    """Facts go with their pages; what made clinicians see the document, and the stay that only it told of, are found out anew."""
    before, now = what
    tx.documents.set_departments(document.id, ())
    if document.patient_id:
        take_back_stay(tx, document, actor)
    numbers = {leaf.named: number for number, leaf in enumerate(now.leaves, 1)}
    places = {number: numbers[leaf.named] for number, leaf in enumerate(before.leaves, 1) if leaf.named in numbers}
    turned = _turned(before, now)
    tx.documents.set_facts(document.id, moved(tx.documents.facts(document.id), places, turned))
    return tx.documents.get(written.id)


def _turned(before: Arrangement, now: Arrangement) -> list[int]:
    turns = {leaf.named: leaf.turn for leaf in now.leaves}
    return [number for number, leaf in enumerate(before.leaves, 1) if turns.get(leaf.named, leaf.turn) != leaf.turn]


def _text(why: Why | None) -> str | None:
    return None if why is None else f"{why.code}: {why.text}".rstrip(": ")


def _went(into: str) -> Message:
    return Message(
        "pages_moved",
        f"Các trang đã chuyển sang tài liệu {into}.",
        f"Its pages went to document {into}.",
    )
