"""The keys of the demo's signing services: those in the demo authority's tokens. Who knows the secrets below may use them."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from signing.demo_authority import DemoAuthority, module
from signing.keys import Scheme
from signing.pkcs11 import Pkcs11Key

CLIENT = "luu-ky"
SECRET = "chi-dung-de-thu"  # noqa: S105 - the demo's, known to all
PIN = "246810"
"""What a signer types."""


@dataclass
class Keys:
    """A user's id at the services is the label of the token. `wanted`: by label, which of a user's keys is enabled; `visitor`:
    who sits at the browser; `swapped`: values are made over something else.
    """

    authority: DemoAuthority
    wanted: dict[str, str] = field(default_factory=dict)
    visitor: str = ""
    swapped: bool = False
    _open: dict[str, Pkcs11Key] = field(default_factory=dict)

    @property
    def roots(self) -> list[bytes]:
        """DER."""
        return [path.read_bytes() for path in self.authority.trust.iterdir()]

    def label(self, user: str) -> str | None:
        """The user's token."""
        return user if any(token.signer.label == user for token in self.authority.tokens) else None

    def key(self, label: str) -> Pkcs11Key:
        """The key in a token."""
        if label not in self._open:
            self._open[label] = Pkcs11Key(module(), label, self.authority.token(label).pin)
        return self._open[label]

    def value(self, label: str, digest: bytes, scheme: Scheme | None = None) -> str:
        """Base64 of a value over a digest; of another one, if it is to go wrong. `scheme` None: the common one."""
        key = self.key(label)
        scheme = scheme or (Scheme.ECDSA if Scheme.ECDSA in key.schemes else Scheme.PKCS1)
        wanted = hashlib.sha256(digest).digest() if self.swapped else digest
        return base64.b64encode(key.sign_digest(wanted, scheme)).decode()
