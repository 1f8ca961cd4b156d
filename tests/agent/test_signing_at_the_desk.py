"""The agent as a process, a real server, real tokens: what a doctor does at the desk, and what must not work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from luuky_agent.token import Token

from domain.documents import State
from domain.errors import PartAway
from domain.signatures import Verdict
from signing.desk import SigningDesk
from signing.finish import finish_received
from signing.settings import SigningSettings
from signing.verify import Expected, verify_file
from storage.signing import Device
from storage.store import Store
from tests.agent.desk import Agent, Clinic, carried, clinic
from tests.agent.drivers import driver
from tests.agent.token_maker import make
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital


@pytest.fixture
def here(hospital: Hospital, store: Store) -> Clinic:
    return clinic(hospital, store)


@pytest.fixture
def address(here: Clinic) -> Iterator[str]:
    with serving(here.desk) as url:
        yield url


@pytest.fixture
def agent(hospital: Hospital, tmp_path: Path, here: Clinic, address: str) -> Agent:
    paired = Agent(tmp_path / "desk", hospital.authority.softhsm_conf)
    paired.pair(here, address)
    return paired


@pytest.fixture
def pin(hospital: Hospital) -> str:
    return hospital.authority.token("bs-thao").pin


def test_one_pin_signs_the_batch_and_the_belt_proves_it(here: Clinic, agent: Agent, pin: str) -> None:
    charts = [here.chart(), here.chart()]
    here.send(*charts)
    done = agent("sign", "--all", "--pin-stdin", pin=pin)
    assert done.returncode == 0, done.stderr
    assert "Giấy ra viện" in done.stderr
    assert [here.document(one.id).state for one in charts] == [State.SIGNED, State.SIGNED]
    carried(here, charts[0].id, here.proving)
    proven = here.document(charts[0].id)
    register = Expected(proven.current or "", ("TacGia",))
    assert proven.state is State.PROVEN
    assert verify_file(here.file(proven.id), here.hospital.trust, register).verdict is Verdict.PASSED


def test_a_wrong_pin_signs_nothing_is_tried_once_and_the_batch_can_be_signed_after_it(
    here: Clinic, agent: Agent, pin: str
) -> None:
    chart = here.chart()
    here.send(chart)
    wrong = agent("sign", "--all", "--pin-stdin", pin="000000" if pin != "000000" else "111111")
    assert wrong.returncode == 1
    assert "PIN" in wrong.stderr
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    assert agent("sign", "--all", "--pin-stdin", pin=pin).returncode == 0
    assert here.document(chart.id).state is State.SIGNED


def test_the_pin_stands_nowhere_on_disk_or_in_what_is_said(here: Clinic, agent: Agent, pin: str) -> None:
    here.send(here.chart())
    done = agent("sign", "--all", "--pin-stdin", pin=pin)
    assert pin not in done.stderr + done.stdout
    assert all(pin.encode() not in path.read_bytes() for path in agent.home.rglob("*") if path.is_file())


def test_a_document_that_is_not_what_would_be_signed_is_left_out_and_the_others_are_signed(
    here: Clinic, agent: Agent, pin: str
) -> None:
    good, bad = here.chart(), here.chart()
    here.send(good, bad)
    signature = here.signatures(bad.id)[0]
    other = here.store.objects.put_file(here.hospital.bound())
    with here.store.write() as tx:
        tx.signing.set(signature.id, prepared={**(signature.prepared or {}), "file": other})
    done = agent("sign", "--all", "--pin-stdin", pin=pin)
    assert done.returncode == 1
    assert here.document(good.id).state is State.SIGNED
    assert here.document(bad.id).state is State.AWAITING_SIGNATURE
    assert here.signatures(bad.id)[0].state == "waiting"


def test_a_server_with_another_key_than_the_one_pinned_at_pairing_gets_no_signature(
    here: Clinic, agent: Agent, pin: str, store: Store
) -> None:
    here.send(here.chart())
    stranger = Ed25519PrivateKey.generate()
    with serving(SigningDesk(store, here.desk.settings, stranger)) as url:
        _point(agent, url)
        done = agent("sign", "--all", "--pin-stdin", pin=pin)
    assert done.returncode == 1
    assert "không đúng chữ ký" in done.stderr


def test_a_signature_whose_time_stamp_cannot_be_had_is_finished_later_without_a_pin(
    here: Clinic, agent: Agent, pin: str, store: Store
) -> None:
    chart = here.chart()
    here.send(chart)
    deaf = SigningSettings("http://127.0.0.1:9/tsa", here.desk.settings.trust, network_seconds=2)
    with serving(SigningDesk(store, deaf, here.desk.key)) as url:
        _point(agent, url)
        done = agent("sign", "--all", "--pin-stdin", pin=pin)
    assert done.returncode == 0, done.stderr
    assert "waits for its time stamp" in done.stderr
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    assert finish_received(store, here.desk.settings) == 1
    assert here.document(chart.id).state is State.SIGNED


def test_a_value_that_the_server_did_not_take_is_kept_and_sent_the_next_time_without_a_pin(
    here: Clinic, agent: Agent, pin: str, store: Store
) -> None:
    chart = here.chart()
    here.send(chart)
    with serving(_Fallen(store, here.desk.settings, here.desk.key)) as url:
        _point(agent, url)
        assert agent("sign", "--all", "--pin-stdin", pin=pin).returncode == 5
    assert here.document(chart.id).state is State.AWAITING_SIGNATURE
    with serving(here.desk) as url:
        _point(agent, url)
        again = agent("sign", "--all", "--pin-stdin")
    assert again.returncode == 0, again.stderr
    assert here.document(chart.id).state is State.SIGNED


def test_with_no_server_no_pairing_or_no_token_the_status_is_five(here: Clinic, agent: Agent, pin: str, tmp_path: Path) -> None:
    assert Agent(tmp_path / "elsewhere", agent.softhsm_conf)("status").returncode == 5
    here.send(here.chart())
    empty = tmp_path / "softhsm2.conf"
    (tmp_path / "tokens").mkdir()
    empty.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
    assert Agent(agent.home, empty)("sign", "--all", "--pin-stdin", pin=pin).returncode == 5
    _point(agent, "http://127.0.0.1:9")
    assert agent("sign", "--all", "--pin-stdin", pin=pin).returncode == 5


def test_a_code_works_once(here: Clinic, agent: Agent, address: str) -> None:
    code = here.desk.offer_code(here.doctor)
    assert agent("pair", code, "--server", address, "--token", "bs-thao").returncode == 0
    again = agent("pair", code, "--server", address, "--token", "bs-thao")
    assert again.returncode == 1
    assert "5 phút" in again.stderr


def test_a_certificate_in_another_name_is_not_paired(here: Clinic, agent: Agent, address: str) -> None:
    code = here.desk.offer_code(here.doctor)
    done = agent("pair", code, "--server", address, "--token", "bs-dung")
    assert done.returncode == 1
    assert "không mang tên" in done.stderr


def test_only_https_is_spoken_to_other_computers(here: Clinic, agent: Agent) -> None:
    done = agent("pair", "ABCDEFGH", "--server", "http://192.168.1.5", "--token", "bs-thao")
    assert done.returncode == 1
    assert "https://" in done.stderr


def test_status_names_the_server_the_signer_and_the_certificate(agent: Agent, address: str, tmp_path: Path) -> None:
    done = agent("status")
    assert done.returncode == 0
    assert address in done.stderr
    assert "BS. Nguyễn Thị Phương Thảo" in done.stderr
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.conf").write_text(f"directories.tokendir = {tmp_path / 'empty'}\n")
    pulled = Agent(agent.home, tmp_path / "empty.conf")("status")
    assert (pulled.returncode, "No token is seen" in pulled.stderr) == (5, True)


def test_nothing_waiting_is_no_error(here: Clinic, agent: Agent) -> None:
    done = agent("sign", "--all", "--pin-stdin")
    assert done.returncode == 0
    assert "Nothing waits" in done.stderr


def test_a_key_that_asks_at_every_signature_still_needs_one_pin_a_batch(tmp_path: Path) -> None:
    made = make(tmp_path, "hoi", asks=True)
    asking = driver(tmp_path / "asking.so", made.conf)
    with Token(str(asking.path)) as token:
        token.login(token.certificates()[0], made.pin)
        assert [len(token.sign(b"attributes")) for _ in range(3)] == [256, 256, 256]
    assert asking.calls.count("C_Login") == 4


class _Fallen(SigningDesk):
    """A server whose database goes away when results come in."""

    def complete(self, device: Device, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        raise PartAway("database_away", "Cơ sở dữ liệu không trả lời.", "The database does not answer.")


def _point(agent: Agent, url: str) -> None:
    path = agent.home / "luuky-agent" / "desk.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "server": url}))
