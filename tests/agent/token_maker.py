"""Makes SoftHSM tokens for the desk, each in a folder of its own, with a key and a certificate of no authority.

Run as a process of its own with SOFTHSM2_CONF set, because a PKCS#11 module reads it once: `LABEL KIND [asks]`; the second
word is `rsa` or `ec`, `asks` makes a key that wants the PIN at every signature.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID
from pkcs11 import Attribute, KeyType
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key
from pkcs11.util.x509 import decode_x509_certificate

from signing.demo_authority import module

PIN = "40913672"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class MadeToken:
    """A token in a folder of its own, its PIN, and the SoftHSM settings with which it alone is seen."""

    label: str
    conf: Path
    pin: str = PIN


def make(folder: Path, label: str, kind: str = "rsa", *, asks: bool = False) -> MadeToken:
    """A new token below `folder`."""
    tokens = folder / label / "tokens"
    tokens.mkdir(parents=True)
    conf = folder / label / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nslots.removable = true\n")
    command = [sys.executable, "-m", "tests.agent.token_maker", label, kind, *(["asks"] if asks else [])]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "SOFTHSM2_CONF": str(conf)}, check=True, stdout=subprocess.DEVNULL)
    return MadeToken(label, conf)


def _certificate(label: str, public: bytes) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"BS. {label}")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    issuer = rsa.generate_private_key(65537, 2048)
    return made.public_key(load_der_public_key(public)).sign(issuer, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


def main() -> None:
    label, kind, asks = sys.argv[1], sys.argv[2], "asks" in sys.argv
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", PIN, "--pin", PIN]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    private = {Attribute.ALWAYS_AUTHENTICATE: asks, Attribute.SIGN: True}
    options: dict[str, Any] = {"id": b"\1", "label": "k", "store": True, "private_template": private}
    with pkcs11.lib(str(module())).get_token(token_label=label).open(user_pin=PIN, rw=True) as session:
        if kind == "ec":
            curve = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            public, _ = session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(**options)
            coded = encode_ec_public_key(public)
        else:
            public, _ = session.generate_keypair(KeyType.RSA, 2048, **options)
            coded = encode_rsa_public_key(public)
        attributes = decode_x509_certificate(_certificate(label, coded))
        session.create_object({**attributes, Attribute.LABEL: "k", Attribute.ID: b"\1", Attribute.TOKEN: True})


if __name__ == "__main__":
    main()
