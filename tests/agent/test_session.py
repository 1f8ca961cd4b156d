"""The login: how long it lasts, where the PIN goes, and the ways of signing that a token can."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from luuky_agent.errors import AgentError
from luuky_agent.job import read_job
from luuky_agent.keys import ECDSA, RSA_PKCS1, RSA_PSS
from luuky_agent.settings import Desk, load
from luuky_agent.token import Token

from domain.documents import State
from signing.desk import SigningDesk
from signing.pairing import sign_job
from storage.signing import Device
from storage.store import Store
from tests.agent.desk import Agent, Clinic, clinic
from tests.agent.drivers import Driver, driver
from tests.agent.token_maker import MadeToken, make
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tokens")


@pytest.fixture(scope="module")
def plain(folder: Path) -> MadeToken:
    return make(folder, "mot")


@pytest.fixture(scope="module")
def asking(folder: Path) -> MadeToken:
    return make(folder, "hoi", asks=True)


@pytest.fixture(scope="module")
def curve(folder: Path) -> MadeToken:
    return make(folder, "cong", "ec")


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def children(pid: int) -> list[Path]:
    return [Path("/proc", child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# ---- how long it lasts


def test_closing_logs_out(tmp_path: Path, plain: MadeToken) -> None:
    watched = driver(tmp_path / "driver.so", plain.conf)
    with Token(str(watched.path)) as token:
        token.login(token.certificates()[0], plain.pin)
        token.sign(b"attributes")
    assert watched.calls.count("C_Logout") == 1


def test_idle_for_its_time_the_token_is_logged_out_and_the_process_with_the_pin_ends(tmp_path: Path, asking: MadeToken) -> None:
    watched = driver(tmp_path / "driver.so", asking.conf)
    before = set(children(os.getpid()))
    with Token(str(watched.path), idle=0.2) as token:
        token.login(token.certificates()[0], asking.pin)
        (child,) = set(children(os.getpid())) - before
        until(lambda: "State:\tZ" in (child / "status").read_text())
        assert watched.calls.count("C_Logout") == 1
        with pytest.raises(AgentError) as refused:
            token.sign(b"attributes")
    assert refused.value.code == "logged_out"
    assert "năm phút" in refused.value.vi
    assert "C_Sign" not in watched.calls


def test_without_a_login_an_idle_process_stays(tmp_path: Path, plain: MadeToken) -> None:
    with Token(str(driver(tmp_path / "driver.so", plain.conf).path), idle=0.1) as token:
        first = token.certificates()
        time.sleep(0.5)
        assert token.certificates() == first


def test_an_agent_that_is_killed_leaves_no_login_behind(tmp_path: Path, plain: MadeToken) -> None:
    watched = driver(tmp_path / "driver.so", plain.conf)
    program = f"""
