"""The server's own Ed25519 key: it signs audit heads and jobs for the doctors' agents. Born with the store, never leaves it."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key


class ServerKey:
    """Signs for this server."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self.private = private

    @property
    def public(self) -> Ed25519PublicKey:
        """What others check signatures with."""
        return self.private.public_key()

    def sign(self, data: bytes) -> str:
        """Base64 of the signature over `data`."""
        return base64.b64encode(self.private.sign(data)).decode()


def server_key(data: Path) -> ServerKey:
    """The key of the store at `data`; made at the first call, readable by its owner only."""
    path = data / "keys" / "server.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(pem)
        try:
            os.link(draft, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{path} holds another kind of key")
    return ServerKey(private)
