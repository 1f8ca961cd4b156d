from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import tsp

from domain.errors import PartMissing, Refused
from signing.demo_authority import DemoAuthority, answers, create, load, module
from signing.demo_config import DemoSigner
from tests.signing.fixtures import Hospital

ONE, TWO = DemoSigner("mot", "BS. Lê Một"), DemoSigner("hai", "BS. Lê Hai", "ec")


def seen(authority: DemoAuthority) -> dict[str, int]:
    """Labels of the tokens that a fresh process sees, with the number of certificates in each."""
    command = [sys.executable, "-m", "luuky_agent.token_process", str(module())]
    environment = {**os.environ, "SOFTHSM2_CONF": str(authority.softhsm_conf)}
    done = subprocess.run(command, input='{"do":"tokens"}\n', env=environment, capture_output=True, text=True, check=True)
    return {one["label"]: len(one["certificates"]) for one in json.loads(done.stdout.splitlines()[1])["tokens"]}


def test_it_refuses_a_production_store_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="production"):
        create(tmp_path / "ca", [ONE], production=True)
    assert not (tmp_path / "ca").exists()


def test_a_second_call_changes_nothing_and_adds_only_who_is_new(tmp_path: Path) -> None:
    first = create(tmp_path, [ONE], production=False)
    assert create(tmp_path, [ONE], production=False) == first == load(tmp_path)
    both = create(tmp_path, [ONE, TWO], production=False)
    assert both.tokens[0] == first.tokens[0]
    assert (both.port, both.trust) == (first.port, first.trust)
    assert seen(both) == {"mot": 1, "hai": 1}
    assert (tmp_path / "authority.json").stat().st_mode & 0o077 == 0


def test_a_creation_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    create(tmp_path, [ONE], production=False)
    (tmp_path / "authority.json").unlink()
    assert seen(create(tmp_path, [ONE], production=False)) == {"mot": 1}


def test_there_is_nothing_to_load_where_nothing_was_created(tmp_path: Path) -> None:
    with pytest.raises(PartMissing):
        load(tmp_path)


def test_services_of_another_folder_are_not_taken_for_ours(hospital: Hospital, tmp_path: Path) -> None:
    assert answers(hospital.authority)
    assert not answers(replace(hospital.authority, folder=tmp_path))


def test_the_clock_file_moves_the_time_of_the_services(hospital: Hospital) -> None:
    request = tsp.TimeStampReq(
        {"version": 1, "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}}
    )
    hospital.authority.clock.write_text("2027-05-06T07:08:09+00:00")
    try:
        answer = tsp.TimeStampResp.load(asyncio.run(hospital.timestamps.ask(request.dump())))
    finally:
        hospital.authority.clock.unlink()
    stamped = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    assert stamped.isoformat() == "2027-05-06T07:08:09+00:00"
