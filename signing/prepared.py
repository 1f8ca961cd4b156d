"""What waits in the database while a person decides: everything the second half needs, and what the desk must see."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A revision with an empty hole.

    `digest`: SHA-256 over the file without the hole, which lies from `start` to `end` (bytes; the angle brackets included).
    `attributes`: DER of the CMS signed attributes, which are what is signed. `certificate` and `chain`: DER, the chain from the
    issuer upwards without its root.
    """

    field: str
    digest: bytes
    start: int
    end: int
    attributes: bytes
    certificate: bytes
    chain: tuple[bytes, ...]

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
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The inverse of `as_json`; members it does not know are left alone."""
        return cls(
            value["field"],
            _bytes(value["digest"]),
            value["start"],
            value["end"],
            _bytes(value["attributes"]),
            _bytes(value["certificate"]),
            tuple(_bytes(one) for one in value["chain"]),
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
