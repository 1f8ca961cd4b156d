"""What an attacker on the line, at the disk, or with another doctor's agent could try; each ends with nothing signed."""

from __future__ import annotations

import base64
import copy
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from luuky_agent import settings
from luuky_agent.batch import Batch
from luuky_agent.errors import AgentError
from luuky_agent.job import Job, read_job
from luuky_agent.outbox import Outbox
from luuky_agent.pairing import pair
from luuky_agent.server import Server

from domain.documents import State
from domain.people import Role
from signing.pairing import sign_job
from storage.signing import Device
from storage.store import Store
from tests.agent.desk import Agent
from tests.agent.trial import Trial, trial
from tests.fakes.agent_server import serving
from tests.signing.fixtures import Hospital


@pytest.fixture
def desk(hospital: Hospital, store: Store, tmp_path: Path) -> Iterator[Trial]:
    with trial(hospital, store, tmp_path) as opened:
        yield opened


def place(desk: Trial) -> Path:
    return desk.agent.home / "luuky-agent"


def device(desk: Trial, where: Path | None = None) -> Device:
    with desk.here.store.read() as tx:
        found = tx.signing.device(settings.load(where or place(desk)).device)
    assert found is not None
    return found


def answered(desk: Trial) -> dict[str, Any]:
    """What the server says when the agent asks for a job of two documents."""
    desk.sends()
    return desk.here.desk.jobs(device(desk))


def read(desk: Trial, answer: dict[str, Any], now: float | None = None) -> Job | None:
    return read_job(answer, settings.load(place(desk)), time.time() if now is None else now)


def unsigned(desk: Trial) -> None:
    assert desk.signed == 0
    assert "C_Sign" not in desk.module.calls


# ---- the job


ALTERED: dict[str, Any] = {
    "another document": lambda payload: payload["items"][0].update(digest=base64.b64encode(bytes(32)).decode()),
    "other attributes": lambda payload: payload["items"][0].update(attributes=payload["items"][1]["attributes"]),
    "another title": lambda payload: payload["items"][0].update(title="Giấy chứng sinh"),
    "another patient": lambda payload: payload["items"][0].update(patient="Người Khác, 1950"),
    "one document less": lambda payload: payload["items"].pop(),
    "one document twice": lambda payload: payload["items"].append(payload["items"][0]),
    "a longer life": lambda payload: payload.update(expires=payload["expires"] + 3600),
    "a member more": lambda payload: payload["items"][0].update(mechanism="rsa-pss"),
    "another device": lambda payload: payload.update(device="another"),
    "another person": lambda payload: payload.update(person="BS. Người Khác"),
}


@pytest.mark.parametrize("change", ALTERED)
def test_a_job_altered_on_the_way_is_refused(desk: Trial, change: str) -> None:
    answer = answered(desk)
    assert read(desk, answer) is not None
    ALTERED[change](answer["payload"])
    with pytest.raises(AgentError) as refused:
        read(desk, answer)
    assert refused.value.code == "job"


def test_a_job_signed_by_another_key_is_refused(desk: Trial) -> None:
    stranger = sign_job(answered(desk)["payload"], Ed25519PrivateKey.generate())
    with pytest.raises(AgentError) as refused:
        read(desk, stranger)
    assert refused.value.code == "job"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"device": "another"}, "job"),
        ({"person": "BS. Người Khác"}, "other_person"),
        ({"version": 2}, "job"),
        ({"job": "../../etc"}, "job"),
        ({"expires": 1}, "expired"),
    ],
)
def test_a_job_for_another_device_or_doctor_or_time_is_refused_even_with_the_right_key(
    desk: Trial, change: dict[str, Any], code: str
) -> None:
    payload = answered(desk)["payload"] | change
    with pytest.raises(AgentError) as refused:
        read(desk, sign_job(payload, desk.here.desk.key))
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["../outside", "a/b", "", "x" * 65, "C:\\x", "ký"])
def test_an_item_whose_name_would_leave_the_folder_is_refused(desk: Trial, name: str) -> None:
    payload = answered(desk)["payload"]
    payload["items"][0]["id"] = name
    with pytest.raises(AgentError) as refused:
        read(desk, sign_job(payload, desk.here.desk.key))
    assert refused.value.code == "job"


