"""The first half: a doctor ticks documents and sends them to the agent on the desk.

1. The certificate that the doctor paired may sign now, or nothing is prepared. A deputy's block and the signature's reason say in
   whose name it is made.
2. Each document gets a revision with an empty hole, made of its current bytes. One signature at a time: the next one covers it.
3. The job, the prepared halves and the audit entries are one transaction; a document that moved meanwhile stops the whole job.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.documents import Document
from domain.errors import Refused, Stale
from domain.people import Person
from domain.signers import VOID, worn
from signing.appearance import Block
from signing.certificates import Signatory, may_sign
from signing.fields import prepare_fields
from signing.finish import waits_in
from signing.first_half import SignatureSpec, prepare_revision
from signing.network import Network
from signing.pairing import new_code
from signing.printed import Area, printed_areas
from signing.settings import SigningSettings
from signing.trust import load_trust
from storage.objects import Objects
from storage.signing import WAITING, Job, Signature
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class _Asked:
    signature: Signature
    document: Document
    title: str
    behalf: Person | None
    printed: tuple[Area, ...] = ()
    """Where the last page has words, for a signature whose field is yet to be made."""

    @property
    def source(self) -> str:
        return self.document.current or ""


def prepare(store: Store, settings: SigningSettings, person: Person, signature_ids: Sequence[str]) -> Job:
    """Open a job for the person's agent. Raises Refused with the reason, PartAway, PartMissing, Stale."""
    with store.read() as tx:
        asked = _asked(tx, person, signature_ids, settings.at_most)
        certificate = tx.people.certificate(person.id)
    if certificate is None:
        raise _no_certificate()
    trust, network = load_trust(settings.trust), Network(settings.network_seconds)
    signatory = may_sign(base64.b64decode(certificate), trust, network)
    prepared = [_prepared(store.objects, one, signatory) for one in asked]
    with store.write() as tx:
        return _open(tx, person, asked, prepared)


def stop(store: Store, person: Person, job_id: str) -> None:
    """End a person's own job: what was not signed waits again."""
    with store.write() as tx:
        job = tx.signing.job(job_id)
        if job is not None and job.person_id == person.id and job.state in ("pending", "claimed"):
            tx.signing.end_job(job.id, "stopped")
            tx.audit.add(person.login, "stop_signing", job.id)
            tx.events.add("signing", person_id=person.id, job=job.id, state="stopped")


def offer_code(store: Store, person: Person) -> str:
    """A fresh pairing code for a person; an earlier one no longer works."""
    code = new_code()
    with store.write() as tx:
        tx.signing.offer_code(person.id, code)
        tx.audit.add(person.login, "offer_pairing_code")
    return code


def _asked(tx: Transaction, person: Person, signature_ids: Sequence[str], most: int) -> list[_Asked]:
    if not 0 < len(signature_ids) <= most:
        raise Refused("too_many", f"Mỗi lượt ký từ 1 đến {most} tài liệu.", f"One turn signs 1 to {most} documents.")
    signatures = [tx.signing.get(one) for one in dict.fromkeys(signature_ids)]
    asked = [_about(tx, person, one) for one in signatures if one is not None]
    if len(asked) < len(signature_ids) or any(not _free(tx, one) for one in asked):
        raise not_free()
    if len({one.document.id for one in asked}) < len(asked):
        raise Refused(
            "one_at_a_time",
            "Một tài liệu chỉ nhận một chữ ký mỗi lượt. Ký xong chữ ký này rồi ký chữ ký kia.",
            "A document takes one signature in a turn. Make the one, then the other.",
        )
    return asked


def in_whose_name(tx: Transaction, person: Person, signature: Signature) -> Person:
    """Themselves, or whose deputy they are. Raises Refused `not_waiting` for a signature that is not theirs to make now."""
    departments = signature.in_departments(tx.documents.get(signature.document_id).departments)
    hat = worn(tx.signers.hats(person), signature.signer_id, signature.capacity, departments)
    found = tx.people.get(hat.person_id) if hat else None
    if found is None:
        raise not_free()
    return found


def _about(tx: Transaction, person: Person, signature: Signature) -> _Asked:
    name = in_whose_name(tx, person, signature)
    title, document = tx.signers.titles().get(signature.field, signature.field), tx.documents.get(signature.document_id)
    reading = tx.pages.page_as_read(document.id, document.pages or 1) if signature.field == VOID else None
    return _Asked(signature, document, title, name if name.id != person.id else None, printed_areas(reading) if reading else ())


def _free(tx: Transaction, one: _Asked) -> bool:
    """Whether the signature waits, its document too and nothing is wrong with it, and nobody else is just signing it."""
    others = [each for each in tx.signing.of(one.document.id) if each.id != one.signature.id]
    waits = one.signature.state == WAITING and one.document.state is waits_in(one.signature)
    waits = waits and one.document.problem is None
    return waits and all(each.state not in ("prepared", "received") for each in others)


def _prepared(objects: Objects, one: _Asked, signatory: Signatory) -> dict[str, Any]:
    """Rule 2. The first half as JSON, with the names of the bytes it was made of (`source`) and made (`file`)."""
    behalf, why = one.behalf.name if one.behalf else "", one.signature.reason or ""
    said = [f"Hủy tài liệu: {why}"] if why else []
    said += [f"Ký thay {behalf}, {one.title}, theo ủy quyền"] if behalf else []
    block = Block(signatory.name, one.title, datetime.now(UTC), behalf, why)
    spec = SignatureSpec(one.signature.field, block, ". ".join(said) or None)
    with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
        source, target = objects.path(one.source), Path(folder, "prepared.pdf")
        if why:
            prepare_fields(source, Path(folder, "field.pdf"), [VOID], one.printed)
            source = Path(folder, "field.pdf")
        half = prepare_revision(source, target, signatory, spec)
        return {**half.as_json(), "source": one.source, "file": objects.put_file(target)}


def _open(tx: Transaction, person: Person, asked: list[_Asked], prepared: list[dict[str, Any]]) -> Job:
    """Rule 3."""
    job = tx.signing.open_job(person.id)
    for one, half in zip(asked, prepared, strict=True):
        now = _about(tx, person, tx.signing.get(one.signature.id) or one.signature)
        if not _free(tx, now) or (now.source, now.behalf) != (one.source, one.behalf):
            raise Stale
        behalf = one.behalf
        tx.signing.set(
            one.signature.id,
            state="prepared",
            job_id=job.id,
            prepared=half,
            problem=None,
            behalf_id=behalf.id if behalf else None,
        )
        note = {"behalf": behalf.login} if behalf else {}
        tx.audit.add(person.login, "prepare_signature", one.document.id, field=one.signature.field, job=job.id, **note)
    tx.events.add("signing", person_id=person.id, job=job.id, state=job.state)
    return job


def _no_certificate() -> Refused:
    return Refused(
        "no_certificate",
        "Chưa có chứng thư số của bạn. Lấy mã ở màn hình này và ghép bàn ký khi USB ký số đang cắm.",
        "Your certificate is not known yet. Get a code on this screen and pair the agent while your token is plugged in.",
    )


def not_free() -> Refused:
    """What is asked for waits no longer, or not for this person."""
    return Refused(
        "not_waiting",
        "Có tài liệu không còn chờ chữ ký này, hoặc đang được người khác ký. Tải lại danh sách rồi chọn lại.",
        "A document no longer waits for this signature, or somebody else is signing it. Reload the list and choose again.",
    )
