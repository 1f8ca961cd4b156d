"""Makes a token whose key asks for the PIN at every signature, and signs three times with one login of the agent.

Run as a process of its own with SOFTHSM2_CONF set: a PKCS#11 module reads it once.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID
from luuky_agent.token import Token
from pkcs11 import Attribute, KeyType
from pkcs11.util.rsa import encode_rsa_public_key
from pkcs11.util.x509 import decode_x509_certificate

from signing.demo_authority import module

PIN = "123456"


def certificate(public: bytes) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "BS. Lê Hỏi")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    issuer = rsa.generate_private_key(65537, 2048)
    return made.public_key(load_der_public_key(public)).sign(issuer, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]


def main() -> None:
    command = ["softhsm2-util", "--init-token", "--free", "--label", "hoi", "--so-pin", PIN, "--pin", PIN]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with pkcs11.lib(str(module())).get_token(token_label="hoi").open(user_pin=PIN, rw=True) as session:
        asks = {Attribute.ALWAYS_AUTHENTICATE: True, Attribute.SIGN: True}
        public, _ = session.generate_keypair(KeyType.RSA, 2048, id=b"\1", label="k", store=True, private_template=asks)
        attributes = decode_x509_certificate(certificate(encode_rsa_public_key(public)))
        session.create_object({**attributes, Attribute.LABEL: "k", Attribute.ID: b"\1", Attribute.TOKEN: True})
    with Token(str(module())) as token:
        token.login(token.certificates()[0], PIN)
        sys.stdout.write(str([len(token.sign(b"attributes")) for _ in range(3)]))


if __name__ == "__main__":
    main()
