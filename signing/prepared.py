"""What waits in the database while a person decides: everything the second half needs, and what the desk must see."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Self

from signing.keys import Scheme
from signing.values import usual


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A revision with an empty hole.

    `digest`: SHA-256 over the file without the hole, which lies from `start` to `end` (bytes; the angle brackets included).
    `attributes`: DER of the CMS signed attributes, which are what is signed. `certificate` and `chain`: DER, the chain from the
    issuer upwards without its root. `scheme`: how the value is to be made. Nothing in the file or the attributes depends on it:
    another may be chosen as long as there is no value; a value made in any other way is refused.
    """

    field: str
    digest: bytes
    start: int
    end: int
    attributes: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    scheme: Scheme
    certifies: int | None = None
    """What it permits as a certification (P of DocMDP); None: it is none."""

    def as_json(self) -> dict[str, Any]:
        """A JSON value, about 3 kB."""
        return {
            "field": self.field,
            "digest": _text(self.digest),
            "start": self.start,
            "end": self.end,
            "attributes": _text(self.attributes),
            "certificate": _text(self.certificate),
            "chain": [_text(one) for one in self.chain],
            "mechanism": self.scheme.value,
            **({"certifies": self.certifies} if self.certifies else {}),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The inverse of `as_json`; members it does not know are left alone. Without `mechanism`: the usual one of the key."""
        certificate = _bytes(value["certificate"])
        return cls(
            value["field"],
            _bytes(value["digest"]),
            value["start"],
            value["end"],
            _bytes(value["attributes"]),
            certificate,
            tuple(_bytes(one) for one in value["chain"]),
            Scheme(value["mechanism"]) if "mechanism" in value else usual(certificate),
            value.get("certifies"),
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
