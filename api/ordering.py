"""What the web needs to let people sign with a provider, and to have the hospital's seal put."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.errors import Message
from domain.people import Person
from domain.signers import Sealing
from storage.orders import Way
from storage.store import Transaction


class Found(Protocol):
    """What a provider has of a person."""

    @property
    def name(self) -> str:
        """As the certificate has it."""
        ...

    @property
    def until(self) -> datetime | None:
        """The certificate's end."""
        ...

    @property
    def problem(self) -> Message | None:
        """Why nothing was found."""
        ...


class Ordering(Protocol):
    """Implemented by `signing.order_desk`. Every deed raises Refused, PartAway or PartMissing with the reason."""

    @property
    def sealing(self) -> Sealing:
        """How the seal is put."""
        ...

    @property
    def providers(self) -> Sequence[str]:
        """With which providers people may sign here."""
        ...

    @property
    def visits(self) -> Sequence[str]:
        """At which of them a person logs in once."""
        ...

    def set_way(self, tx: Transaction, person: Person, chosen: tuple[str, str, str], actor: str) -> None:
        """With what a person signs: provider (empty: the desk agent), account there, name of the key."""
        ...

    def look_up(self, way: Way) -> Found:
        """What the provider has of a person."""
        ...

    def give(self, person: Person, pin: str, otp: str) -> None:
        """What a person typed for their order."""
        ...

    def send_otp(self, person: Person) -> None:
        """Have a one-time password sent."""
        ...

    def stop(self, person: Person, order_id: str) -> None:
        """Call an order off."""
        ...

    def visit(self, person: Person) -> str:
        """Address of the provider's login page."""
        ...

    def arrive(self, person: Person, state: str, code: str) -> None:
        """The browser is back from a provider's page."""
        ...

    def press(self, person: Person, signature_ids: Sequence[str] | None = None) -> int:
        """Have the seal put on what was chosen, or on all that waits; returns on how many documents."""
        ...
