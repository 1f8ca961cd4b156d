"""The signing desk for tests of the doors: jobs and devices in the real store; what needs a token is played in one line."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from domain.documents import Document, State
from domain.errors import Refused
from domain.people import Person
from signing import recall, refuse, void
from storage.clock import now
from storage.signing import Device, Job
from storage.store import Store


class DeskSigner:
    """Implements `api.services.Signer`. A request names its device in the header `x-device`."""

    most = 200

    def __init__(self, store: Store) -> None:
        self._store = store

    def send(self, person: Person, signature_ids: Sequence[str]) -> Job:
        with self._store.write() as tx:
            job = tx.signing.open_job(person.id)
            for name in signature_ids:
                tx.signing.set(name, state="prepared", job_id=job.id)
            tx.events.add("job", person_id=person.id)
            return job

    def stop(self, person: Person, job_id: str) -> None:
        with self._store.write() as tx:
            job = tx.signing.job(job_id)
            if job is None or job.person_id != person.id:
                raise Refused("no_job", "Không có lượt ký này.", "There is no such job.")
            tx.signing.end_job(job_id, "stopped")

    def refuse(self, person: Person, signature_id: str, why: str) -> None:
        refuse.refuse(self._store, person, signature_id, why)

    def ask_again(self, document: Document, actor: str) -> None:
        refuse.ask_again(self._store, document, actor)

    def recall(self, person: Person, signature_id: str, why: str) -> None:
        recall.recall(self._store, person, signature_id, why)

    def ask_void(self, person: Person, document_id: str, why: str) -> None:
        void.ask_void(self._store, person, document_id, why)

    def cancel_void(self, person: Person, signature_id: str) -> None:
        void.cancel_void(self._store, person, signature_id)

    def offer_code(self, person: Person) -> str:
        with self._store.write() as tx:
            tx.signing.offer_code(person.id, "ABCD-2345")
        return "ABCD-2345"

    def pair(self, body: dict[str, Any]) -> dict[str, Any]:
        with self._store.write() as tx:
            person_id = tx.signing.take_code(body["code"])
            if person_id is None:
                raise Refused("code", "Mã ghép sai hoặc đã hết hạn.", "The code is wrong or too old.")
            device = tx.signing.pair(person_id, body["name"], base64.b64encode(b"key").decode())
        return {"device": device.id}

    def device(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Device:
        with self._store.write() as tx:
            found = tx.signing.device(headers.get("x-device", ""))
            if found is None:
                raise Refused("device", "Máy này chưa được ghép.", "This device is not paired.")
            tx.signing.saw(found.id, f"{now().timestamp()}")
            return found

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        with self._store.read() as tx:
            jobs = tx.signing.jobs(device.person_id)
            return {"jobs": [{"id": job.id, "items": [one.id for one in tx.signing.in_job(job.id)]} for job in jobs]}

    def document(self, device: Device, job_id: str, item: str) -> bytes:
        with self._store.read() as tx:
            job, signature = tx.signing.job(job_id), tx.signing.get(item)
            if job is None or signature is None or job.person_id != device.person_id or signature.job_id != job_id:
                raise Refused("no_item", "Không có tài liệu này trong lượt ký.", "The job has no such document.")
            return self._store.objects.get(tx.documents.get(signature.document_id).bound or "")

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        with self._store.write() as tx:
            for signature in tx.signing.in_job(job_id):
                document = tx.documents.get(signature.document_id)
                current = self._store.objects.put(b"%PDF-1.7 signed " + document.id.encode())
                made = {"source": document.current, "signed": current}
                tx.signing.set(signature.id, state="signed", signed_at=now(), signed_by=device.person_id, prepared=made)
                signed = tx.documents.move(document, State.SIGNED, "agent", current=current)
                tx.documents.add_version(signed.id, "signed", current)
            tx.signing.end_job(job_id, "done")
            tx.events.add("job", person_id=device.person_id)
            return {"job": asdict(job) and job.id} if (job := tx.signing.job(job_id)) else {}