def test_more_than_two_hundred_documents_are_refused(desk: Trial) -> None:
    payload = answered(desk)["payload"]
    payload["items"] = [{**payload["items"][0], "id": str(number)} for number in range(201)]
    with pytest.raises(AgentError) as refused:
        read(desk, sign_job(payload, desk.here.desk.key))
    assert refused.value.code == "job"
    payload["items"].pop()
    assert read(desk, sign_job(payload, desk.here.desk.key)) is not None


def test_documents_for_two_certificates_in_one_job_are_refused(desk: Trial, hospital: Hospital) -> None:
    payload = answered(desk)["payload"]
    payload["items"][1]["certificate"] = base64.b64encode(hospital.authority.token("bs-dung").certificate).decode()
    with pytest.raises(AgentError) as refused:
        read(desk, sign_job(payload, desk.here.desk.key))
    assert refused.value.code == "job"


def test_a_job_is_of_no_use_after_its_time(desk: Trial) -> None:
    answer = answered(desk)
    with pytest.raises(AgentError) as refused:
        read(desk, answer, now=answer["payload"]["expires"] + 1)
    assert refused.value.code == "expired"


def test_a_replayed_job_signs_nothing_again(desk: Trial) -> None:
    earlier = answered(desk)
    assert desk.signs().returncode == 0
    signed = desk.module.calls.count("C_Sign")
    desk.server.jobs = lambda *_: copy.deepcopy(earlier)  # type: ignore[method-assign]
    desk.server.document = lambda *_: desk.here.file(desk.charts[0].id).read_bytes()  # type: ignore[method-assign]
    again = desk.signs()
    assert again.returncode == 1
    assert "không ký lần nữa" in again.stderr
    assert desk.module.calls.count("C_Sign") == signed == 2
    assert desk.module.calls.count("C_Login") == 1


# ---- the document


def test_a_document_swapped_on_the_way_is_not_signed(desk: Trial) -> None:
    answered(desk)
    whole = desk.here.desk.document

    def swapped(asking: Device, job: str, item: str) -> bytes:
        items = [desk.here.signatures(chart.id)[0].id for chart in desk.charts]
        return whole(asking, job, next(name for name in items if name != item))

    desk.server.document = swapped  # type: ignore[method-assign, assignment]
    done = desk.signs()
    assert done.returncode == 1
    assert "không khớp" in done.stderr
    unsigned(desk)
    assert "C_Login" not in desk.module.calls


def test_a_document_swapped_on_the_disk_after_the_check_is_not_shown(desk: Trial, tmp_path: Path) -> None:
    answer = answered(desk)
    job = read(desk, answer)
    assert job is not None
    papers = tmp_path / "papers"
    papers.mkdir()
    with Server(settings.load(place(desk)), settings.device_key(place(desk))) as server:
        batch = Batch(server, job, Outbox(place(desk)), papers)
        first, second = batch.fetch(lambda *_: None)
        assert batch.paper(first).startswith(b"%PDF-")
        (papers / f"{first.id}.pdf").write_bytes((papers / f"{second.id}.pdf").read_bytes())
        with pytest.raises(AgentError) as refused:
            batch.paper(first)
    assert refused.value.code == "mismatch"


# ---- pairing


def test_a_pairing_code_that_was_stolen_and_used_again_pairs_nothing(desk: Trial, tmp_path: Path) -> None:
    code = desk.here.desk.offer_code(desk.here.doctor)
    wanted = replace(settings.load(place(desk)), device="", person="", server_key="")
    pair(tmp_path / "first", code, wanted, "bs-thao")
    with pytest.raises(AgentError) as refused:
        pair(tmp_path / "thief", code, wanted, "bs-thao")
    assert refused.value.code == "pairing_code"
    assert not (tmp_path / "thief" / "desk.json").exists()


