"""Whatever signs with a token must keep these promises: a key in a token of this machine, and the agent's child process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from luuky_agent.errors import AgentError
from luuky_agent.token import Token

from domain.errors import Refused
from signing.demo_authority import module
from signing.pkcs11 import Pkcs11Key
from tests.signing.fixtures import Hospital

LABELS = {"rsa": "bs-thao", "ec": "bs-dung"}


@dataclass(frozen=True)
class Signer:
    certificate: bytes
    sign: Callable[[bytes], bytes]


class Held:
    """Opens signers and closes them after the test."""

    def __init__(self, kind: str, hospital: Hospital, stack: ExitStack) -> None:
        self.kind, self.hospital, self.stack = kind, hospital, stack

    def open(self, key: str, pin: str | None = None) -> Signer:
        token = self.hospital.authority.token(LABELS[key])
        if self.kind == "token of this machine":
            held = self.stack.enter_context(Pkcs11Key(module(), LABELS[key], pin or token.pin))
            return Signer(held.certificate, held.sign)
        child = self.stack.enter_context(Token(str(module())))
        chosen = next(one for one in child.certificates() if one.label == LABELS[key])
        child.login(chosen, pin or token.pin)
        return Signer(chosen.certificate, child.sign)


@pytest.fixture(params=["token of this machine", "agent"])
def held(request: pytest.FixtureRequest, hospital: Hospital) -> Iterator[Held]:
    assert os.environ["SOFTHSM2_CONF"] == str(hospital.authority.softhsm_conf)
    with ExitStack() as stack:
        yield Held(request.param, hospital, stack)


@pytest.mark.parametrize("key", LABELS)
def test_the_value_verifies_with_the_certificate_and_sha_256(held: Held, key: str) -> None:
    signer = held.open(key)
    _verify(signer.certificate, signer.sign(b"attributes"), b"attributes")
    with pytest.raises(InvalidSignature):
        _verify(signer.certificate, signer.sign(b"attributes"), b"others")


@pytest.mark.parametrize("key", LABELS)
def test_the_certificate_is_the_one_that_was_issued_for_the_token(held: Held, key: str) -> None:
    assert held.open(key).certificate == held.hospital.authority.token(LABELS[key]).certificate


def test_one_login_signs_many(held: Held) -> None:
    signer = held.open("rsa")
    values = {signer.sign(str(number).encode()) for number in range(20)}
    assert len(values) == 20


def test_a_wrong_pin_is_a_refusal_and_the_right_one_still_works_after_it(held: Held) -> None:
    with pytest.raises((Refused, AgentError)) as refused:
        held.open("rsa", pin="999999999")
    assert "PIN" in str(refused.value)
    assert held.open("rsa").sign(b"attributes")


def _verify(certificate: bytes, value: bytes, data: bytes) -> None:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, data, ec.ECDSA(hashes.SHA256()))
    else:
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(value, data, padding.PKCS1v15(), hashes.SHA256())
