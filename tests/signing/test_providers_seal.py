"""The hospital's seal: a token of the server that signs batches by itself, loses its token, and never burns its PIN."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from domain.errors import PartAway, PartMissing, Refused
from domain.signatures import Verdict
from signing.batch import Outcome, Waiting, complete_all, order_for
from signing.demo_authority import module
from signing.keys import Order, Scheme, Stage, Told, Transaction
from signing.pin_ledger import PinLedger
from signing.pkcs11 import Pkcs11Key, look_again
from signing.rfc3161 import Rfc3161
from signing.seal import Seal
from signing.secret_files import secret
from signing.timestamps import Timestamps
from signing.values import checked, fits
from signing.verify import verify_file
from tests.agent.drivers import driver
from tests.fakes.secret_file import secret_file
from tests.signing.fixtures import NETWORK, Hospital

BATCH = """
import json, sys
from pathlib import Path
from domain.errors import LuukyError
from signing.keys import Order, Scheme, Told
from signing.pin_ledger import PinLedger
from signing.seal import Seal
seal = Seal(Path(sys.argv[1]), "bs-thao", Path(sys.argv[2]), PinLedger(Path(sys.argv[2] + ".refused")))
try:
    key = seal.certificates("")[0]
    done = seal.begin(Order("lan-1", "", key.certificate, {str(n): bytes([n]) * 32 for n in range(5)}, Scheme.PKCS1), Told())
    print(json.dumps({"signed": len(done.values), "schemes": list(key.schemes)}))
except LuukyError as error:
    print(json.dumps({"error": error.message.code}))
