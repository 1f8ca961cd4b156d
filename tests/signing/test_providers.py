"""Whoever makes signature values on approval must keep these promises, over real HTTP at the demo's services."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import LuukyError, PartAway, Refused
from domain.signatures import Verdict
from signing.batch import complete_all, order_for
from signing.demo_keys import SECRET
from signing.demo_services import DemoServices
from signing.keys import Asks, Health, Order, Stage, Told, Transaction
from signing.values import fits
from signing.verify import verify_file
from tests.judges import dss
from tests.signing.fixtures import NETWORK, Hospital
from tests.signing.providers import ALL, PATIENCE, USER, At, batch, finished, order
from tests.signing.providers import at as provider_at

ASK = """
import json, sys
from signing.keys import Order, Scheme, Told
from tests.signing.providers import at
kept = json.loads(sys.argv[3])
kept |= {"certificate": bytes.fromhex(kept["certificate"]), "scheme": Scheme(kept["scheme"])}
kept |= {"digests": {item: bytes.fromhex(digest) for item, digest in kept["digests"].items()}}
at(sys.argv[1], sys.argv[2]).provider.begin(Order(**kept), Told())
"""
PHONE = Told(description="Ký 2 tài liệu")
HASTE = 2.0
"""Seconds in which a service must answer that is slow."""
SPENT = {"csc v1", "mysign"}
"""Who hands values over with one call that cannot be repeated."""


@pytest.fixture(params=ALL)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def at(kind: str, services: DemoServices) -> At:
    return provider_at(kind, services.url)


def prompts(services: DemoServices) -> list[tuple[str, int]]:
    return [(prompt["user"], prompt["count"]) for prompt in services.seen()["prompts"]]


def fault(path: str, kind: str, **more: float) -> dict[str, object]:
    return {"path": path, "kind": kind, **more}


def patient(at: At, transaction: Transaction) -> tuple[Transaction, int]:
    """Ask until it is over, as a scheduler does that tries again what is away; how often it was."""
    away, until = 0, time.monotonic() + PATIENCE
    while transaction.stage is Stage.PENDING and time.monotonic() < until:
        try:
            transaction = finished(at.provider, transaction)
        except PartAway:
            away += 1
    return transaction, away


def test_one_approval_signs_ten_documents_that_another_process_could_complete(
    at: At, services: DemoServices, hospital: Hospital, tmp_path: Path
) -> None:
    waiting = batch(hospital, tmp_path, 10)
    begun = at.provider.begin(order_for("lan-10", USER, waiting), Told("Ký 10 tài liệu"))
    signed = finished(at.provider, begun)
    assert signed.stage is Stage.SIGNED
    assert prompts(services) == [(USER, 10)]
    assert {outcome.problem for outcome in complete_all(waiting, signed, hospital.timestamps).values()} == {None}
    assert {verify_file(one.path, hospital.trust, online=NETWORK).verdict for one in waiting} == {Verdict.PASSED}
    judged = dss(waiting[9].path, hospital.authority.trust, online=True)["signatures"]
    assert [one["indication"] for one in judged] == ["TOTAL_PASSED"]


def test_an_elliptic_key_signs_too(at: At, hospital: Hospital) -> None:
    signed = finished(at.provider, at.provider.begin(order(hospital, "bs-dung"), PHONE))
    assert (signed.stage, sorted(signed.values)) == (Stage.SIGNED, ["ky-0", "ky-1"])


def test_the_keys_a_person_may_sign_with_are_told_with_what_they_ask_for(at: At, hospital: Hospital) -> None:
    (key,) = at.provider.certificates(USER)
    assert key.certificate == hospital.authority.token(USER).certificate
    assert key.asks == {Asks.PHONE}
    assert key.most >= 20


def test_it_waits_for_the_phone_until_somebody_approves(at: At, services: DemoServices, hospital: Hospital) -> None:
    services.rule(delay=0.6)
    begun = at.provider.begin(order(hospital), PHONE)
    assert begun.stage is (Stage.SIGNED if at.answers_when_approved else Stage.PENDING)
    assert at.provider.poll(begun, Told()).stage is begun.stage
    assert finished(at.provider, begun).stage is Stage.SIGNED
    assert services.seen()["prompts"][0]["description"] == PHONE.description


def test_declined_on_the_phone_is_a_refusal_with_a_reason(at: At, services: DemoServices, hospital: Hospital) -> None:
    services.rule(answer="decline")
    over = finished(at.provider, at.provider.begin(order(hospital), PHONE))
    assert (over.stage, over.why and over.why.code, over.values) == (Stage.REFUSED, "declined", {})
    assert at.provider.poll(over, Told()) == over


def test_what_nobody_approves_expires(at: At, services: DemoServices, hospital: Hospital) -> None:
    services.rule(answer="expire")
    over = finished(at.provider, at.provider.begin(order(hospital), PHONE))
    assert (over.stage, over.why and over.why.code, over.values) == (Stage.EXPIRED, "approval_expired", {})


@pytest.mark.parametrize("kind", ["csc v2", "csc v2 that signs later", "smartca"])
def test_what_still_waits_after_its_time_has_expired_for_us(kind: str, services: DemoServices, hospital: Hospital) -> None:
    services.rule(delay=60)
    at = provider_at(kind, services.url)
    begun = at.provider.begin(order(hospital), PHONE)
    assert begun.expires is not None
    over = at.provider.poll(replace(begun, expires=datetime.now(UTC) - timedelta(seconds=1)), Told())
    assert (over.stage, over.why and over.why.code) == (Stage.EXPIRED, "approval_expired")


def test_an_overloaded_service_has_asked_nobody_and_may_be_tried_again(
    at: At, services: DemoServices, hospital: Hospital
) -> None:
    services.rule(faults=[fault(at.asks, "busy")])
    wanted = order(hospital)
    with pytest.raises(PartAway, match="provider_busy"):
        at.provider.begin(wanted, PHONE)
    assert prompts(services) == []
    assert finished(at.provider, at.provider.begin(wanted, PHONE)).stage is Stage.SIGNED


@pytest.mark.parametrize("what", ["lost", "middle", "slow", "garbage"])
def test_a_question_whose_answer_was_lost_never_makes_a_second_prompt_silently(
    kind: str, services: DemoServices, hospital: Hospital, what: str
) -> None:
    at = provider_at(kind, services.url, HASTE, HASTE)
    services.rule(faults=[fault(at.asks, what, seconds=2 * HASTE)])
    wanted = order(hospital)
    again = replace(wanted, again=True)
    if not at.keeps_ids:
        for one in (wanted, again):
            with pytest.raises(Refused, match="provider_unsure"):
                at.provider.begin(one, PHONE)
        assert len(prompts(services)) <= 1
        return
    try:
        begun = at.provider.begin(wanted, PHONE)
    except PartAway:
        begun = at.provider.begin(again, PHONE)
    assert finished(at.provider, begun).stage is Stage.SIGNED
    assert finished(at.provider, at.provider.begin(again, PHONE)).stage is Stage.SIGNED
    assert prompts(services) == [(USER, 2)]


def test_our_server_killed_while_it_asks_never_makes_a_second_prompt_silently(
    at: At, kind: str, services: DemoServices, hospital: Hospital
) -> None:
    services.rule(delay=0 if at.keeps_ids else 3, faults=[fault(at.asks, "late", seconds=5)])
    wanted = order(hospital)
    asking = subprocess.Popen([sys.executable, "-c", ASK, kind, services.url, json.dumps(asdict(wanted), default=bytes.hex)])
    until = time.monotonic() + PATIENCE
    while not prompts(services) and time.monotonic() < until:
        time.sleep(0.05)
    asking.kill()
    asking.wait()
    again = replace(wanted, again=True)
    if at.keeps_ids:
        assert finished(at.provider, at.provider.begin(again, PHONE)).stage is Stage.SIGNED
    else:
        with pytest.raises(Refused, match="provider_unsure"):
            at.provider.begin(again, PHONE)
    assert prompts(services) == [(USER, 2)]


def test_a_server_error_before_the_values_were_made_costs_nobody_an_approval(
    at: At, services: DemoServices, hospital: Hospital
) -> None:
    services.rule(faults=[fault(at.fetches, "error", times=2)])
    signed, _ = patient(at, at.provider.begin(order(hospital), PHONE))
    assert signed.stage is Stage.SIGNED
    assert prompts(services) == [(USER, 2)]


@pytest.mark.parametrize("what", ["lost", "middle"])
def test_values_lost_on_their_way_are_fetched_again_or_the_person_is_told(
    at: At, kind: str, services: DemoServices, hospital: Hospital, what: str
) -> None:
    services.rule(faults=[fault(at.fetches, what, times=2)])
    over, _ = patient(at, at.provider.begin(order(hospital), PHONE))
    if kind in SPENT:
        assert (over.stage, over.why and over.why.code, over.values) == (Stage.EXPIRED, "approval_spent", {})
    else:
        assert over.stage is Stage.SIGNED
    assert prompts(services) == [(USER, 2)]


def test_a_slow_service_is_away_and_later_there(kind: str, services: DemoServices, hospital: Hospital) -> None:
    at = provider_at(kind, services.url, HASTE)
    services.rule(faults=[fault(at.fetches, "slow", seconds=2 * HASTE)])
    over, away = patient(at, at.provider.begin(order(hospital), PHONE))
    assert over.stage is Stage.SIGNED
    assert away == (0 if at.answers_when_approved else 1)


def test_values_over_something_else_are_not_handed_out(at: At, services: DemoServices, hospital: Hospital) -> None:
    services.rule(swapped=True)
    with pytest.raises(Refused, match="provider_values"):
        finished(at.provider, at.provider.begin(order(hospital), PHONE))


def test_whatever_a_service_answers_ends_in_an_error_of_ours_or_in_values_that_fit(
    at: At, services: DemoServices, hospital: Hospital
) -> None:
    wanted = order(hospital)
    ends = set()
    for seed in range(30):
        services.rule(delay=0, faults=[fault("", "odd", times=10_000, seconds=seed)])
        try:
            one = at.provider.begin(replace(wanted, id=f"{wanted.id}-{seed}"), PHONE)
            for _ in range(5):
                one = at.provider.poll(one, Told())
        except LuukyError as error:
            ends.add(error.message.code)
            continue
        ends.add(one.stage.value)
        assert all(fits(wanted.certificate, wanted.scheme, wanted.digests[item], value) for item, value in one.values.items())
        assert len(one.values) == (2 if one.stage is Stage.SIGNED else 0)
        assert isinstance(at.provider.check(USER), Health)
    assert len(ends) > 3


def test_more_than_an_approval_covers_is_not_asked_for(at: At, services: DemoServices, hospital: Hospital) -> None:
    (key,) = at.provider.certificates(USER)
    for count in (0, key.most + 1):
        with pytest.raises(Refused, match="too_many"):
            at.provider.begin(order(hospital, count=count), PHONE)
    assert prompts(services) == []


def test_halves_prepared_with_another_certificate_are_not_asked_for(at: At, services: DemoServices, hospital: Hospital) -> None:
    wanted, other = order(hospital), order(hospital, "bs-dung")
    with pytest.raises(Refused, match="other_certificate"):
        at.provider.begin(Order(wanted.id, USER, other.certificate, other.digests, other.scheme), PHONE)
    assert prompts(services) == []


def test_a_person_the_service_does_not_know_has_no_key(at: At) -> None:
    with pytest.raises(Refused, match=r"no_credential|provider_login"):
        at.provider.certificates("nguoi-la")


def test_the_check_tells_reachable_known_and_the_certificates_end_and_asks_nobody(at: At, services: DemoServices) -> None:
    found = at.provider.check(USER)
    assert (found.reachable, found.authenticated, found.problem) == (True, True, None)
    assert found.valid_until is not None
    assert prompts(services) == []


def test_the_check_finds_a_service_that_is_away(kind: str) -> None:
    found = provider_at(kind, "http://127.0.0.1:9").provider.check(USER)
    assert (found.reachable, found.authenticated, found.problem and found.problem.code) == (False, False, "provider_away")


def test_no_secret_and_nothing_of_a_document_stands_in_a_log_or_an_error(
    at: At, services: DemoServices, hospital: Hospital, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    services.rule(faults=[fault(at.asks, "lost")])
    wanted = order(hospital)
    said = ""
    try:
        finished(at.provider, at.provider.begin(wanted, PHONE))
    except (Refused, PartAway) as error:
        said = f"{error} {error.message} {error.__cause__}"
    for word in (SECRET, "Bearer", wanted.digests["ky-1"].hex()):
        assert word not in caplog.text + said
