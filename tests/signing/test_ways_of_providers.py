"""Every way of signing at the seal and at the services that sign on approval, before OpenSSL, veraPDF, EU DSS and us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Refused
from domain.signatures import Verdict
from signing.batch import Waiting, complete_all, order_for
from signing.demo_authority import module
from signing.demo_services import DemoServices
from signing.first_half import prepare_revision
from signing.keys import Provider, Scheme, Stage, Told
from signing.pin_ledger import PinLedger
from signing.seal import Seal
from signing.upgrade import prove
from signing.values import chosen
from signing.verify import verify_file
from tests import judges
from tests.agent.test_mechanisms import openssl_agrees, way
from tests.fakes.secret_file import secret_file
from tests.signing.fixtures import NETWORK, Hospital, spec
from tests.signing.providers import at, finished

LABELS = {Scheme.PSS: "bs-thao", Scheme.PKCS1: "bs-thao", Scheme.ECDSA: "bs-dung"}
ALGORITHMS = {Scheme.PSS: "rsassa_pss", Scheme.PKCS1: "sha256_rsa", Scheme.ECDSA: "sha256_ecdsa"}


@pytest.fixture
def provider(
    request: pytest.FixtureRequest, hospital: Hospital, services: DemoServices, tmp_path: Path
) -> Iterator[tuple[Provider, Scheme]]:
    kind, scheme = request.param
    if kind != "seal":
        yield at(kind, services.url).provider, scheme
        return
    pin = secret_file(tmp_path / "pin", hospital.authority.token(LABELS[scheme]).pin)
    seal = Seal(module(), LABELS[scheme], pin, PinLedger(tmp_path / "refused"))
    yield seal, scheme
    seal.close()


def half(hospital: Hospital, target: Path, scheme: Scheme) -> Waiting:
    signatory = hospital.signatory(LABELS[scheme])
    made = prepare_revision(hospital.fields(), target, signatory, spec("ConDau", signatory.name))
    return Waiting("a", target, replace(made, scheme=scheme))


@pytest.mark.parametrize(
    "provider",
    [(kind, scheme) for kind in ("seal", "csc v1", "csc v2", "mysign") for scheme in Scheme]
    + [("smartca", Scheme.PKCS1), ("smartca", Scheme.ECDSA)],
    indirect=True,
    ids="-".join,
)
def test_what_a_provider_makes_in_each_way_is_proven_before_all_judges(
    provider: tuple[Provider, Scheme], hospital: Hospital, tmp_path: Path
) -> None:
    asked, scheme = provider
    waiting = half(hospital, tmp_path / "signed.pdf", scheme)
    order = order_for(f"lan-{scheme}", LABELS[scheme], [waiting])
    assert order.scheme is scheme
    (credential,) = asked.certificates(LABELS[scheme])
    assert scheme in credential.schemes
    assert chosen(credential.certificate, credential.schemes, Scheme.PSS) is credential.schemes[0]
    signed = finished(asked, asked.begin(order, Told("Ký 1 tài liệu")))
    assert signed.stage is Stage.SIGNED
    assert complete_all([waiting], signed, hospital.timestamps)["a"].problem is None
    assert way(waiting.path) == ALGORITHMS[scheme]
    assert openssl_agrees(waiting.path, tmp_path, hospital)
    proven = tmp_path / "proven.pdf"
    prove(waiting.path, proven, hospital.trust, NETWORK, hospital.timestamps)
    judged = judges.verapdf(proven)
    assert (judged["compliant"], judged["profile"]) == (True, "PDF/A-2U"), judged
    found = judges.dss(proven, hospital.authority.trust)
    assert [(one["level"], one["indication"]) for one in found["signatures"]] == [("PAdES-BASELINE-LTA", "TOTAL_PASSED")], found
    assert verify_file(proven, hospital.trust).verdict is Verdict.PASSED


def test_halves_for_two_ways_are_no_one_order(hospital: Hospital, tmp_path: Path) -> None:
    both = [half(hospital, tmp_path / f"{scheme}.pdf", scheme) for scheme in (Scheme.PSS, Scheme.PKCS1)]
    with pytest.raises(Refused, match="too_many"):
        order_for("lan-1", "", both)
