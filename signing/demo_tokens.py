"""SoftHSM tokens for the demo and the tests: keys are made inside the token, only public keys come out.

Runs as a process of its own, because a PKCS#11 module reads its configuration once in a process:
`SOFTHSM2_CONF=… python -m signing.demo_tokens MODULE < orders.json > answers.json`. An order is
`{"label", "pin", "key"}`, a key of `LENGTHS` or `CURVES`, and is answered with the public key; with `certificate` (base64 DER),
that is written to the token.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

import pkcs11
from asn1crypto.x509 import Certificate
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key
from pkcs11.util.x509 import decode_x509_certificate

KEY_ID = b"\x01"
LENGTHS = {"rsa": 2048, "rsa-3072": 3072, "rsa-4096": 4096}
CURVES = {"ec": "secp256r1", "p-384": "secp384r1", "p-521": "secp521r1"}


def main() -> None:
    """Carries out the orders on standard input."""
    orders = json.load(sys.stdin)
    for order in orders:
        if "certificate" not in order:
            _init(order)
    library = pkcs11.lib(sys.argv[1])
    json.dump([_carry_out(library, order) for order in orders], sys.stdout)


def _init(order: dict[str, Any]) -> None:
    label, pin = order["label"], order["pin"]
    # A token of an earlier run that was cut off half-way would stand in the way.
    subprocess.run(["softhsm2-util", "--delete-token", "--token", label], check=False, capture_output=True)
    command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", pin, "--pin", pin]
    subprocess.run(command, check=True, capture_output=True)


def _carry_out(library: Any, order: dict[str, Any]) -> str | None:
    with library.get_token(token_label=order["label"]).open(user_pin=order["pin"], rw=True) as session:
        if "certificate" in order:
            _keep(session, order["label"], base64.b64decode(order["certificate"]))
            return None
        return base64.b64encode(_generate(session, order["label"], order["key"])).decode()


def _generate(session: Any, label: str, kind: str) -> bytes:
    private = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}
    options = {"id": KEY_ID, "label": label, "store": True, "private_template": private}
    if kind in CURVES:
        parameters = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(CURVES[kind])}, local=True
        )
        public, _ = parameters.generate_keypair(**options)
        return bytes(encode_ec_public_key(public))
    public, _ = session.generate_keypair(KeyType.RSA, LENGTHS[kind], **options)
    return bytes(encode_rsa_public_key(public))


def _keep(session: Any, label: str, der: bytes) -> None:
    Certificate.load(der, strict=True)
    names = {Attribute.LABEL: label, Attribute.ID: KEY_ID, Attribute.TOKEN: True, Attribute.CLASS: ObjectClass.CERTIFICATE}
    session.create_object({**decode_x509_certificate(der), **names})


if __name__ == "__main__":
    main()
