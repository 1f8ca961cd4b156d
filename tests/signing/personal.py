"""A person's certificate, with the number of their identity card, in a token that the server sees beside its seal."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from cryptography.x509.oid import NameOID

from signing.demo_authority import DemoAuthority, module
from signing.pkcs11 import look_again
from tests.fakes.secret_file import secret_file
from tests.signing.ordered import Ordered

LABEL, PIN = "ca-nhan", "482915"


@contextmanager
def with_a_persons_token(here: Ordered, authority: DemoAuthority) -> Iterator[Ordered]:
    """The same clinic, whose seal is configured to be that token."""
    order = {"label": LABEL, "pin": PIN, "key": "rsa"}
    public = base64.b64decode(_made(authority, order))
    _made(authority, {**order, "certificate": base64.b64encode(_certificate(public)).decode()})
    try:
        look_again(module())
        yield here.with_settings(seal_token=LABEL, seal_pin=secret_file(here.folder / "a-persons-pin", PIN))
    finally:
        subprocess.run(["softhsm2-util", "--delete-token", "--token", LABEL], env=_seen(authority), check=True)
        look_again(module())


def _made(authority: DemoAuthority, order: dict[str, str]) -> Any:
    command = [sys.executable, "-m", "signing.demo_tokens", str(module())]
    done = subprocess.run(
        command, input=json.dumps([order]).encode(), env=_seen(authority), check=True, stdout=subprocess.PIPE
    )  # fmt: skip
    return json.loads(done.stdout)[0]


def _seen(authority: DemoAuthority) -> dict[str, str]:
    return {**os.environ, "SOFTHSM2_CONF": str(authority.softhsm_conf)}


def _certificate(public: bytes) -> bytes:
    holder = {NameOID.COMMON_NAME: "Nguyễn Thị Phương Thảo", NameOID.USER_ID: "CCCD:001190012345"}
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in holder.items()])
    now, issuer = datetime.now(UTC), rsa.generate_private_key(65537, 2048)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return made.public_key(load_der_public_key(public)).sign(issuer, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type]
