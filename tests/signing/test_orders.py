"""What a person signs with a provider: from the tick to the signed file, and everything that goes wrong on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.documents import State
from domain.signatures import Verdict
from signing.demo_keys import PIN
from signing.demo_services import DemoServices
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
