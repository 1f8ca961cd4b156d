"""The last half, and everything else that the agent asks (`docs/reference/agent.md`).

1. A request counts only if a paired device that was not revoked signed it just now, and never a second time.
2. A device sees its person's jobs and no others; a job is claimed once, by one device. When it has found the token it asks
   again and tells what the key can do: how each value is to be made is then said anew, unless it is there already.
3. Each signature value is checked, wrapped and timestamped outside any transaction; then the signature, the document's new bytes,
   its move and the audit entry are one transaction. A value sent twice does no harm.
4. Whoever may no longer sign, such as a deputy whose time is over, has signed nothing: what comes in then is refused.
5. While the time-stamp service is away the value is kept (`finish.py`): the signature is finished when the service is back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.documents import Document
from domain.errors import Broken, LuukyError, Message, PartAway, Refused, Stale
from domain.people import Person
from signing.admission import note, noted, paired, prepared_with, still_admitted
from signing.certificates import NotFit
from signing.finish import Signer, filled, give_back, keep_for_later, signed
from signing.pairing import (
    check_request,
    decoded,
    encoded,
    not_this_device,
    public_key,
    read_request,
    sign_job,
    values_of,
    wrong_code,
)
from signing.prepare import in_whose_name
from signing.settings import SigningSettings
from signing.values import chosen
from storage.signing import Device, Job, Signature
from storage.store import Store, Transaction

CERTIFIES = {1: "chứng nhận: sau đó không thay đổi gì nữa", 2: "chứng nhận: sau đó chỉ được ký thêm"}
"""What a doctor reads at the desk beside the role."""


def pair(store: Store, key: Ed25519PrivateKey, body: Mapping[str, Any]) -> dict[str, Any]:
    """An agent shows a code, its key and perhaps a certificate. Raises Refused."""
    code, name, device_key = (str(body.get(part, "")) for part in ("code", "name", "public_key"))
    public_key(device_key)
    certificate = decoded(str(body["certificate"])) if body.get("certificate") is not None else None
    whose: list[Person] = []
    with noted(store, whose, certificate or b""), store.write() as tx:
        whose.append(person := _person_of_code(tx, code))
        if certificate is not None:
            paired(tx, person, certificate)
            tx.people.change(person.id, certificate=str(body["certificate"]))
        device = tx.signing.pair(person.id, name[:80], device_key)
        known = tx.people.certificate(person.id)
        tx.audit.add(person.login, "pair_device", device.id, name=device.name)
        tx.events.add("signing", person_id=person.id, device=device.id)
    server = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"device": device.id, "person": person.name, "server_key": encoded(server), "certificate": known}


def device(store: Store, line: tuple[str, str, bytes], headers: Mapping[str, str]) -> Device:
    """Rule 1. `line`: method, path with query, body. Raises Refused `device` for any doubt."""
    request = read_request({name.lower(): value for name, value in headers.items()})
    with store.write() as tx:
        found = tx.signing.device(request.device)
        if found is None:
            raise not_this_device()
        check_request(request, found.public_key, line, datetime.now(UTC))
        person = tx.people.get(found.person_id)
        if person is None or not person.active or not tx.signing.saw(found.id, request.nonce):
            raise not_this_device()
    return found


def jobs(
    store: Store, settings: SigningSettings, key: Ed25519PrivateKey, asking: Device, able: Collection[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """The oldest job that waits for the device's person, claimed by this device; signed. No job: `job` is null.

    `able`: in which ways the key can sign, where the device knows.
    """
    with store.write() as tx:
        tx.signing.expire_jobs()
        person = tx.people.get(asking.person_id)
        job = _claimed(tx, asking)
        if job is not None:
            tx.signing.prolong_job(job.id)
            job = tx.signing.job(job.id)
        waiting = [one for one in tx.signing.in_job(job.id) if one.state == "prepared"] if job else []
        titles = tx.signers.titles() if waiting else {}
        items = [_item(tx, _agreed(tx, one, settings, able), titles) for one in waiting]
    payload = {
        "version": 1,
        "device": asking.id,
        "person": person.name if person else "",
        "job": job.id if job else None,
        "expires": int(job.expires_at.timestamp()) if job else None,
        "items": items,
    }
    return sign_job(payload, key)


def document(store: Store, asking: Device, job_id: str, item: str) -> bytes:
    """The prepared file of one item. Raises Refused."""
    with store.read() as tx:
        signature = _in_job(tx, asking, job_id, item)
    if signature.prepared is None:
        raise _no_item()
    return store.objects.get(str(signature.prepared["file"]))


def complete(store: Store, settings: SigningSettings, asking: Device, job_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Take results in: `signatures` by item, `declined` items, and `finished` when nothing more will come.

    Answers `{"items": {item: {"state", "code", "vi", "en"}}}`; `state` is `signed`,
    `received` (waits for a time stamp), `refused` or `declined`.
    """
    values, declined = values_of(body), [str(one) for one in body.get("declined", [])]
    answers = {item: _complete_one(store, settings, asking, (job_id, item), value) for item, value in values.items()}
    with store.write() as tx:
        if declined:
            answers |= {one.id: _decline(tx, one) for one in _mine(tx, asking, job_id) if one.id in declined}
        _end(tx, asking, job_id, finished=bool(body.get("finished")))
    return {"items": answers}