def test_a_pairing_code_works_no_more_once_the_doctor_asked_for_another(desk: Trial, tmp_path: Path) -> None:
    first = desk.here.desk.offer_code(desk.here.doctor)
    desk.here.desk.offer_code(desk.here.doctor)
    wanted = replace(settings.load(place(desk)), device="", person="", server_key="")
    with pytest.raises(AgentError) as refused:
        pair(tmp_path / "thief", first, wanted, "bs-thao")
    assert refused.value.code == "pairing_code"


# ---- other agents


def test_the_agent_of_another_doctor_gets_no_job_no_document_and_hands_nothing_in(desk: Trial, tmp_path: Path) -> None:
    job = read(desk, answered(desk))
    assert job is not None
    with desk.here.store.write() as tx:
        other = tx.people.add("bacsi2", "TS.BS. Trần Đình Dũng", Role.DOCTOR, "password of the test")
    wanted = replace(settings.load(place(desk)), device="", person="", server_key="")
    theirs = tmp_path / "other"
    pair(theirs, desk.here.desk.offer_code(other), wanted, "bs-dung")
    with Server(settings.load(theirs), settings.device_key(theirs)) as server:
        assert server.job() is None
        with pytest.raises(AgentError) as refused:
            server.document(job.id, job.items[0].id)
        assert refused.value.code == "no_item"
        answer = server.results(job.id, {"signatures": {job.items[0].id: base64.b64encode(bytes(256)).decode()}})
        assert answer[job.items[0].id]["state"] == "refused"
    assert desk.signs().returncode == 0
    desk.whole()


def test_two_agents_of_one_doctor_at_once_sign_each_document_once(desk: Trial, hospital: Hospital, tmp_path: Path) -> None:
    wanted = replace(settings.load(place(desk)), device="", person="", server_key="")
    second = Agent(tmp_path / "second", hospital.authority.softhsm_conf)
    pair(second.home / "luuky-agent", desk.here.desk.offer_code(desk.here.doctor), wanted, "bs-thao")
    desk.sends(3)
    done: list[int] = []

    def work(agent: Agent) -> None:
        done.append(agent("sign", "--all", "--pin-stdin", pin=desk.pin).returncode)

    threads = [threading.Thread(target=work, args=(agent,)) for agent in (desk.agent, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [0, 0]
    desk.whole()
    assert desk.module.calls.count("C_Sign") == 3


# ---- requests and results


def test_a_request_that_was_overheard_and_sent_again_is_refused(desk: Trial) -> None:
    heard: list[httpx.Request] = []
    with Server(settings.load(place(desk)), settings.device_key(place(desk))) as server:
        server._client.event_hooks["request"] = [heard.append]
        assert server.job() is None
    again = httpx.request("GET", str(heard[0].url), headers=heard[0].headers)
    assert again.status_code == 422
    assert again.json()["code"] == "device"


def test_a_result_handed_in_again_changes_nothing(desk: Trial) -> None:
    desk.sends(1)
    values: list[tuple[str, dict[str, Any]]] = []
    whole = desk.server.complete

    def listening(asking: Device, job: str, body: dict[str, Any]) -> dict[str, Any]:
        values.append((job, body))
        return whole(asking, job, body)

    desk.server.complete = listening  # type: ignore[method-assign, assignment]
    assert desk.signs().returncode == 0
    before = desk.here.document(desk.charts[0].id)
    job, body = values[0]
    assert whole(device(desk), job, body)["items"].popitem()[1]["state"] == "signed"
    after = desk.here.document(desk.charts[0].id)
    assert (after.current, after.state) == (before.current, State.SIGNED)


def test_a_server_that_the_agent_was_not_paired_with_gets_no_signature(desk: Trial, store: Store) -> None:
    desk.sends(1)
    stranger = type(desk.here.desk)(store, desk.here.desk.settings, Ed25519PrivateKey.generate())
    with serving(stranger) as url:
        desk_file = settings.load(place(desk))
        settings.save(place(desk), replace(desk_file, server=url), settings.device_key(place(desk)))
        done = desk.signs()
    assert done.returncode == 1
    assert "không đúng chữ ký" in done.stderr
    unsigned(desk)
