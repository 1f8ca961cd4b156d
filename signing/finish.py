"""From a signature value to a signed document. A value whose time stamp cannot be had at once is kept and finished later.

1. The value is checked, wrapped and timestamped outside any transaction, in a copy of the prepared file.
2. The signature, the document's new bytes, its move and the audit entry are one transaction; a document that has changed
   meanwhile is refused, and its signature waits again with the reason.
3. While the time-stamp service is away a checked value waits (state `received`): nobody types a PIN twice for that.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.documents import State
from domain.errors import Broken, Message, Refused, Stale
from domain.people import Person
from domain.signers import VOID, Capacity
from signing.pairing import decoded, encoded, fingerprint
from signing.prepared import PreparedSignature
from signing.rfc3161 import service
from signing.second_half import check_value, complete_revision
from signing.settings import SigningSettings
from storage.objects import Objects
from storage.signing import WAITING, Signature
from storage.store import Store, Transaction

SEAL_ACTOR = "con-dau"
"""How the audit log names the hospital's seal."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, and on which device, or with which provider. No `person`: the hospital's seal, which puts itself."""

    person: Person | None
    device: str

    @property
    def id(self) -> str | None:
        """The person's."""
        return self.person.id if self.person else None

    @property
    def login(self) -> str:
        """As the audit log names them."""
        return self.person.login if self.person else SEAL_ACTOR


def filled(objects: Objects, settings: SigningSettings, signature: Signature, value: bytes) -> str:
    """Rule 1; the name of the signed bytes. Raises Refused `wrong_signature`, PartAway."""
    half = signature.prepared or {}
    with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
        target = Path(folder, "signed.pdf")
        shutil.copyfile(objects.path(str(half["file"])), target)
        complete_revision(target, PreparedSignature.from_json(half), value, service(settings))
        return objects.put_file(target)


def signed(tx: Transaction, signer: Signer, signature: Signature, name: str) -> None:
    """Rule 2. Raises Stale."""
    document, half = tx.documents.get(signature.document_id), signature.prepared or {}
    begun = signature.state in ("prepared", "received")
    if not begun or document.state is not waits_in(signature) or document.current != half["source"]:
        raise Stale
    made = {**half, "signed": name}
    tx.signing.set(signature.id, state="signed", signed_by=signer.id, signed_at=datetime.now(UTC), problem=None, prepared=made)
    tx.documents.add_version(document.id, "signed", name, {"field": signature.field})
    certificate = fingerprint(half["certificate"])
    note = {"sha256": name, "field": signature.field, "certificate": certificate, "device": signer.device}
    note |= {"mechanism": half["mechanism"]} if "mechanism" in half else {}
    behalf = tx.people.get(signature.behalf_id or "")
    note |= {"behalf": behalf.login} if behalf else {}
    tx.signing.take_turns(document.id)
    if all(one.state == "signed" for one in tx.signing.of(document.id)):
        tx.documents.move(document, State.SIGNED, signer.login, note=note, current=name)
    else:
        tx.documents.change(document, signer.login, "sign", note=note, current=name)
    tx.events.add("signing", document.id, signer.id, state="signed")


def waits_in(signature: Signature) -> State:
    """The state in which a document waits for a signature: one that makes it void is made on what is kept."""
    return State.KEPT if signature.field == VOID else State.AWAITING_SIGNATURE


def give_back(tx: Transaction, signature: Signature, why: Message) -> None:
    """The signature waits again; its person sees why."""
    tx.signing.set(signature.id, state=WAITING, job_id=None, prepared=None, problem=asdict(why))


def keep_for_later(store: Store, signer: Signer, signature: Signature, value: bytes) -> None:
    """Rule 3. Raises Refused `wrong_signature` for a value that is none."""
    half = signature.prepared or {}
    check_value(PreparedSignature.from_json(half), value)
    with store.write() as tx:
        now = tx.signing.get(signature.id)
        if now is not None and now.state == "prepared":
            kept = {**half, "value": encoded(value), "device": signer.device}
            tx.signing.set(signature.id, state="received", signed_by=signer.id, prepared=kept)
            tx.events.add("signing", signature.document_id, signer.id, state="received")


def finish_received(store: Store, settings: SigningSettings) -> int:
    """Finish what waits for a time stamp; returns how many. Raises PartAway as soon as the service turns out to be away still."""
    with store.read() as tx:
        waiting = tx.signing.received()
    return sum(_finish(store, settings, signature) for signature in waiting)


def _finish(store: Store, settings: SigningSettings, signature: Signature) -> bool:
    half = signature.prepared or {}
    try:
        name = filled(store.objects, settings, signature, decoded(half["value"]))
        with store.write() as tx:
            now = tx.signing.get(signature.id) or signature
            signed(tx, _signer(tx, signature), now, name)
    except (Refused, Broken, Stale) as error:
        with store.write() as tx:
            give_back(tx, signature, error.message)
        return False
    return True


def _signer(tx: Transaction, signature: Signature) -> Signer:
    person, device = tx.people.get(signature.signed_by or ""), (signature.prepared or {})["device"]
    if person is None and signature.capacity != Capacity.SEAL:
        raise Stale
    return Signer(person, device)