import time
from luuky_agent.token import Token
token = Token({str(watched.path)!r})
token.login(token.certificates()[0], {plain.pin!r})
print("in", flush=True)
time.sleep(600)
"""
    agent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert agent.stdout is not None
    assert agent.stdout.readline() == "in\n"
    agent.kill()
    agent.wait()
    until(lambda: "C_Logout" in watched.calls)


# ---- where the PIN goes


def test_the_pin_stands_in_no_argument_no_environment_and_no_core_file(tmp_path: Path, asking: MadeToken) -> None:
    watched = driver(tmp_path / "driver.so", asking.conf)
    before = set(children(os.getpid()))
    with Token(str(watched.path)) as token:
        token.login(token.certificates()[0], asking.pin)
        (child,) = set(children(os.getpid())) - before
        for place in ("cmdline", "environ"):
            assert asking.pin.encode() not in (child / place).read_bytes()
        limit = next(line for line in (child / "limits").read_text().splitlines() if "core file size" in line)
        assert limit.split()[4:6] == ["0", "0"]


def test_a_key_that_asks_each_time_gets_its_pin_once_a_signature_and_a_refusal_is_not_repeated(
    tmp_path: Path, asking: MadeToken
) -> None:
    watched = driver(tmp_path / "driver.so", asking.conf, "C_Login:3:0xa0")
    with Token(str(watched.path)) as token:
        token.login(token.certificates()[0], asking.pin)
        assert token.sign(b"attributes")
        with pytest.raises(AgentError) as refused:
            token.sign(b"attributes")
        assert refused.value.code == "wrong_pin"
    assert watched.calls.count("C_Login") == 3
    assert watched.calls.count("C_Sign") == 1


def test_a_key_that_does_not_ask_gets_its_pin_once(tmp_path: Path, plain: MadeToken) -> None:
    watched = driver(tmp_path / "driver.so", plain.conf)
    with Token(str(watched.path)) as token:
        token.login(token.certificates()[0], plain.pin)
        assert [len(token.sign(b"attributes")) for _ in range(3)] == [256, 256, 256]
    assert watched.calls.count("C_Login") == 1


def test_what_a_driver_prints_does_not_disturb_its_answers(tmp_path: Path, plain: MadeToken) -> None:
    chatty = driver(tmp_path / "driver.so", plain.conf, "C_GetSlotList:*:print;C_Login:*:print;C_Sign:*:print")
    with Token(str(chatty.path)) as token:
        token.login(token.certificates()[0], plain.pin)
        assert len(token.sign(b"attributes")) == 256


# ---- ways of signing


def test_a_token_says_what_its_key_can(tmp_path: Path, plain: MadeToken, curve: MadeToken) -> None:
    both = driver(tmp_path / "rsa.so", plain.conf)
    with Token(str(both.path)) as token:
        assert token.certificates()[0].mechanisms == (RSA_PKCS1, RSA_PSS)
    both.rules("C_GetMechanismList:*:hide0xd")
    with Token(str(both.path)) as token:
        assert token.certificates()[0].mechanisms == (RSA_PKCS1,)
    with Token(str(driver(tmp_path / "ec.so", curve.conf).path)) as token:
        assert token.certificates()[0].mechanisms == (ECDSA,)


@pytest.mark.parametrize("mechanism", [None, RSA_PKCS1, RSA_PSS])
def test_an_rsa_key_signs_in_the_way_it_is_asked_for(tmp_path: Path, plain: MadeToken, mechanism: str | None) -> None:
    with Token(str(driver(tmp_path / "driver.so", plain.conf).path)) as token:
        chosen = token.certificates()[0]
        token.login(chosen, plain.pin)
        value = token.sign(b"attributes", mechanism)
    key = x509.load_der_x509_certificate(chosen.certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if mechanism == RSA_PSS else padding.PKCS1v15()
    key.verify(value, b"attributes", scheme, hashes.SHA256())


def test_an_elliptic_key_signs_in_der(tmp_path: Path, curve: MadeToken) -> None:
    with Token(str(driver(tmp_path / "driver.so", curve.conf).path)) as token:
        chosen = token.certificates()[0]
        token.login(chosen, curve.pin)
        value = token.sign(b"attributes", ECDSA)
    key = x509.load_der_x509_certificate(chosen.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(value, b"attributes", ec.ECDSA(hashes.SHA256()))


class Pss(SigningDesk):
    """A server that asks for RSA-PSS whatever it is told, and remembers what came back."""

    got: list[dict[str, Any]]
    told: list[list[str]]

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        self.told.append(list(able))
        payload = super().jobs(device)["payload"]
        items = [{**item, "mechanism": RSA_PSS} for item in payload["items"]]
        return sign_job({**payload, "items": items}, self.key)

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        self.got.append(body)
        return {"items": {item: {"state": "signed"} for item in body["signatures"]}}


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


@pytest.fixture
def pss(here: Clinic) -> Iterator[tuple[Pss, str]]:
    desk = Pss(here.store, here.desk.settings, here.desk.key)
    desk.got, desk.told = [], []
    with serving(desk) as address:
        yield desk, address


def at(agent: Agent, here: Clinic, address: str, module: Driver) -> Agent:
    """An agent that is paired and uses a driver."""
    agent.pair(here, address)
    path = agent.home / "luuky-agent" / "desk.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "module": str(module.path)}))
    return agent


def test_a_job_that_asks_for_pss_gets_it_and_is_told_what_the_token_can(
    here: Clinic, pss: tuple[Pss, str], tmp_path: Path
) -> None:
    desk, address = pss
    here.send(here.chart())
    token = here.hospital.authority.token("bs-thao")
    module = driver(tmp_path / "driver.so", here.hospital.authority.softhsm_conf)
    agent = at(Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf), here, address, module)
    done = agent("sign", "--all", "--pin-stdin", pin=token.pin)
    assert done.returncode == 0, done.stderr
    assert len(desk.got[0]["signatures"]) == 1
    assert desk.got[-1]["finished"]
    assert desk.told == [[], [RSA_PKCS1, RSA_PSS]]


def test_a_token_that_cannot_make_pss_is_not_asked_for_its_pin_and_the_server_is_told(
    here: Clinic, pss: tuple[Pss, str], tmp_path: Path
) -> None:
    desk, address = pss
    here.send(here.chart())
    module = driver(tmp_path / "driver.so", here.hospital.authority.softhsm_conf, "C_GetMechanismList:*:hide0xd")
    agent = at(Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf), here, address, module)
    done = agent("sign", "--all", "--pin-stdin")
    assert done.returncode == 1
    assert "không ký được kiểu rsa-pss" in done.stderr
    assert "C_Login" not in module.calls
    assert desk.got[-1] == {"signatures": {}, "declined": desk.got[-1]["declined"], "finished": True}
    assert desk.told == [[], [RSA_PKCS1]]
    assert len(desk.got[-1]["declined"]) == 1


class Older(SigningDesk):
    """A server that knows no ways of signing."""

    def jobs(self, device: Device, able: Collection[str] = ()) -> dict[str, Any]:
        payload = super().jobs(device)["payload"]
        items = [{name: value for name, value in item.items() if name != "mechanism"} for item in payload["items"]]
        return sign_job({**payload, "items": items}, self.key)


def test_what_the_agent_tells_does_no_harm_to_a_server_that_does_not_know_it(here: Clinic, tmp_path: Path) -> None:
    chart = here.chart()
    here.send(chart)
    token = here.hospital.authority.token("bs-thao")
    agent = Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf)
    with serving(Older(here.store, here.desk.settings, here.desk.key)) as address:
        agent.pair(here, address)
        assert agent("sign", "--all", "--pin-stdin", pin=token.pin).returncode == 0
    assert here.document(chart.id).state is State.SIGNED


def test_a_kind_of_signature_that_the_agent_does_not_know_is_refused(here: Clinic, tmp_path: Path) -> None:
    here.send(here.chart())
    agent = Agent(tmp_path / "desk", here.hospital.authority.softhsm_conf)
    with serving(here.desk) as address:
        agent.pair(here, address)
        desk: Desk = replace(load(agent.home / "luuky-agent"))
        with here.store.read() as tx:
            device = tx.signing.device(desk.device)
        assert device is not None
        payload = here.desk.jobs(device)["payload"]
    payload["items"][0]["mechanism"] = "ml-dsa"
    with pytest.raises(AgentError) as refused:
        read_job(sign_job(payload, here.desk.key), desk, time.time())
    assert refused.value.code == "update"
