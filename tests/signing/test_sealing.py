"""The hospital's seal where the rules name it: by itself in its turn, in batches, and waiting for whatever is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.documents import State
from domain.errors import Refused
from domain.signatures import Verdict
from domain.signers import Capacity, Office
from signing import sealing
from signing.demo_authority import module
from signing.finish import finish_received
from signing.pkcs11 import look_again
from signing.verify import verify_file
from storage.orders import Orders
from storage.store import Store
from tests import judges
from tests.agent.desk import carried
from tests.agent.drivers import driver
from tests.fakes.secret_file import secret_file
from tests.signing.fixtures import NETWORK, Hospital
from tests.signing.ordered import SEAL, Ordered, ordered
from tests.signing.personal import with_a_persons_token


@pytest.fixture
def here(hospital: Hospital, store: Store, tmp_path: Path) -> Ordered:
    return ordered(hospital, store, None, tmp_path)


def problem(here: Ordered) -> str:
    with here.store.read() as tx:
        (order,) = Orders(tx.connection).sealing()
    return order.problem.code if order.problem else ""


def test_what_waits_is_sealed_in_batches_with_one_login_and_each_verdict_is_passed(here: Ordered, hospital: Hospital) -> None:
    charts = [here.chart(sealed=True, signed=False) for _ in range(6)]
    watched = driver(here.folder / "watched.so", hospital.authority.softhsm_conf, "")
    assert here.with_settings(seal_module=watched.path).in_a_process(automatic=True) == 0
    assert here.states(charts) == [State.SIGNED] * 6
    assert watched.calls.count("C_Login") == 1
    assert watched.calls.count("C_Sign") == 6 + 1  # one over nothing: whether the token makes PSS at all
    for chart in charts:
        assert verify_file(here.clinic.file(chart.id), hospital.trust, online=NETWORK).verdict is Verdict.PASSED
        assert ("con-dau", "move") in here.acts(chart)


def test_the_seal_stands_back_until_its_turn_has_come(here: Ordered) -> None:
    chart = here.chart(sealed=True)
    assert sealing.take_waiting(here.store) == 0
    author = here.of_the_doctor(chart)
    assert {one.field: one.state for one in here.clinic.signatures(chart.id)} == {"TacGia": "waiting", "ConDau": "later"}
    with here.store.write() as tx:
        tx.signing.set(author.id, state="signed", signed_by=here.clinic.doctor.id)
        tx.signing.take_turns(chart.id)
    here.seal()
    assert here.states([chart]) == [State.SIGNED]


def test_the_audit_log_calls_the_seal_the_same_whatever_it_does(here: Ordered) -> None:
    chart = here.chart(sealed=True, signed=False)
    here.seal()
    with here.store.read() as tx:
        entries = [*tx.audit.newest(acts=("order_signatures",)), *tx.audit.of(chart.id)]
    did = {one.act for one in entries if one.actor == "con-dau"}
    assert did == {"order_signatures", "prepare_signature", "move"}


def test_a_sealed_document_is_proven_and_the_judge_of_the_eu_agrees(here: Ordered, hospital: Hospital) -> None:
    chart = here.chart(sealed=True, signed=False)
    here.seal()
    carried(here.clinic, chart.id, here.clinic.proving)
    (found,) = judges.dss(here.clinic.file(chart.id), hospital.authority.trust)["signatures"]
    assert (found["level"], found["indication"], found["errors"]) == ("PAdES-BASELINE-LTA", "TOTAL_PASSED", [])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"seal_token": "khong-co"}, "token_away"),
        ({"seal_module": Path("/khong/co.so")}, "token_away"),
        ({"seal_pin": None}, "secret_file"),
        ({"seal_module": None}, "provider"),
    ],
    ids=["other token", "no module", "no PIN", "not configured"],
)
def test_what_is_missing_is_waited_for_and_said_and_nothing_is_lost(here: Ordered, wrong: dict[str, object], code: str) -> None:
    charts = [here.chart(sealed=True, signed=False) for _ in range(2)]
    broken = here.with_settings(**wrong)
    broken.seal()
    assert problem(here) == code
    assert here.states(charts) == [State.AWAITING_SIGNATURE] * 2
    for _ in range(6):  # no attempt counts
        broken.hurry()
        broken.belt()
    assert problem(here) == code
    assert [here.clinic.document(one.id).problem for one in charts] == [None, None]
    here.hurry()
    here.belt()
    assert here.states(charts) == [State.SIGNED] * 2


def test_a_wrong_pin_is_tried_once_whoever_asks_and_the_right_one_goes_on(here: Ordered, hospital: Hospital) -> None:
    chart = here.chart(sealed=True, signed=False)
    secret_file(here.folder / "pin", "000000")
    watched = driver(here.folder / "watched.so", hospital.authority.softhsm_conf, "")
    for _ in range(3):
        here.hurry()
        assert here.with_settings(seal_module=watched.path).in_a_process(automatic=True) == 0
    assert problem(here) == "pin"
    assert watched.calls.count("C_Login") == 1
    secret_file(here.folder / "pin", hospital.authority.token(SEAL).pin)
    here.hurry()
    here.belt()
    assert here.states([chart]) == [State.SIGNED]


def test_a_token_pulled_out_and_put_back_goes_on_by_itself(here: Ordered, hospital: Hospital) -> None:
    chart = here.chart(sealed=True, signed=False)
    tokens = hospital.authority.folder / "tokens"
    tokens.rename(tokens.with_name("pulled"))
    try:
        here.seal()
        assert problem(here) == "token_away"
    finally:
        tokens.with_name("pulled").rename(tokens)
        look_again(module())
    here.hurry()
    here.belt()
    assert here.states([chart]) == [State.SIGNED]


def test_while_no_time_stamp_can_be_had_the_value_is_kept_and_finished_later(here: Ordered) -> None:
    chart = here.chart(sealed=True, signed=False)
    here.with_settings(tsa_url="http://127.0.0.1:9/tsa").seal()
    (signature,) = here.clinic.signatures(chart.id)
    assert (signature.state, signature.signed_by) == ("received", None)
    assert finish_received(here.store, here.settings) == 1
    assert here.states([chart]) == [State.SIGNED]
    assert ("con-dau", "move") in here.acts(chart)


def test_one_document_that_cannot_be_sealed_is_a_problem_for_a_person_and_the_others_go_on(here: Ordered) -> None:
    good, bad = here.chart(sealed=True, signed=False), here.chart(sealed=True, signed=False)
    with here.store.write() as tx:
        tx.documents.change(tx.documents.get(bad.id), "test", "arrange", current=here.store.objects.put(b"no PDF at all"))
    here.seal()
    assert here.states([good, bad]) == [State.SIGNED, State.AWAITING_SIGNATURE]
    trouble = here.clinic.document(bad.id).problem
    assert trouble is not None
    assert sealing.take_waiting(here.store) == 0
    with here.store.write() as tx:
        tx.documents.change(tx.documents.get(bad.id), "test", "arrange", current=bad.current)
        tx.documents.try_again(tx.documents.get(bad.id), "luutru")
    here.seal()
    assert here.states([bad]) == [State.SIGNED]


def test_a_document_that_was_refused_meanwhile_is_left_alone(here: Ordered) -> None:
    chart = here.chart(sealed=True, signed=False)
    assert sealing.take_waiting(here.store) == 1
    with here.store.write() as tx:
        for one in tx.signing.of(chart.id):
            tx.signing.set(one.id, state="later", job_id=None)
    here.belt()
    assert here.states([chart]) == [State.AWAITING_SIGNATURE]
    with here.store.read() as tx:
        assert Orders(tx.connection).sealing() == []


def test_the_button_seals_only_for_who_keeps_the_seal(here: Ordered) -> None:
    chart, doctor = here.chart(sealed=True, signed=False), here.clinic.doctor
    with pytest.raises(Refused, match="not_keeper"):
        sealing.press(here.store, doctor)
    with here.store.write() as tx:
        tx.signers.give(Office(doctor.id, Capacity.SEAL))
    assert sealing.press(here.store, doctor) == 1
    assert sealing.press(here.store, doctor) == 0  # a double click
    here.belt()
    assert here.states([chart]) == [State.SIGNED]
    assert ("bacsi", "press_seal") in here.acts(chart)


def test_a_persons_certificate_is_no_seal(here: Ordered, hospital: Hospital) -> None:
    chart = here.chart(sealed=True, signed=False)
    with with_a_persons_token(here, hospital.authority) as elsewhere:
        elsewhere.seal()
    assert problem(here) == "certificate_personal"
    assert here.states([chart]) == [State.AWAITING_SIGNATURE]


def test_a_revoked_seal_seals_nothing(here: Ordered, hospital: Hospital) -> None:
    chart = here.chart(sealed=True, signed=False)
    pin = secret_file(here.folder / "other-pin", hospital.authority.token("thu-hoi").pin)
    here.with_settings(seal_token="thu-hoi", seal_pin=pin).seal()
    look_again(module())  # another test logs in to that token
    assert problem(here) == "certificate_revoked"
    assert here.states([chart]) == [State.AWAITING_SIGNATURE]
