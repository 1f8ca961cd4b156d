"""A key that signs: the idea. `pkcs11.py` holds one in a token; the doctors' keys are reached through the desk agent."""

from __future__ import annotations

from typing import Protocol


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
