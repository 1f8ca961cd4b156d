"""The desk has signed: the second half. A value that came back is kept at once, and made a signature as soon as time can be had.

1. The value is checked against the prepared attributes and the certificate before it is believed.
2. It is stored (state `received`) in a short transaction: a time-stamp service that is away makes it wait, never fail.
3. `finish` fills the hole of a copy, keeps the new bytes, and in one transaction makes them the document's bytes; a document
   that has changed meanwhile is refused. When the last signer has signed, the document moves to SIGNED.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from domain.documents import Document, State
from domain.errors import LuukyError, Message, PartAway, Refused
from signing.prepared import PreparedSignature
from signing.rfc3161 import Rfc3161
from signing.second_half import check_value, complete_revision
from signing.settings import SigningSettings
from storage.clock import now
from storage.signing import Job, Signature
from storage.store import Store, Transaction

ACTOR = "signing"


def receive(
    store: Store, settings: SigningSettings, job: Job, values: Mapping[str, bytes], problems: Mapping[str, Message]
) -> dict[str, str]:
    """Take in what the desk made of a job: values by signature id, and reasons for those not signed. Returns states by id.

    A signature whose time stamp can be had is finished before this returns.
    """
    outcome: dict[str, str] = {}
    with store.write() as tx:
        for signature in tx.signing.in_job(job.id):
            if signature.state == "prepared":
                outcome[signature.id] = _take(tx, signature, values.get(signature.id), problems.get(signature.id))
        tx.signing.end_job(job.id, "done")
        tx.events.add("signing", None, job.person_id, job=job.id)
    for signature_id in [one for one, state in outcome.items() if state == "received"]:
        outcome[signature_id] = finish(store, settings, signature_id)
    return outcome


def finish_received(store: Store, settings: SigningSettings) -> int:
    """Finish every signature that waits for its time stamp; returns how many were finished. Raises PartAway while none can be."""
    with store.read() as tx:
        waiting = [one.id for one in tx.signing.received()]
    return sum(finish(store, settings, signature_id, patient=True) == "signed" for signature_id in waiting)


def finish(store: Store, settings: SigningSettings, signature_id: str, *, patient: bool = False) -> str:
    """Rule 3 for one signature; returns its state. `patient`: an absent time-stamp service is raised, not swallowed."""
    with store.read() as tx:
        signature = tx.signing.get(signature_id)
        if signature is None or signature.state != "received" or signature.prepared is None:
            return signature.state if signature else "waiting"
        document = tx.documents.get(signature.document_id)
    try:
        name = _filled(store, settings, signature)
    except PartAway:
        if patient:
            raise
        return "received"
    except LuukyError as error:
        return _given_up(store, signature, error.message)
    with store.write() as tx:
        return _written(tx, signature, document, name)


def _take(tx: Transaction, signature: Signature, value: bytes | None, problem: Message | None) -> str:
    if value is None or signature.prepared is None:
        said = asdict(problem) if problem else None
        tx.signing.set(signature.id, state="waiting", job_id=None, prepared=None, problem=said)
        return "waiting"
    try:
        check_value(PreparedSignature.from_json(signature.prepared), value)
    except Refused as error:
        tx.signing.set(signature.id, state="waiting", job_id=None, prepared=None, problem=asdict(error.message))
        return "refused"
    tx.signing.set(signature.id, state="received", prepared={**signature.prepared, "value": base64.b64encode(value).decode()})
    return "received"


def _filled(store: Store, settings: SigningSettings, signature: Signature) -> str:
    state = signature.prepared or {}
    with tempfile.TemporaryDirectory(prefix="luuky-signed-") as folder:
        target = Path(folder, "signed.pdf")
        shutil.copyfile(store.objects.path(state["file"]), target)
        stamps = Rfc3161(settings.tsa_url, settings.network_seconds)
        complete_revision(target, PreparedSignature.from_json(state), base64.b64decode(state["value"]), stamps)
        return store.objects.put_file(target)


def _written(tx: Transaction, signature: Signature, seen: Document, name: str) -> str:
    document = tx.documents.get(signature.document_id)
    base = (signature.prepared or {}).get("base")
    if document.state is not State.AWAITING_SIGNATURE or document.current != base or document.version != seen.version:
        return _back(tx, signature, _changed())
    tx.signing.set(signature.id, state="signed", signed_at=now(), prepared=None, problem=None)
    signer = tx.people.get(signature.signer_id) if signature.signer_id else None
    tx.documents.add_version(document.id, "signed", name)
    note = {"field": signature.field, "sha256": name}
    actor = signer.login if signer else ACTOR
    if all(one.state == "signed" for one in tx.signing.of(document.id)):
        tx.documents.move(document, State.SIGNED, actor, note=note, current=name)
    else:
        tx.documents.change(document, actor, "sign", note=note, current=name)
    tx.events.add("signing", document.id, signature.signer_id)
    return "signed"


def _given_up(store: Store, signature: Signature, message: Message) -> str:
    with store.write() as tx:
        return _back(tx, signature, message)


def _back(tx: Transaction, signature: Signature, message: Message) -> str:
    tx.signing.set(signature.id, state="waiting", job_id=None, prepared=None, problem=asdict(message))
    tx.audit.add(ACTOR, "signature_refused", signature.document_id, field=signature.field, code=message.code)
    tx.events.add("signing", signature.document_id, signature.signer_id)
    return "refused"


def _changed() -> Message:
    return Message(
        "changed",
        "Tài liệu đã thay đổi sau khi bạn xem nên không ký. Không có gì bị mất; hãy xem lại rồi ký.",
        "The document changed after you looked at it, so it was not signed. Nothing is lost; look again, then sign.",
    )
