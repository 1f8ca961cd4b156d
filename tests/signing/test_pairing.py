from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from luuky_agent.errors import AgentError
from luuky_agent.job import read_job
from luuky_agent.settings import Desk

from domain.errors import Refused
from signing.pairing import LETTERS, canonical, check_request, encoded, new_code, public_key, read_request, sign_job, to_sign

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
TEXT = encoded(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
LINE = ("POST", "/api/v1/agent/results/1?x=2", b"{}")
SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/signing-job.schema.json").read_text(encoding="utf-8"))
SERVER = Ed25519PrivateKey.generate()
DESK = Desk("", "d", "BS. Thảo", encoded(SERVER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)))


def headers(line: tuple[str, str, bytes] = LINE, moment: datetime = NOW, nonce: str = "n" * 20) -> dict[str, str]:
    method, path, body = line
    time = int(moment.timestamp())
    value = KEY.sign(to_sign(method, path, time, nonce, body), ec.ECDSA(hashes.SHA256()))
    return {
        "x-luuky-device": "d", "x-luuky-time": str(time), "x-luuky-nonce": nonce, "x-luuky-signature": encoded(value),
    }  # fmt: skip


def test_a_request_that_the_device_signed_is_believed() -> None:
    check_request(read_request(headers()), TEXT, LINE, NOW)


@pytest.mark.parametrize(
    "line",
    [
        ("GET", LINE[1], LINE[2]),
        ("POST", "/api/v1/agent/results/2?x=2", LINE[2]),
        ("POST", "/api/v1/agent/results/1", LINE[2]),
        ("POST", LINE[1], b'{"a":1}'),
    ],
)
def test_another_method_path_query_or_body_is_not(line: tuple[str, str, bytes]) -> None:
    with pytest.raises(Refused, match="device"):
        check_request(read_request(headers()), TEXT, line, NOW)


@pytest.mark.parametrize("late", [-61, 61])
def test_nor_is_one_from_outside_the_window(late: int) -> None:
    with pytest.raises(Refused, match="device"):
        check_request(read_request(headers()), TEXT, LINE, NOW + timedelta(seconds=late))


@pytest.mark.parametrize("name", list(headers()))
@pytest.mark.parametrize("value", [None, "", "ö", "9" * 40])
def test_a_missing_or_malformed_header_is_refused_and_never_an_error(name: str, value: str | None) -> None:
    given = {key: text for key, text in {**headers(), name: value}.items() if text is not None}
    if name == "x-luuky-device" and value is not None:
        return
    with pytest.raises(Refused, match="device"):
        check_request(read_request(given), TEXT, LINE, NOW)


@pytest.mark.parametrize("text", ["", "####", base64.b64encode(b"no key").decode()])
def test_only_keys_on_p_256_are_paired(text: str) -> None:
    with pytest.raises(Refused, match="device_key"):
        public_key(text)
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    with pytest.raises(Refused, match="device_key"):
        public_key(encoded(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)))


def test_codes_are_eight_letters_that_are_not_misread() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert all(re.fullmatch(f"[{LETTERS}]{{8}}", code) for code in codes)
    assert not set(LETTERS) & set("01OILU")


def job(**changes: Any) -> dict[str, Any]:
    item = {
        "id": "i", "title": "Giấy ra viện", "patient": "Nguyễn Thị Hường, 1962", "pages": 1, "role": "Người lập hồ sơ",
        "field": "TacGia", "digest": encoded(b"d" * 32), "start": 1, "end": 2, "attributes": encoded(b"a"),
        "certificate": encoded(b"c"),
    }  # fmt: skip
    value = {"version": 1, "device": "d", "person": "BS. Thảo", "job": "j", "expires": 2_000_000_000, "items": [item]}
    return {**value, **changes}


def test_server_and_agent_understand_the_same_job_and_the_schema_describes_it() -> None:
    answer = sign_job(job(), SERVER)
    jsonschema.validate(answer, SCHEMA)
    read = read_job(json.loads(json.dumps(answer)), DESK, NOW.timestamp())
    assert read is not None
    assert (read.items[0].title, read.items[0].patient) == ("Giấy ra viện", "Nguyễn Thị Hường, 1962")
    nothing = sign_job(job(job=None, expires=None, items=[]), SERVER)
    jsonschema.validate(nothing, SCHEMA)
    assert read_job(nothing, DESK, NOW.timestamp()) is None


@pytest.mark.parametrize(
    "changes",
    [{"device": "other"}, {"version": 2}, {"expires": 1}, {"items": [{}]}, {"items": None}, {"items": job()["items"] * 201}],
)
def test_the_agent_takes_no_job_that_is_for_others_too_old_too_large_or_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(AgentError):
        read_job(sign_job(job(**changes), SERVER), DESK, NOW.timestamp())


def test_the_agent_takes_no_job_that_was_changed_on_the_way() -> None:
    answer = sign_job(job(), SERVER)
    answer["payload"]["items"][0]["title"] = "Giấy chuyển tuyến"
    with pytest.raises(AgentError, match="không đúng chữ ký"):
        read_job(answer, DESK, NOW.timestamp())


def test_canonical_json_is_the_same_whatever_the_order() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}'.encode()
