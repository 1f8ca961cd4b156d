"""Who makes signature values: the idea.

A `SigningKey` signs at once; `pkcs11.py` holds one in a token. A `Provider` is asked and answers later, in minutes or never,
because a person has to approve: `seal.py` (a token of this server), `csc.py`, `smartca.py`, `mysign.py`; `providers.py` knows
them by name. Between question and answer stands a `Transaction`, which is kept as JSON: anybody can complete the signature,
another process too, or after a restart. The doctors' own tokens are the desk agent's (`docs/reference/agent.md`): it fetches its
work itself.

To a provider travel hashes, the caller's own ids and one neutral sentence. Nothing about a patient leaves the house.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from domain.errors import LuukyError, Message


class SigningKey(Protocol):
    """A private key that nobody can read, and its certificate."""

    @property
    def certificate(self) -> bytes:
        """DER."""
        ...

    def sign(self, attributes: bytes) -> bytes:
        """The signature value over DER-coded signed attributes with SHA-256: PKCS #1 v1.5, or ECDSA in DER.

        Raises PartAway if the token is gone.
        """
        ...


class Scheme(StrEnum):
    """How a value is made of a SHA-256 digest, in the words of the desk agent's jobs."""

    PKCS1 = "rsa-pkcs1"
    """RSASSA-PKCS1-v1_5."""
    PSS = "rsa-pss"
    """RSASSA-PSS, MGF1 with SHA-256, a salt of 32 bytes."""
    ECDSA = "ecdsa"
    """In DER."""


class Asks(StrEnum):
    """What a person must do for an approval. PIN and OTP are typed on our screen and given as `Told`."""

    PIN = "pin"
    OTP = "otp"
    PHONE = "phone"
    """Approve in the provider's app."""
    VISIT = "visit"
    """Approve on the provider's own page, `Transaction.visit`."""


class Stage(StrEnum):
    """Where a transaction stands; all but `PENDING` are the end."""

    PENDING = "pending"
    SIGNED = "signed"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key at a provider. `certificate` and `chain`: DER, from the issuer upwards, perhaps with the root.

    `most`: signatures in one approval. `schemes`: what the key can do, the best first.
    """

    id: str
    certificate: bytes
    chain: tuple[bytes, ...]
    most: int
    schemes: tuple[Scheme, ...]
    asks: frozenset[Asks] = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """Signatures wanted with one approval.

    `id`: 1 to 64 letters, digits and hyphens, made and kept by the caller before `begin`. `user`: the person as the provider
    knows them, such as a citizen id. `certificate`: DER, which the halves were prepared with. `digests`: by item, SHA-256 over
    its signed attributes. `again`: `begin` was called for it before, and its answer is not known.
    """

    id: str
    user: str
    certificate: bytes
    digests: Mapping[str, bytes]
    scheme: Scheme
    again: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What the person gave for this approval, never kept. `description`: the neutral sentence shown to them at the provider.

    `code`: what the provider's page sent back with the browser.
    """

    description: str = "Lưu Ký"
    pin: str = field(default="", repr=False)
    otp: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Transaction:
    """An approval under way or over; holds nothing secret.

    `reference`: the provider's own marks, whose meaning only the provider's file knows. `values`: by item, when signed. `why`:
    when refused or expired, what happened and what to do. `visit`: a page the person must be sent to. `expires`: when the
    provider gives up, where it says so.
    """

    provider: str
    order: str
    user: str
    credential: str
    certificate: bytes
    digests: Mapping[str, bytes]
    scheme: Scheme
    stage: Stage = Stage.PENDING
    reference: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, bytes] = field(default_factory=dict)
    why: Message | None = None
    visit: str = ""
    expires: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """A JSON value, about 100 bytes for an item and 500 for its value."""
        return {
            **{name: getattr(self, name) for name in ("provider", "order", "user", "credential", "visit")},
            "certificate": _text(self.certificate),
            "digests": {item: _text(digest) for item, digest in self.digests.items()},
            "scheme": self.scheme.value,
            "stage": self.stage.value,
            "reference": dict(self.reference),
            "values": {item: _text(value) for item, value in self.values.items()},
            "why": asdict(self.why) if self.why else None,
            "expires": self.expires.isoformat() if self.expires else None,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The inverse of `as_json`."""
        return cls(
            **{name: value[name] for name in ("provider", "order", "user", "credential", "visit", "reference")},
            certificate=base64.b64decode(value["certificate"]),
            digests={item: base64.b64decode(digest) for item, digest in value["digests"].items()},
            scheme=Scheme(value["scheme"]),
            stage=Stage(value["stage"]),
            values={item: base64.b64decode(one) for item, one in value["values"].items()},
            why=Message(**value["why"]) if value["why"] else None,
            expires=datetime.fromisoformat(value["expires"]) if value["expires"] else None,
        )


@dataclass(frozen=True, slots=True)
class Health:
    """What a look at a provider found. `valid_until`: the end of the certificate of the user that was named."""

    reachable: bool
    authenticated: bool
    valid_until: datetime | None = None
    problem: Message | None = None


class Provider(Protocol):
    """Somebody who makes signature values on approval.

    Every method raises PartAway for what may be tried again by itself, Refused for what a person must change, PartMissing for
    what is not set up. A value that does not fit digest and certificate is never handed out.
    """

    @property
    def name(self) -> str:
        """As settings and transactions name it."""
        ...

    def certificates(self, user: str) -> tuple[Credential, ...]:
        """The keys a person may sign with now."""
        ...

    def send_otp(self, user: str, certificate: bytes) -> None:
        """Have a one-time password sent to a person whose key asks for one, where the provider does so on demand."""
        ...

    def begin(self, order: Order, told: Told) -> Transaction:
        """Ask for the approval. May take as long as the person does, where the provider answers only then.

        Refused `provider_unsure`: the question may have reached the person, and a second one must not surprise them. Asked again
        with `order.again`, the transaction is found where the provider takes our ids, and is refused so where it does not.
        """
        ...

    def poll(self, transaction: Transaction, told: Told) -> Transaction:
        """Look again; a transaction that is over is answered as it is. `told.code` is for one with a `visit`."""
        ...

    def cancel(self, transaction: Transaction) -> bool:
        """Withdraw the question; False if the provider has no way, so that it stands until it expires."""
        ...

    def check(self, user: str = "") -> Health:
        """Whether the provider is there and knows us, and the user's certificate. Signs nothing; an error is a finding."""
        ...


def health_of(error: LuukyError, *, reachable: bool, authenticated: bool = False) -> Health:
    """A finding that ended in an error."""
    return Health(reachable, authenticated, problem=error.message)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
