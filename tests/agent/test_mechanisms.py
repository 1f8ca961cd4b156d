"""Every way of signing, from the token through the agent and the server, before four judges: ours, OpenSSL, veraPDF, EU DSS."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, pem
from luuky_agent import settings
from luuky_agent.outbox import Outbox
from pyhanko.pdf_utils.reader import PdfFileReader

from domain.documents import Document, State
from domain.signatures import Verdict
from signing.demo_authority import create, start
from signing.demo_config import DemoSigner
from signing.settings import RsaFirst
from signing.upgrade import prove
from signing.verify import verify_file
from storage.signing import Device
from storage.store import Store
from tests import judges
from tests.agent.desk import NAME, Agent, Clinic, clinic
from tests.agent.drivers import Driver, driver
from tests.fakes.agent_server import serving
from tests.signing.fixtures import NETWORK, Hospital

NO_PSS = "C_GetMechanismList:*:hide0xd"
REFUSES = "0x70"
"""CKR_MECHANISM_INVALID."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hospital]:
    """A house whose doctors have keys of every kind. Their tokens are seen by the agents alone."""
    kinds = ("rsa", "rsa-3072", "rsa-4096", "ec", "p-384", "p-521")
    authority = create(tmp_path_factory.mktemp("kinds"), [DemoSigner(kind, NAME, kind) for kind in kinds], production=False)
    services = start(authority)
    yield Hospital(authority, tmp_path_factory.mktemp("charts"))
    services.terminate()
    services.wait()


class Desk:
    """A doctor with a key of one kind, whose agent is paired."""

    def __init__(self, here: Clinic, address: str, kind: str, folder: Path, rules: str) -> None:
        self.here, self.kind, self.rules = here, kind, rules
        conf = here.hospital.authority.softhsm_conf
        self.module: Driver = driver(folder / "driver.so", conf, rules)
        self.agent = Agent(folder / "desk", conf)
        code = here.desk.offer_code(here.doctor)
        line = ("pair", code, "--server", address, "--module", str(self.module.path), "--token", kind)
        done = self.agent(*line)
        assert done.returncode == 0, done.stderr

    def signs(self) -> subprocess.CompletedProcess[str]:
        return self.agent("sign", "--all", "--pin-stdin", pin=self.here.hospital.authority.token(self.kind).pin)

    def device(self) -> Device:
        with self.here.store.read() as tx:
            found = tx.signing.device(settings.load(self.agent.home / "luuky-agent").device)
        assert found is not None
        return found


@pytest.fixture
def desk(request: pytest.FixtureRequest, house: Hospital, store: Store, tmp_path: Path) -> Iterator[Desk]:
    """Asked for with (kind of key, what the driver does, what the house prefers)."""
    kind, rules, first = getattr(request, "param", ("rsa", "", RsaFirst.PSS))
    here = clinic(house, store, token=kind)
    here.desk = replace(here.desk, settings=replace(here.desk.settings, rsa=first))
    with serving(here.desk) as address:
        yield Desk(here, address, kind, tmp_path, rules)


def info(path: Path) -> tuple[cms.SignerInfo, bytes]:
    """The newest signature of a file: what it says of itself, and its whole CMS."""
    with path.open("rb") as file:
        signature = PdfFileReader(file).embedded_signatures[-1]
        return signature.signer_info, cms.ContentInfo.load(signature.pkcs7_content).dump()


def way(path: Path) -> str:
    algorithm: str = info(path)[0]["signature_algorithm"]["algorithm"].native
    return algorithm


def openssl_agrees(path: Path, folder: Path, house: Hospital) -> bool:
    """Whether OpenSSL verifies the newest signature over the bytes that its ByteRange names."""
    with path.open("rb") as file:
        first, length, second, rest = PdfFileReader(file).embedded_signatures[-1].byte_range
        data = path.read_bytes()
    (folder / "signed.bin").write_bytes(data[first : first + length] + data[second : second + rest])
    (folder / "signature.der").write_bytes(info(path)[1])
    roots = b"".join(pem.armor("CERTIFICATE", one.dump()) for one in house.trust.roots)
    (folder / "roots.pem").write_bytes(roots)
    files = ["-in", "signature.der", "-content", "signed.bin", "-CAfile", "roots.pem", "-out", "/dev/null"]
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", *files]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 0


def audited(here: Clinic, document: Document) -> list[str]:
    with here.store.read() as tx:
        entries = tx.audit.of(document.id)
    return [one.details["mechanism"] for one in entries if "mechanism" in one.details]


WAYS = [
    (("rsa", "", RsaFirst.PSS), "rsassa_pss", "rsa-pss"),
    (("rsa", "", RsaFirst.PKCS1), "sha256_rsa", "rsa-pkcs1"),
    (("rsa", NO_PSS, RsaFirst.PSS), "sha256_rsa", "rsa-pkcs1"),
    (("rsa-3072", "", RsaFirst.PSS), "rsassa_pss", "rsa-pss"),
    (("rsa-4096", "", RsaFirst.PSS), "rsassa_pss", "rsa-pss"),
    (("ec", "", RsaFirst.PSS), "sha256_ecdsa", "ecdsa"),
    (("p-384", "", RsaFirst.PSS), "sha256_ecdsa", "ecdsa"),
    (("p-521", "", RsaFirst.PSS), "sha256_ecdsa", "ecdsa"),
]


