"""What a person signs with a provider: from the tick to the signed file, and everything that goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from domain.documents import State
from domain.errors import Refused
from domain.signatures import Verdict
from domain.signers import Sealing
from signing import ordering, smartca
from signing.demo_keys import PIN
from signing.demo_services import DemoServices
from signing.finish import finish_received
from signing.order_desk import OrderDesk
from signing.settings import CscLogin
from signing.verify import verify_file
from storage import orders as kept
from storage.store import Store
from tests.signing.fixtures import NETWORK, Hospital
from tests.signing.ordered import Ordered, ordered


@pytest.fixture
def here(hospital: Hospital, store: Store, services: DemoServices, tmp_path: Path) -> Ordered:
    return ordered(hospital, store, services, tmp_path)


@pytest.mark.parametrize("provider", ["smartca", "mysign", "csc"])
def test_three_documents_are_signed_with_one_approval_on_the_phone(here: Ordered, services: DemoServices, provider: str) -> None:
    here.signs_with(provider)
    charts = here.charts(3)
    order = here.send(*charts)
    assert here.until(order, kept.DONE, kept.ENDED).state == kept.DONE
    assert here.states(charts) == [State.SIGNED] * 3
    (prompt,) = services.seen()["prompts"]
    assert (prompt["user"], prompt["count"], prompt["description"]) == ("bs-thao", 3, "Ký 3 tài liệu")
    for chart in charts:
        found = verify_file(here.clinic.file(chart.id), here.clinic.hospital.trust, online=NETWORK)
        assert found.verdict is Verdict.PASSED, found
        assert ("bacsi", "move") in here.acts(chart)


def test_the_person_types_pin_and_one_time_password(here: Ordered, services: DemoServices) -> None:
    services.rule(wanted={"bs-thao": "pin"})
    here.signs_with("csc")
    charts = here.charts(2)
    order = here.until(here.send(*charts), kept.ASKS)
    assert set(order.asks) == {"pin", "otp"}
    here.ordering.send_otp(here.clinic.doctor)
    here.ordering.give(here.clinic.doctor, PIN, services.seen()["otp"]["bs-thao"])
    here.until(order, kept.DONE)
    assert here.states(charts) == [State.SIGNED] * 2


def test_a_wrong_code_may_be_typed_again_and_a_locked_key_ends_the_turn(here: Ordered, services: DemoServices) -> None:
    services.rule(wanted={"bs-thao": "pin"})
    here.signs_with("csc")
    charts = here.charts(1)
    order = here.until(here.send(*charts), kept.ASKS)
    doctor = here.clinic.doctor
    for _ in range(3):
        here.ordering.send_otp(doctor)
        here.ordering.give(doctor, "000000", services.seen()["otp"]["bs-thao"])
        found = here.order(order.id)
        assert (found.state, found.problem and found.problem.code) == (kept.ASKS, "pin")
    here.ordering.give(doctor, PIN, "1")
    found = here.order(order.id)
    assert (found.state, found.problem and found.problem.code) == (kept.ENDED, "credential_locked")
    assert here.problems(charts) == {"credential_locked"}
    assert here.states(charts) == [State.AWAITING_SIGNATURE]


def test_a_code_that_nobody_typed_gives_the_documents_back(
    here: Ordered, services: DemoServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.rule(wanted={"bs-thao": "pin"})
    monkeypatch.setattr(ordering, "PATIENCE", timedelta(0))
    here.signs_with("csc")
    charts = here.charts(1)
    here.until(here.send(*charts), kept.ASKS)
    assert here.ordering.expire() == 1
    assert here.problems(charts) == {"not_typed"}


def test_what_was_typed_is_kept_nowhere(here: Ordered, services: DemoServices) -> None:
    services.rule(wanted={"bs-thao": "pin"})
    here.signs_with("csc")
    here.until(here.send(*here.charts(1)), kept.ASKS)
    here.ordering.send_otp(here.clinic.doctor)
    otp = services.seen()["otp"]["bs-thao"]
    here.ordering.give(here.clinic.doctor, PIN, otp)
    base = b"".join(path.read_bytes() for path in here.data.glob("*.db*") if path.is_file())
    assert base
    assert otp.encode() not in base
    assert PIN.encode() not in base


@pytest.mark.parametrize(("answer", "code"), [("decline", "declined"), ("expire", "approval_expired")])
@pytest.mark.parametrize("provider", ["smartca", "mysign", "csc"])
def test_who_says_no_or_nothing_on_the_phone_gets_the_documents_back_with_the_reason(
    here: Ordered, services: DemoServices, provider: str, answer: str, code: str
) -> None:
    services.rule(answer=answer)
    here.signs_with(provider)
    charts = here.charts(2)
    order = here.until(here.send(*charts), kept.DONE, kept.ENDED)
    assert (order.state, order.problem and order.problem.code) == (kept.ENDED, code)
    assert here.problems(charts) == {code}
    assert {here.of_the_doctor(one).state for one in charts} == {"waiting"}
    services.rule()
    here.until(here.send(*charts), kept.DONE)
    assert here.states(charts) == [State.SIGNED] * 2


def test_a_provider_that_is_away_is_asked_again_and_then_the_documents_come_back(
    here: Ordered, services: DemoServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.signs_with("smartca")
    charts = here.charts(1)
    order = here.send(*charts)
    services.rule(faults=[{"path": "get_certificate", "kind": "error", "times": 99}])
    for _ in range(5):  # no attempt counts
        here.hurry()
        here.belt()
        found = here.order(order.id)
        assert (found.state, found.problem and found.problem.code) == (kept.READY, "provider_unanswered")
    monkeypatch.setattr(ordering, "PATIENCE", timedelta(0))
    here.hurry()
    here.belt()
    assert here.order(order.id).state == kept.ENDED
    assert here.problems(charts) == {"provider_unanswered"}


def test_a_provider_that_goes_away_after_the_approval_is_waited_for(here: Ordered, services: DemoServices) -> None:
    services.rule(faults=[{"path": "/status", "kind": "error", "times": 3}])
    here.signs_with("smartca")
    charts = here.charts(1)
    here.until(here.send(*charts), kept.DONE)
    assert here.states(charts) == [State.SIGNED]
    assert len(services.seen()["prompts"]) == 1


def test_a_key_in_another_name_signs_nothing_of_this_person(here: Ordered, services: DemoServices) -> None:
    here.signs_with("smartca", "bs-dung")
    charts = here.charts(1)
    with pytest.raises(AssertionError, match="certificate_name"):
        here.send(*charts)
    assert here.problems(charts) == {"certificate_name"}
    assert services.seen()["prompts"] == []


def test_values_over_something_else_are_never_put_into_a_file(here: Ordered, services: DemoServices) -> None:
    services.rule(swapped=True)
    here.signs_with("smartca")
    charts = here.charts(1)
    order = here.until(here.send(*charts), kept.DONE, kept.ENDED)
    assert (order.state, order.problem and order.problem.code) == (kept.ENDED, "provider_values")
    assert here.kinds(charts[0]) == ["fields"]


def test_a_result_replayed_or_of_another_document_fills_no_hole(here: Ordered) -> None:
    """Whoever could write to the database would still not get a value of one document into another."""
    here.signs_with("smartca")
    first, second = here.charts(2)
    done = here.until(here.send(first), kept.SIGNED)
    order = here.until(here.send(second), kept.READY)
    value = next(iter((done.kept or {})["values"].values()))
    with here.store.write() as tx:
        replayed = {**(done.kept or {}), "order": order.id, "values": {here.of_the_doctor(second).id: value}}
        kept.Orders(tx.connection).put(order.id, kept.SIGNED, kept=replayed)
    here.until(order, kept.DONE)
    assert here.states([first, second]) == [State.SIGNED, State.AWAITING_SIGNATURE]
    assert here.problems([second]) == {"wrong_signature"}


def test_a_double_click_opens_no_second_order(here: Ordered, services: DemoServices) -> None:
    here.signs_with("smartca")
    charts = here.charts(2)
    here.send(*charts)
    with pytest.raises(Refused, match="not_waiting"):
        here.send(*charts)
    with here.store.read() as tx:
        assert len(kept.Orders(tx.connection).of(here.clinic.doctor.id)) == 1
    assert services.seen()["prompts"] == []


def test_more_than_one_approval_covers_are_asked_for_one_turn_after_the_other(
    here: Ordered, services: DemoServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smartca, "MOST", 2)
    here.signs_with("smartca")
    charts = here.charts(3)
    first = here.send(*charts)
    here.belt()
    with here.store.read() as tx:
        _, second = kept.Orders(tx.connection).of(here.clinic.doctor.id)
    assert second.state == kept.READY
    assert len(services.seen()["prompts"]) == 1
    here.until(first, kept.DONE)
    here.until(second, kept.DONE)
    assert here.states(charts) == [State.SIGNED] * 3
    assert [one["count"] for one in services.seen()["prompts"]] == [2, 1]


def test_a_stopped_order_drops_what_comes_later(here: Ordered, services: DemoServices) -> None:
    services.rule(delay=1.0)
    here.signs_with("smartca")
    charts = here.charts(1)
    order = here.until(here.send(*charts), kept.OPEN)
    here.ordering.stop(here.clinic.doctor, order.id)
    assert here.problems(charts) == {"stopped"}
    for _ in range(3):
        here.hurry()
        here.belt()
    assert here.order(order.id).state == kept.ENDED
    assert here.states(charts) == [State.AWAITING_SIGNATURE]


def test_whoever_is_locked_out_before_the_end_has_signed_nothing(here: Ordered) -> None:
    here.signs_with("smartca")
    charts = here.charts(1)
    order = here.until(here.send(*charts), kept.SIGNED)
    with here.store.write() as tx:
        tx.people.change(here.clinic.doctor.id, active=False)
    here.until(order, kept.DONE)
    assert here.problems(charts) == {"account_closed"}
    assert here.kinds(charts[0]) == ["fields"]


def test_the_service_of_time_may_be_away_nobody_approves_twice_for_that(here: Ordered, services: DemoServices) -> None:
    here.signs_with("smartca")
    charts = here.charts(2)
    late = here.with_settings(tsa_url="http://127.0.0.1:9/tsa")
    late.until(late.send(*charts), kept.DONE)
    assert {here.of_the_doctor(one).state for one in charts} == {"received"}
    assert finish_received(here.store, here.settings) == 2
    assert here.states(charts) == [State.SIGNED] * 2
    assert len(services.seen()["prompts"]) == 1


def test_who_approves_at_the_providers_page_comes_back_with_a_code(here: Ordered, services: DemoServices) -> None:
    services.rule(wanted={"bs-thao": "page"})
    here.signs_with("csc")
    charts = here.charts(2)
    order = here.until(here.send(*charts), kept.OPEN)
    visit = (order.kept or {})["visit"]
    back = dict(parse_qsl(urlsplit(httpx.get(visit).headers["Location"]).query))
    assert not here.ordering.arrive(here.clinic.doctor, "another state", back["code"])
    assert here.ordering.arrive(here.clinic.doctor, back["state"], back["code"])
    here.until(order, kept.DONE)
    assert here.states(charts) == [State.SIGNED] * 2
    assert not here.ordering.arrive(here.clinic.doctor, back["state"], back["code"])  # the page is loaded again


def test_who_says_no_at_the_providers_page_gets_the_documents_back(here: Ordered, services: DemoServices) -> None:
    services.rule(wanted={"bs-thao": "page"}, answer="decline")
    here.signs_with("csc")
    charts = here.charts(1)
    order = here.until(here.send(*charts), kept.OPEN)
    back = dict(parse_qsl(urlsplit(httpx.get((order.kept or {})["visit"]).headers["Location"]).query))
    assert here.ordering.arrive(here.clinic.doctor, back["state"], back.get("code", ""))
    assert here.problems(charts) == {"declined"}


def test_a_person_logs_in_at_the_provider_once_and_signs_in_their_own_name(
    here: Ordered, services: DemoServices, tmp_path: Path
) -> None:
    services.rule(visitor="bs-thao")
    own = here.with_settings(csc_login=CscLogin.CODE, csc_tokens=tmp_path / "tokens")
    desk = OrderDesk(own.ordering, own.providers, Sealing.NONE)
    own.signs_with("csc")
    charts = own.charts(1)
    with pytest.raises(AssertionError, match="provider_visit"):
        own.send(*charts)
    back = dict(parse_qsl(urlsplit(httpx.get(desk.visit(here.clinic.doctor)).headers["Location"]).query))
    with pytest.raises(Refused, match="unknown_visit"):
        desk.arrive(here.clinic.doctor, "another state", back["code"])
    desk.arrive(here.clinic.doctor, back["state"], back["code"])
    with pytest.raises(Refused, match="unknown_visit"):
        desk.arrive(here.clinic.doctor, back["state"], back["code"])
    own.until(own.send(*charts), kept.DONE)
    assert own.states(charts) == [State.SIGNED]
