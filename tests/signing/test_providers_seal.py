"""The hospital's seal: a token of the server that signs batches by itself, loses its token, and never burns its PIN."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import PartAway, PartMissing, Refused
from domain.signatures import Verdict
from signing.batch import Waiting, order_for, seal_all
from signing.demo_authority import module
from signing.keys import Order, Scheme, Stage, Told, Transaction
from signing.pkcs11 import Pkcs11Key, look_again
from signing.rfc3161 import Rfc3161
from signing.seal import Seal
from signing.secret_files import secret
from signing.values import fits
from signing.verify import verify_file
from tests.signing.fixtures import NETWORK, Hospital

DIGEST = hashlib.sha256(b"attributes").digest()


@pytest.fixture
def pin(hospital: Hospital, tmp_path: Path) -> Path:
    return written(tmp_path / "pin", hospital.authority.token("bs-thao").pin)


@pytest.fixture
def seal(hospital: Hospital, pin: Path) -> Iterator[Seal]:
    opened = Seal(module(), "bs-thao", pin)
    yield opened
    opened.close()


def written(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(f"{text}\n")
    return path


def order(seal: Seal, scheme: Scheme = Scheme.PKCS1) -> Order:
    return Order("lan-1", "", seal.certificates("")[0].certificate, {"a": DIGEST}, scheme)


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


def test_a_wrong_pin_is_tried_once_until_the_file_says_another(hospital: Hospital, tmp_path: Path) -> None:
    pin = written(tmp_path / "pin", "999999999")
    seal = Seal(module(), "bs-thao", pin)
    with pytest.raises(Refused, match=r"is wrong\.$"):
        seal.certificates("")
    for _ in range(5):
        with pytest.raises(Refused, match="is not tried again"):
            seal.certificates("")
    written(pin, hospital.authority.token("bs-thao").pin)
    assert seal.certificates("")[0].certificate == hospital.authority.token("bs-thao").certificate
    seal.close()


def test_the_pin_is_taken_only_from_a_file_of_which_nobody_else_can_read(tmp_path: Path) -> None:
    path = written(tmp_path / "pin", "123456")
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


def test_no_seal_configured_is_a_missing_part() -> None:
    with pytest.raises(PartMissing, match="LUUKY_SIGNING_SEAL_MODULE"):
        Seal(None, "", None)


def test_the_check_finds_the_certificate_without_signing_or_says_what_is_wrong(seal: Seal, tmp_path: Path) -> None:
    found = seal.check()
    assert (found.reachable, found.authenticated, found.problem) == (True, True, None)
    assert found.valid_until is not None
    lost = Seal(module(), "khong-co", written(tmp_path / "other", "1")).check()
    assert (lost.reachable, lost.authenticated, lost.problem and lost.problem.code) == (False, False, "token_away")


def test_what_is_kept_of_a_transaction_is_json_and_holds_no_pin(hospital: Hospital, seal: Seal) -> None:
    done = seal.begin(order(seal), Told(pin="4711-secret", otp="0815-secret"))
    kept = json.dumps(done.as_json())
    assert Transaction.from_json(json.loads(kept)) == done
    assert hospital.authority.token("bs-thao").pin not in kept
    assert "secret" not in kept + repr(Told(pin="4711-secret", otp="0815-secret", code="secret"))
    assert os.environ["SOFTHSM2_CONF"] == str(hospital.authority.softhsm_conf)
