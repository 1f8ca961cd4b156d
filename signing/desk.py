"""Both halves in one hand: what screens and the agent's endpoints call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.documents import Document
from domain.people import Person
from signing import complete, prepare, recall, refuse, void
from signing.settings import SigningSettings
from storage.signing import Device, Job
from storage.store import Store


@dataclass(frozen=True)
class SigningDesk:
    """`key` is the server's own, pinned by every agent at pairing."""

    store: Store
    settings: SigningSettings
    key: Ed25519PrivateKey

    @property
    def most(self) -> int:
        """Documents that go to the desk at once."""
        return self.settings.at_most

    def send(self, person: Person, signature_ids: Sequence[str]) -> Job:
        """See `prepare.send`."""
        return prepare.send(self.store, self.settings, person, signature_ids)

    def stop(self, person: Person, job_id: str) -> None:
        """See `prepare.stop`."""
        prepare.stop(self.store, person, job_id)

    def refuse(self, person: Person, signature_id: str, why: str) -> None:
        """See `refuse.refuse`."""
        refuse.refuse(self.store, person, signature_id, why)

    def ask_again(self, document: Document, actor: str) -> None:
        """See `refuse.ask_again`."""
        refuse.ask_again(self.store, document, actor)

    def recall(self, person: Person, signature_id: str, why: str) -> None:
        """See `recall.recall`."""
        recall.recall(self.store, person, signature_id, why)

    def ask_void(self, person: Person, document_id: str, why: str) -> None:
        """See `void.ask_void`."""
        void.ask_void(self.store, person, document_id, why)

    def cancel_void(self, person: Person, signature_id: str) -> None:
        """See `void.cancel_void`."""
        void.cancel_void(self.store, person, signature_id)

    def offer_code(self, person: Person) -> str:
        """See `prepare.offer_code`."""
        return prepare.offer_code(self.store, person)

    def pair(self, body: dict[str, Any]) -> dict[str, Any]:
        """See `complete.pair`."""
        return complete.pair(self.store, self.key, body)

    def device(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Device:
        """See `complete.device`."""
        return complete.device(self.store, (method, path, body), headers)

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        """See `complete.jobs`."""
        return complete.jobs(self.store, self.settings, self.key, device, able)

    def document(self, device: Device, job_id: str, item: str) -> bytes:
        """See `complete.document`."""
        return complete.document(self.store, device, job_id, item)

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """See `complete.complete`."""
        return complete.complete(self.store, self.settings, device, job_id, body)