@pytest.mark.parametrize(("desk", "algorithm", "told"), WAYS, indirect=["desk"])
def test_a_chart_is_signed_as_its_token_can_and_all_judges_agree(desk: Desk, algorithm: str, told: str, tmp_path: Path) -> None:
    here, house = desk.here, desk.here.hospital
    chart = here.chart()
    here.send(chart)
    done = desk.signs()
    assert done.returncode == 0, done.stderr
    assert here.document(chart.id).state is State.SIGNED
    signed, proven = here.file(chart.id), tmp_path / "proven.pdf"
    assert way(signed) == algorithm
    assert audited(here, chart) == [told]
    assert openssl_agrees(signed, tmp_path, house)
    prove(signed, proven, house.trust, NETWORK, house.timestamps)
    for path in (signed, proven):
        judged = judges.verapdf(path)
        assert (judged["compliant"], judged["profile"]) == (True, "PDF/A-2U"), judged
    found = judges.dss(proven, house.authority.trust)
    assert [(one["level"], one["indication"], one["errors"]) for one in found["signatures"]] == [
        ("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])
    ], found
    assert verify_file(proven, house.trust).verdict is Verdict.PASSED
    with proven.open("rb") as file:
        assert str(PdfFileReader(file).root.get("/Version", "/1.7")) == "/1.7"


def test_the_parameters_of_pss_are_said_in_full(desk: Desk) -> None:
    chart = desk.here.chart()
    desk.here.send(chart)
    assert desk.signs().returncode == 0
    parameters = info(desk.here.file(chart.id))[0]["signature_algorithm"]["parameters"].native
    assert parameters["hash_algorithm"]["algorithm"] == "sha256"
    assert parameters["mask_gen_algorithm"]["algorithm"] == "mgf1"
    assert parameters["mask_gen_algorithm"]["parameters"]["algorithm"] == "sha256"
    assert (parameters["salt_length"], parameters["trailer_field"]) == (32, "trailer_field_bc")


@pytest.mark.parametrize("fails", [1, 2])
def test_a_token_that_refuses_pss_in_the_middle_goes_on_with_v1_5_under_the_same_pin(desk: Desk, fails: int) -> None:
    desk.module.rules(f"C_SignInit:{fails}:{REFUSES}")
    charts = [desk.here.chart() for _ in range(4)]
    desk.here.send(*charts)
    done = desk.signs()
    assert done.returncode == 0, done.stderr
    assert [desk.here.document(one.id).state for one in charts] == [State.SIGNED] * 4
    ways = [way(desk.here.file(one.id)) for one in charts]
    assert (ways.count("rsassa_pss"), ways.count("sha256_rsa")) == (fails - 1, 5 - fails)
    assert sorted(name for one in charts for name in audited(desk.here, one)).count("rsa-pss") == fails - 1
    assert [desk.here.file(one.id).read_bytes().count(b"/ByteRange") for one in charts] == [1] * 4
    assert (desk.module.calls.count("C_Login"), desk.module.calls.count("C_SignInit")) == (1, 5)
    assert Outbox(desk.agent.home / "luuky-agent").waiting() == []


def test_a_token_that_refuses_every_way_signs_nothing_and_is_not_asked_for_ever(desk: Desk) -> None:
    desk.module.rules(f"C_SignInit:*:{REFUSES}")
    chart = desk.here.chart()
    desk.here.send(chart)
    done = desk.signs()
    assert done.returncode == 1
    assert "không ký được theo cách được yêu cầu" in done.stderr
    assert desk.module.calls.count("C_SignInit") == 2
    assert desk.here.document(chart.id).state is State.AWAITING_SIGNATURE


def test_a_value_made_in_another_way_than_was_agreed_is_refused_and_the_document_waits(desk: Desk) -> None:
    here = desk.here
    chart = here.chart()
    here.send(chart)
    mine = desk.device()
    payload: dict[str, Any] = here.desk.jobs(mine, ["rsa-pkcs1", "rsa-pss"])["payload"]
    (item,) = payload["items"]
    assert item["mechanism"] == "rsa-pss"
    value = _value(desk, item, "rsa-pkcs1")
    answer = here.desk.complete(mine, payload["job"], {"signatures": {item["id"]: value}})
    assert answer["items"][item["id"]]["code"] == "wrong_signature"
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    assert here.signatures(chart.id)[0].state == "waiting"


def test_how_a_value_is_made_can_be_agreed_anew_until_there_is_one(desk: Desk) -> None:
    here = desk.here
    chart = here.chart()
    here.send(chart)
    mine = desk.device()
    ways = [
        here.desk.jobs(mine, able)["payload"]["items"][0]["mechanism"]
        for able in ((), ("rsa-pkcs1", "rsa-pss"), (), ("rsa-pkcs1",), ("ecdsa",), ("ml-dsa", "rsa-pss"))
    ]
    assert ways == ["rsa-pkcs1", "rsa-pss", "rsa-pss", "rsa-pkcs1", "rsa-pkcs1", "rsa-pss"]


def _value(desk: Desk, item: dict[str, Any], mechanism: str) -> str:
    """What the token makes of an item, base64, in a process of its own."""
    program = (
        "import base64, sys\n"
        "from luuky_agent.token import Token\n"
        "with Token(sys.argv[1]) as token:\n"
        "    chosen = next(one for one in token.certificates() if one.label == sys.argv[2])\n"
        "    token.login(chosen, sys.argv[3])\n"
        "    print(base64.b64encode(token.sign(base64.b64decode(sys.argv[4]), sys.argv[5])).decode())\n"
    )
    pin = desk.here.hospital.authority.token(desk.kind).pin
    arguments = [str(desk.module.path), desk.kind, pin, item["attributes"], mechanism]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=desk.agent.environment, capture_output=True, text=True, check=True
    )
    assert base64.b64decode(done.stdout)
    return done.stdout.strip()