def _complete_one(
    store: Store, settings: SigningSettings, asking: Device, place: tuple[str, str], value: bytes
) -> dict[str, Any]:  # fmt: skip
    """Rules 3 to 5, for one item."""
    try:
        with store.read() as tx:
            signature, person = _in_job(tx, asking, *place), _person(tx, asking)
            signer = Signer(person, asking.id)
            if signature.state == "prepared":
                in_whose_name(tx, person, signature)
                still_admitted(tx, settings, person, signature)
        if signature.state in ("signed", "received"):
            return {"state": signature.state}
        try:
            name = filled(store.objects, settings, signature, value)
        except PartAway as error:
            keep_for_later(store, signer, signature, value)
            return _answer("received", error.message)
        with store.write() as tx:
            signed(tx, signer, _in_job(tx, asking, *place), name)
    except (Refused, Stale, Broken) as error:
        return _refuse(store, asking, place, error)
    return {"state": "signed"}


def _refuse(store: Store, asking: Device, place: tuple[str, str], error: LuukyError) -> dict[str, Any]:
    with store.write() as tx:
        for signature in _mine(tx, asking, place[0]):
            if signature.id == place[1] and signature.state == "prepared":
                if isinstance(error, NotFit):
                    note(tx, _person(tx, asking), prepared_with(signature), error)
                give_back(tx, signature, error.message)
                tx.events.add("signing", signature.document_id, asking.person_id, state="refused")
    return _answer("refused", error.message)


def _mine(tx: Transaction, asking: Device, job_id: str) -> list[Signature]:
    job = tx.signing.job(job_id)
    return tx.signing.in_job(job_id) if job is not None and job.device_id == asking.id else []


def _decline(tx: Transaction, signature: Signature) -> dict[str, Any]:
    message = Message("declined", "Chưa ký: đã bỏ chọn ở bàn ký.", "Not signed: it was left out at the desk.")
    if signature.state == "prepared":
        give_back(tx, signature, message)
    return _answer("declined", message)


def _end(tx: Transaction, asking: Device, job_id: str, *, finished: bool) -> None:
    job = tx.signing.job(job_id)
    if job is None or job.device_id != asking.id or job.state != "claimed":
        return
    tx.signing.prolong_job(job_id)
    progress = tx.signing.progress(job_id)
    if finished or progress.done == progress.total:
        tx.signing.end_job(job_id, "done")
        tx.events.add("signing", person_id=asking.person_id, job=job_id, state="done")


def _claimed(tx: Transaction, asking: Device) -> Job | None:
    """Rule 2: a job this device has begun, else the oldest free one."""
    mine = [job for job in tx.signing.jobs(asking.person_id, ["claimed"]) if job.device_id == asking.id]
    free = tx.signing.jobs(asking.person_id, ["pending"])
    return next(iter(mine), None) or next((job for job in free if tx.signing.claim_job(job.id, asking.id)), None)


def _agreed(tx: Transaction, signature: Signature, settings: SigningSettings, able: Collection[str]) -> Signature:
    """The signature with the mechanism that its value is to be made by (rule 2)."""
    half = signature.prepared or {}
    if not able or not half:
        return signature
    mechanism = chosen(decoded(half["certificate"]), able, settings.rsa_first).value
    if mechanism == half.get("mechanism"):
        return signature
    half = {**half, "mechanism": mechanism}
    tx.signing.set(signature.id, prepared=half)
    return replace(signature, prepared=half)


def _item(tx: Transaction, signature: Signature, titles: Mapping[str, str]) -> dict[str, Any]:
    document, half = tx.documents.get(signature.document_id), signature.prepared or {}
    way = {"mechanism": half["mechanism"]} if "mechanism" in half else {}
    return {
        "id": signature.id,
        "title": document.title or document.origin.name,
        "patient": _patient(tx, document),
        "pages": document.pages or 0,
        "role": _role(tx, signature, titles),
        **{name: half[name] for name in ("field", "digest", "start", "end", "attributes", "certificate")},
        **way,
    }


def _role(tx: Transaction, signature: Signature, titles: Mapping[str, str]) -> str:
    title, behalf = titles.get(signature.field, signature.field), tx.people.get(signature.behalf_id or "")
    said = f"{title}, ký thay {behalf.name}" if behalf else title
    return f"{said}, {CERTIFIES[half['certifies']]}" if (half := signature.prepared or {}).get("certifies") else said


def _patient(tx: Transaction, document: Document) -> str | None:
    patient = tx.patients.get(document.patient_id) if document.patient_id else None
    if patient is None:
        return None
    year = patient.birth_date.year if patient.birth_date else patient.birth_year
    return f"{patient.name}, {year}" if year else patient.name


def _in_job(tx: Transaction, asking: Device, job_id: str, item: str) -> Signature:
    job, signature = tx.signing.job(job_id), tx.signing.get(item)
    if job is None or job.device_id != asking.id or signature is None or signature.job_id != job_id:
        raise _no_item()
    if signature.state not in ("signed", "received") and job.state != "claimed":
        raise _no_item()
    return signature


def _person_of_code(tx: Transaction, code: str) -> Person:
    person_id = tx.signing.take_code(code)
    person = tx.people.get(person_id) if person_id else None
    if person is None or not person.active:
        raise wrong_code()
    return person


def _person(tx: Transaction, asking: Device) -> Person:
    person = tx.people.get(asking.person_id)
    if person is None or not person.active:
        raise not_this_device()
    return person


def _answer(state: str, message: Message) -> dict[str, Any]:
    return {"state": state, "code": message.code, "vi": message.vi, "en": message.en}


def _no_item() -> Refused:
    return Refused(
        "no_item",
        "Lượt ký này đã kết thúc hoặc không phải của thiết bị này.",
        "This turn of signing is over, or is not this device's.",
    )
