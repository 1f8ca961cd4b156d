"""A person wants to sign: the first half. One job for the agent on the desk, one prepared file for each document.

1. The person's certificate is the one of the account, and its authority says that it may sign now.
2. Every signature still waits, is this person's to make, and the document's bytes are the ones that were looked at.
3. Each prepared file is kept before the job that names it is committed; nothing else has changed until the agent answers.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.documents import Document, State
from domain.errors import Refused
from domain.people import Person
from signing.appearance import Block
from signing.certificates import Signatory, may_sign
from signing.fields import TITLES
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.settings import SigningSettings
from signing.trust import load_trust
from storage.clock import now
from storage.signing import Job, Signature
from storage.store import Store, Transaction

MOST_IN_ONE_JOB = 200


@dataclass(frozen=True, slots=True)
class _Chosen:
    signature: Signature
    document: Document


def prepare(store: Store, settings: SigningSettings, person: Person, signature_ids: Sequence[str]) -> Job:
    """Open a job with these signatures. Raises Refused with the reason, PartAway if the certificate's authority is away."""
    if not 1 <= len(signature_ids) <= MOST_IN_ONE_JOB:
        raise Refused(
            "batch_size",
            f"Mỗi lần ký từ 1 đến {MOST_IN_ONE_JOB} tài liệu.",
            f"Between 1 and {MOST_IN_ONE_JOB} documents can be signed at once.",
        )
    with store.read() as tx:
        certificate = tx.people.certificate(person.id)
        chosen = [_chosen(tx, person, signature_id) for signature_id in signature_ids]
    signatory = _signatory(certificate, settings)
    prepared = [(one, _prepared(store, one, signatory, person)) for one in chosen]
    with store.write() as tx:
        for job in tx.signing.jobs(person.id):
            tx.signing.end_job(job.id, "stopped")
        job = tx.signing.open_job(person.id)
        for one, state in prepared:
            _still_waits(tx, one)
            tx.signing.set(one.signature.id, state="prepared", job_id=job.id, prepared=state, signer_id=person.id, problem=None)
            tx.audit.add(person.login, "prepare_signature", one.document.id, field=one.signature.field, job=job.id)
            tx.events.add("signing", one.document.id, person.id, job=job.id)
        return job


def stop(store: Store, person: Person, job_id: str) -> None:
    """End a job of this person; what was not signed waits again, nothing is half signed."""
    with store.write() as tx:
        job = tx.signing.job(job_id)
        if job is None or job.person_id != person.id or job.state not in ("pending", "claimed"):
            return
        tx.signing.end_job(job_id, "stopped")
        tx.audit.add(person.login, "stop_signing", None, job=job_id)
        tx.events.add("signing", None, person.id, job=job_id)


def _chosen(tx: Transaction, person: Person, signature_id: str) -> _Chosen:
    signature = next((one for one in tx.signing.waiting(person.id) if one.id == signature_id), None)
    if signature is None:
        raise _no_longer()
    return _Chosen(signature, tx.documents.get(signature.document_id))


def _signatory(certificate: str | None, settings: SigningSettings) -> Signatory:
    if certificate is None:
        raise Refused(
            "no_certificate",
            "Tài khoản chưa gắn chứng thư số. Ghép bàn ký trên máy có cắm USB ký số.",
            "The account has no certificate yet. Pair the agent on the computer that holds the token.",
        )
    return may_sign(base64.b64decode(certificate), load_trust(settings.trust), Network(settings.network_seconds))


def _prepared(store: Store, one: _Chosen, signatory: Signatory, person: Person) -> dict[str, object]:
    field = one.signature.field
    block = Block(person.name, TITLES.get(field, one.signature.capacity), now())
    with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
        target = Path(folder, "prepared.pdf")
        half = prepare_revision(store.objects.path(_bytes(one.document)), target, signatory, SignatureSpec(field, block))
        return {**half.as_json(), "file": store.objects.put_file(target), "base": one.document.current}


def _bytes(document: Document) -> str:
    if document.current is None:
        raise _no_longer()
    return document.current


def _still_waits(tx: Transaction, one: _Chosen) -> None:
    signature = tx.signing.get(one.signature.id)
    document = tx.documents.get(one.document.id)
    changed = document.current != one.document.current or document.state is not State.AWAITING_SIGNATURE
    if signature is None or signature.state not in ("waiting", "prepared") or changed:
        raise _no_longer()


def _no_longer() -> Refused:
    return Refused(
        "no_longer_waits",
        "Một tài liệu đã chọn không còn chờ bạn ký. Không có gì bị ký dở; hãy xem lại danh sách.",
        "A chosen document no longer waits for your signature. Nothing is half signed; look at the list again.",
    )
