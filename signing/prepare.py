"""The first half: a doctor ticks documents and sends them; a worker prepares one after the other (`pipeline/preparing.py`).

1. What is sent waits for this person, and nobody else is just signing it; the job, and what it holds, is one transaction.
2. The certificate that the doctor paired may sign now, or nothing is prepared. A deputy's block and the signature's reason say in
   whose name it is made.
3. Each document gets a revision with an empty hole, made of its current bytes. One signature at a time: the next one covers it.
4. A prepared half and its audit entry are one transaction; a document that moved meanwhile is given back.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.blocks import Look
from domain.documents import Document
from domain.errors import Refused, Stale
from domain.people import Person
from domain.signers import VOID, worn
from signing.admission import admitted, presented
from signing.appearance import Block, issuer_of
from signing.certificates import Signatory
from signing.fields import prepare_fields
from signing.finish import waits_in
from signing.first_half import SignatureSpec, prepare_revision
from signing.pairing import decoded, new_code
from signing.printed import Area, printed_areas
from signing.settings import SigningSettings
from storage.objects import Objects
from storage.orders import Orders
from storage.preparing import Preparing
from storage.signing import BEING_SIGNED, OPEN, PREPARING, WAITING, Job, Signature
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Asked:
    """A signature to be made, with what its revision is made of. `behalf`: in whose name, if not in the signer's own."""

    signature: Signature
    document: Document
    title: str
    behalf: Person | None
    printed: tuple[Area, ...] = ()
    """Where the last page has words, for a signature whose field is yet to be made."""
    unit: str = ""
    """The department that it is asked in."""
    look: Look = field(default_factory=Look)

    @property
    def source(self) -> str:
        """The file as it is, by its SHA-256 (hex)."""
        return self.document.current or ""


def send(store: Store, settings: SigningSettings, person: Person, signature_ids: Sequence[str]) -> Job:
    """Rule 1: a job that a worker prepares. Raises Refused with the reason."""
    with store.read() as tx:
        asked = _asked(tx, person, signature_ids, settings.at_most)
        certificate = tx.people.certificate(person.id)
        way = Orders(tx.connection).way(person.id)
    if certificate is None and way is None:
        raise _no_certificate()
    if certificate is not None and way is None:
        presented(store, person, decoded(certificate))
    with store.write() as tx:
        job = Preparing(tx.connection).open(person.id, [one.signature.id for one in asked])
        if job is None:
            raise not_free()
        tx.events.add("signing", person_id=person.id, job=job.id, state=job.state)
    return job


def signatory_of(store: Store, settings: SigningSettings, person: Person) -> Signatory:
    """Rule 2. Raises Refused with the reason, PartAway, PartMissing."""
    with store.read() as tx:
        certificate = tx.people.certificate(person.id)
    if certificate is None:
        raise _no_certificate()
    return admitted(store, settings, person, decoded(certificate))


def stop(store: Store, person: Person, job_id: str) -> None:
    """End a person's own job: what was not signed waits again."""
    with store.write() as tx:
        job = tx.signing.job(job_id)
        if job is not None and job.person_id == person.id and job.state in OPEN:
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


def _asked(tx: Transaction, person: Person, signature_ids: Sequence[str], most: int) -> list[Asked]:
    if not 0 < len(signature_ids) <= most:
        raise Refused("too_many", f"Mỗi lượt ký từ 1 đến {most} tài liệu.", f"One turn signs 1 to {most} documents.")
    signatures = [tx.signing.get(one) for one in dict.fromkeys(signature_ids)]
    asked = [_meant(tx, person, one) for one in signatures if one is not None]
    if len(asked) < len(signature_ids) or any(not free(tx, one, WAITING) for one in asked):
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


def about(tx: Transaction, person: Person, signature: Signature) -> Asked:
    """A signature that a person may make now, with all that its revision is made of. Raises Refused `not_waiting`."""
    meant = _meant(tx, person, signature)
    document, title = meant.document, tx.signers.titles().get(signature.field, signature.field)
    reading = tx.pages.page_as_read(document.id, document.pages or 1) if signature.field == VOID else None
    printed, look = printed_areas(reading) if reading else (), tx.blocks.look(document.kind_code, person.id)
    return replace(meant, title=title, printed=printed, unit=signature.department, look=look)


def _meant(tx: Transaction, person: Person, signature: Signature) -> Asked:
    """The same without what its block shows. Raises Refused `not_waiting`."""
    name, document = in_whose_name(tx, person, signature), tx.documents.get(signature.document_id)
    return Asked(signature, document, "", name if name.id != person.id else None)


def free(tx: Transaction, one: Asked, state: str) -> bool:
    """Whether the signature is in that state, its document waits with nothing wrong, and nobody else is just signing it."""
    others = [each for each in tx.signing.of(one.document.id) if each.id != one.signature.id]
    waits = one.signature.state == state and one.document.state is waits_in(one.signature)
    waits = waits and one.document.problem is None
    return waits and all(each.state not in BEING_SIGNED for each in others)


def half_of(objects: Objects, one: Asked, signatory: Signatory) -> dict[str, Any]:
    """Rule 3. The first half as JSON, with the names of the bytes it was made of (`source`) and made (`file`)."""
    behalf, why = one.behalf.name if one.behalf else "", one.signature.reason or ""
    said = [f"Hủy tài liệu: {why}"] if why else []
    said += [f"Ký thay {behalf}, {one.title}, theo ủy quyền"] if behalf else []
    issuer = issuer_of(signatory.certificate)
    block = Block(signatory.name, one.title, datetime.now(UTC), behalf, why, one.unit, issuer, one.look)
    spec = SignatureSpec(one.signature.field, block, ". ".join(said) or None)
    with tempfile.TemporaryDirectory(prefix="luuky-sign-") as folder:
        source, target = objects.path(one.source), Path(folder, "prepared.pdf")
        if why:
            prepare_fields(source, Path(folder, "field.pdf"), [VOID], one.printed)
            source = Path(folder, "field.pdf")
        half = prepare_revision(source, target, signatory, spec)
        return {**half.as_json(), "source": one.source, "file": objects.put_file(target)}


def keep_half(tx: Transaction, person: Person, one: Asked, half: dict[str, Any]) -> None:
    """Rule 4. Raises Stale, Refused `not_waiting`."""
    now = _meant(tx, person, tx.signing.get(one.signature.id) or one.signature)
    if not free(tx, now, PREPARING) or (now.source, now.behalf) != (one.source, one.behalf):
        raise Stale
    behalf = one.behalf
    tx.signing.set(one.signature.id, state="prepared", prepared=half, problem=None, behalf_id=behalf.id if behalf else None)
    note = {"behalf": behalf.login} if behalf else {}
    job_id = one.signature.job_id
    tx.audit.add(person.login, "prepare_signature", one.document.id, field=one.signature.field, job=job_id, **note)


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