"""
DIGEST = hashlib.sha256(b"attributes").digest()


@pytest.fixture
def pin(hospital: Hospital, tmp_path: Path) -> Path:
    return secret_file(tmp_path / "pin", hospital.authority.token("bs-thao").pin)


@pytest.fixture
def seal(hospital: Hospital, pin: Path) -> Iterator[Seal]:
    opened = Seal(module(), "bs-thao", pin, ledger(pin))
    yield opened
    opened.close()


def ledger(pin: Path) -> PinLedger:
    return PinLedger(pin.with_suffix(".refused"))


def order(seal: Seal, scheme: Scheme = Scheme.PKCS1) -> Order:
    return Order("lan-1", "", seal.certificates("")[0].certificate, {"a": DIGEST}, scheme)


def seal_all(seal: Seal, name: str, waiting: list[Waiting], timestamps: Timestamps) -> Mapping[str, Outcome]:
    return complete_all(waiting, seal.begin(order_for(name, "", waiting), Told()), timestamps)


def batch(hospital: Hospital, folder: Path, count: int) -> list[Waiting]:
    first = folder / "0.pdf"
    half = hospital.prepared(hospital.fields(), first, "bs-thao", "ConDau")
    copies = [shutil.copyfile(first, folder / f"{number}.pdf") for number in range(1, count)]
    return [Waiting(str(number), path, half) for number, path in enumerate([first, *copies])]


def test_ten_waiting_documents_are_sealed_in_one_batch_and_each_verdict_is_passed(
    hospital: Hospital, seal: Seal, tmp_path: Path
) -> None:
    waiting = batch(hospital, tmp_path, 10)
    outcomes = seal_all(seal, "lan-1", waiting, hospital.timestamps)
    assert [outcome.problem for outcome in outcomes.values()] == [None] * 10
    assert {verify_file(one.path, hospital.trust, online=NETWORK).verdict for one in waiting} == {Verdict.PASSED}


def test_while_no_time_stamp_can_be_had_the_values_are_kept_and_the_service_is_asked_once(
    hospital: Hospital, seal: Seal, tmp_path: Path
) -> None:
    waiting = batch(hospital, tmp_path, 3)
    outcomes = seal_all(seal, "lan-1", waiting, Rfc3161("http://127.0.0.1:9/tsa", 1))
    assert {type(outcome.problem) for outcome in outcomes.values()} == {PartAway}
    assert len({id(outcome.problem) for outcome in outcomes.values()}) == 1
    digest = hashlib.sha256(waiting[0].prepared.attributes).digest()
    assert all(fits(waiting[0].prepared.certificate, Scheme.PKCS1, digest, one.value) for one in outcomes.values())


def test_a_document_that_was_touched_stays_behind_and_the_others_are_sealed(
    hospital: Hospital, seal: Seal, tmp_path: Path
) -> None:
    waiting = batch(hospital, tmp_path, 3)
    waiting[1].path.write_bytes(waiting[1].path.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    problems = [outcome.problem for outcome in seal_all(seal, "lan-1", waiting, hospital.timestamps).values()]
    assert [problem.message.code if problem else None for problem in problems] == [None, "altered", None]


def test_halves_of_two_certificates_are_no_batch(hospital: Hospital, tmp_path: Path) -> None:
    waiting = batch(hospital, tmp_path, 1)
    other = hospital.prepared(hospital.fields(), tmp_path / "other.pdf", "bs-dung", "ConDau")
    with pytest.raises(Refused, match="too_many"):
        order_for("lan-1", "", [*waiting, Waiting("x", tmp_path / "other.pdf", other)])
    with pytest.raises(Refused, match="too_many"):
        order_for("lan-1", "", [])


@pytest.mark.parametrize("label", ["bs-thao", "bs-dung"])
def test_every_scheme_that_key_and_token_offer_gives_values_that_fit(hospital: Hospital, label: str) -> None:
    with Pkcs11Key(module(), label, hospital.authority.token(label).pin) as key:
        assert key.schemes == ((Scheme.ECDSA,) if label == "bs-dung" else (Scheme.PSS, Scheme.PKCS1))
        for scheme in key.schemes:
            value = key.sign_digest(DIGEST, scheme)
            assert [one for one in Scheme if fits(key.certificate, one, DIGEST, value)] == [scheme]
            assert not fits(key.certificate, scheme, hashlib.sha256(b"others").digest(), value)


def test_a_token_that_was_pulled_out_is_away_and_found_again_when_it_is_back(hospital: Hospital, seal: Seal) -> None:
    wanted = order(seal)
    tokens = hospital.authority.folder / "tokens"
    tokens.rename(tokens.with_name("pulled"))
    try:
        for _ in range(2):
            with pytest.raises(PartAway, match="token_away"):
                seal.begin(wanted, Told())
    finally:
        tokens.with_name("pulled").rename(tokens)
        look_again(module())
    assert seal.begin(wanted, Told()).stage is Stage.SIGNED


def test_a_session_that_the_token_ended_is_opened_again_within_the_batch(seal: Seal) -> None:
    wanted = order(seal)
    look_again(module())
    assert seal.begin(wanted, Told()).stage is Stage.SIGNED


def in_a_process(hospital: Hospital, pin: Path, folder: Path, rules: str) -> tuple[dict[str, Any], list[str]]:
    """What a seal signs whose driver fails by `rules`, in a process of its own, and what the driver was called for."""
    failing = driver(folder / "seal.so", hospital.authority.softhsm_conf, rules)
    done = subprocess.run(
        [sys.executable, "-c", BATCH, failing.path, pin], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer, failing.calls


def test_a_token_pulled_out_in_the_middle_of_a_batch_and_put_back_finishes_it(
    hospital: Hospital, pin: Path, tmp_path: Path
) -> None:
    answer, calls = in_a_process(hospital, pin, tmp_path, "C_Sign:3:0x32")
    assert answer["signed"] == 5
    assert calls.count("C_Login") == 2


def test_one_login_serves_a_whole_batch(hospital: Hospital, pin: Path, tmp_path: Path) -> None:
    answer, calls = in_a_process(hospital, pin, tmp_path, "")
    assert answer["signed"] == 5
    assert (calls.count("C_Login"), calls.count("C_Sign")) == (1, 6), "five, and one that told whether PSS can be made"


def test_a_token_that_does_not_come_back_is_away_and_nothing_is_half_sealed(
    hospital: Hospital, pin: Path, tmp_path: Path
) -> None:
    assert in_a_process(hospital, pin, tmp_path, "C_Sign:*:0x32")[0] == {"error": "token_away"}


def test_the_last_try_of_a_pin_is_left_to_a_person(hospital: Hospital, pin: Path, tmp_path: Path) -> None:
    for number, flag in enumerate(("0x20000", "0x40000")):  # CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED
        answer, calls = in_a_process(hospital, pin, tmp_path / str(number), f"C_GetTokenInfo:*:flags{flag}")
        assert answer == {"error": "pin_last_try"}
        assert "C_Login" not in calls


def test_a_token_that_lists_pss_and_refuses_it_signs_with_v1_5(hospital: Hospital, pin: Path, tmp_path: Path) -> None:
    answer, _ = in_a_process(hospital, pin, tmp_path, "C_SignInit:1:0x70")  # CKR_MECHANISM_INVALID
    assert answer == {"signed": 5, "schemes": ["rsa-pkcs1"]}


def test_without_the_mechanism_pss_is_not_offered(hospital: Hospital, pin: Path, tmp_path: Path) -> None:
    answer, _ = in_a_process(hospital, pin, tmp_path, "C_GetMechanismList:*:hide0xD")  # CKM_RSA_PKCS_PSS
    assert answer["schemes"] == ["rsa-pkcs1"]


def test_a_value_that_comes_as_two_bare_numbers_is_taken(hospital: Hospital) -> None:
    with Pkcs11Key(module(), "bs-dung", hospital.authority.token("bs-dung").pin) as key:
        r, s = decode_dss_signature(key.sign_digest(DIGEST, Scheme.ECDSA))
        bare = base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()
        good = checked(key.certificate, Scheme.ECDSA, {"a": DIGEST}, {"a": bare})
        assert fits(key.certificate, Scheme.ECDSA, DIGEST, good["a"])
        for wrong in ({}, {"a": ""}, {"a": "no base64!"}, {"a": bare[:40]}):
            with pytest.raises(Refused, match="provider_values"):
                checked(key.certificate, Scheme.ECDSA, {"a": DIGEST}, wrong)


def test_a_wrong_pin_is_tried_once_until_the_file_says_another(hospital: Hospital, tmp_path: Path) -> None:
    pin = secret_file(tmp_path / "pin", "999999999")
    seal = Seal(module(), "bs-thao", pin, ledger(pin))
    with pytest.raises(Refused, match=r"is wrong\.$"):
        seal.certificates("")
    for _ in range(5):
        with pytest.raises(Refused, match="is not tried again"):
            seal.certificates("")
    kept = pin.with_suffix(".refused")
    assert "999999999" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    secret_file(pin, hospital.authority.token("bs-thao").pin)
    assert seal.certificates("")[0].certificate == hospital.authority.token("bs-thao").certificate
    seal.close()


def test_a_wrong_pin_that_one_process_tried_is_tried_by_no_other(hospital: Hospital, tmp_path: Path) -> None:
    pin = secret_file(tmp_path / "pin", "999999999")
    first, _ = in_a_process(hospital, pin, tmp_path / "1", "")
    second, calls = in_a_process(hospital, pin, tmp_path / "2", "")
    assert first == second == {"error": "pin"}
    assert "C_Login" not in calls
    secret_file(pin, hospital.authority.token("bs-thao").pin)
    assert in_a_process(hospital, pin, tmp_path / "3", "")[0]["signed"] == 5


def test_the_pin_is_taken_only_from_a_file_of_which_nobody_else_can_read(tmp_path: Path) -> None:
    path = secret_file(tmp_path / "pin", "123456")
    assert secret(path, "X") == "123456"
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        with pytest.raises(Refused, match="secret_file"):
            secret(path, "X")
    path.chmod(0o600)
    path.write_text("\n")
    with pytest.raises(Refused, match="secret_file"):
        secret(path, "X")
    for missing in (tmp_path / "nowhere", tmp_path, None):
        with pytest.raises(PartMissing, match="secret_file"):
            secret(missing, "X")


def test_a_half_prepared_for_another_certificate_is_not_sealed(hospital: Hospital, seal: Seal) -> None:
    other = hospital.authority.token("bs-dung").certificate
    with pytest.raises(Refused, match="other_certificate"):
        seal.begin(Order("lan-1", "", other, {"a": DIGEST}, Scheme.ECDSA), Told())


def test_no_seal_configured_is_a_missing_part(tmp_path: Path) -> None:
    with pytest.raises(PartMissing, match="LUUKY_SIGNING_SEAL_MODULE"):
        Seal(None, "", None, PinLedger(tmp_path / "refused"))


def test_the_check_finds_the_certificate_without_signing_or_says_what_is_wrong(seal: Seal, tmp_path: Path) -> None:
    found = seal.check()
    assert (found.reachable, found.authenticated, found.problem) == (True, True, None)
    assert found.valid_until is not None
    other = secret_file(tmp_path / "other", "1")
    lost = Seal(module(), "khong-co", other, ledger(other)).check()
    assert (lost.reachable, lost.authenticated, lost.problem and lost.problem.code) == (False, False, "token_away")


def test_what_is_kept_of_a_transaction_is_json_and_holds_no_pin(hospital: Hospital, seal: Seal) -> None:
    done = seal.begin(order(seal), Told(pin="4711-secret", otp="0815-secret"))
    kept = json.dumps(done.as_json())
    assert Transaction.from_json(json.loads(kept)) == done
    assert hospital.authority.token("bs-thao").pin not in kept
    assert "secret" not in kept + repr(Told(pin="4711-secret", otp="0815-secret", code="secret"))
    assert os.environ["SOFTHSM2_CONF"] == str(hospital.authority.softhsm_conf)
